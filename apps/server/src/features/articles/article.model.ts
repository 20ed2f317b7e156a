import { Schema, type Connection, type Types } from 'mongoose'

import { audienceFields, shelfFields, type Audience, type ShelfState } from '../../platform/shelf/shelf.fields.ts'

export type Article = {
  _id: Types.ObjectId
  corpId: string
  /** Where the desk keeps it. */
  folder: string
  title: string
  description: string
  url: string
  coverUrl: string
  keys: string
  createdAt: Date
  updatedAt: Date
  archivedAt: Date | null
} & ShelfState &
  Pick<Audience, 'scope' | 'storeId'>

const articleSchema = new Schema<Article>(
  {
    corpId: { type: String, required: true },
    folder: { type: String, default: '' },
    title: { type: String, required: true },
    description: { type: String, default: '' },
    url: { type: String, required: true },
    coverUrl: { type: String, required: true },
    keys: { type: String, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    archivedAt: { type: Date, default: null },
    ...audienceFields,
    ...shelfFields,
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'articles' },
)
// save: an article is known by its title, in each store anew.
articleSchema.index({ corpId: 1, title: 1, storeId: 1 }, { unique: true })
// list: the catalogue, newest first.
articleSchema.index({ corpId: 1, archivedAt: 1, createdAt: -1 })
// the desk's list: what was changed last comes first.
articleSchema.index({ corpId: 1, updatedAt: -1, _id: -1 })

export const articleModel = (db: Connection) => db.model('Article', articleSchema)
