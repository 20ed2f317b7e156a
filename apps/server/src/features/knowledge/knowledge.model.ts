import { Schema, type Connection, type Types } from 'mongoose'

import { audienceFields, shelfFields, type Audience, type ShelfState } from '../../platform/shelf/shelf.fields.ts'

export type KnowledgeArticle = {
  _id: Types.ObjectId
  corpId: string
  folder: string
  title: string
  sku: string
  keys: string
  paragraphs: { id: string; heading: string; text: string; keys: string }[]
  createdAt: Date
  updatedAt: Date
  archivedAt: Date | null
} & ShelfState &
  Pick<Audience, 'scope' | 'storeId'>

const paragraphSchema = new Schema<KnowledgeArticle['paragraphs'][number]>(
  {
    id: { type: String, required: true },
    heading: { type: String, required: true },
    text: { type: String, required: true },
    keys: { type: String, required: true },
  },
  { _id: false, id: false },
)
const knowledgeSchema = new Schema<KnowledgeArticle>(
  {
    corpId: { type: String, required: true },
    folder: { type: String, default: '' },
    title: { type: String, required: true },
    sku: { type: String, default: '' },
    keys: { type: String, required: true },
    paragraphs: { type: [paragraphSchema], required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    archivedAt: { type: Date, default: null },
    ...audienceFields,
    ...shelfFields,
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'knowledgeArticles' },
)
// save: an article is known by its title, in each store anew.
knowledgeSchema.index({ corpId: 1, title: 1, storeId: 1 }, { unique: true })
// list: what guides may send, by folder.
knowledgeSchema.index({ corpId: 1, archivedAt: 1, folder: 1, title: 1 })
// the desk's list: what was changed last comes first.
knowledgeSchema.index({ corpId: 1, updatedAt: -1, _id: -1 })

export const knowledgeModel = (db: Connection) => db.model('KnowledgeArticle', knowledgeSchema)
