import { Schema, type Connection } from 'mongoose'

/** One tap of one guide. Counted when read, so that no counter can drift. */
export type ItemRequestTap = {
  /** `corpId/userId/key` */
  _id: string
  corpId: string
  userId: string
  storeId: string
  /** What was asked for, written the same way by everybody; the SKU wins over the words. */
  subject: string
  words: string
  sku: string
  externalUserId: string | null
  at: Date
}

const tapSchema = new Schema<ItemRequestTap>(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    userId: { type: String, required: true },
    storeId: { type: String, default: '' },
    subject: { type: String, required: true },
    words: { type: String, required: true },
    sku: { type: String, default: '' },
    externalUserId: { type: String, default: null },
    at: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'itemRequests' },
)
// count: how often one thing was asked for.
tapSchema.index({ corpId: 1, subject: 1, at: -1 })
// list: everything asked for since a day.
tapSchema.index({ corpId: 1, at: -1 })
export const tapModel = (db: Connection) => db.model('ItemRequestTap', tapSchema)
