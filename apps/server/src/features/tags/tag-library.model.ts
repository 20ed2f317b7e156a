import { Schema, type Connection, type InferSchemaType } from 'mongoose'

const tagSchema = new Schema(
  {
    tagId: { type: String, required: true },
    name: { type: String, default: '' },
    /** How the name is typed (`SearchKeys`), computed on save. */
    keys: { type: String, default: '' },
  },
  { _id: false, strict: 'throw' },
)

const tagGroupSchema = new Schema(
  {
    groupId: { type: String, required: true },
    name: { type: String, default: '' },
    tags: { type: [tagSchema], required: true },
  },
  { _id: false, strict: 'throw' },
)

/**
 * All corp tags of one corp in one document (10,000 tags are about 1 MB): a reader never sees half of a new library,
 * and one small read tells whether a kept copy is still good.
 */
const tagLibrarySchema = new Schema(
  {
    /** `corpId` */
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    /** Changes when any group or tag does. */
    version: { type: String, required: true },
    /** In WeCom's order. */
    groups: { type: [tagGroupSchema], required: true },
    /** When the read of WeCom that this comes from began. */
    readBeganAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)

export type Tag = InferSchemaType<typeof tagSchema>
export type TagGroup = Omit<InferSchemaType<typeof tagGroupSchema>, 'tags'> & { tags: Tag[] }
export type TagLibraryRecord = Omit<InferSchemaType<typeof tagLibrarySchema>, 'groups'> & { groups: TagGroup[] }
export const tagLibraryModel = (db: Connection) => db.model('TagLibrary', tagLibrarySchema)
