import { Schema, type Connection } from 'mongoose'

/** What a guide last said of one tag of one customer. */
export type TagVerdict = {
  /** `corpId/userId/externalUserId/tagId` */
  _id: string
  corpId: string
  userId: string
  externalUserId: string
  tagId: string
  verdict: 'confirmed' | 'declined'
  at: Date
}

const tagVerdictSchema = new Schema<TagVerdict>(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    userId: { type: String, required: true },
    externalUserId: { type: String, required: true },
    tagId: { type: String, required: true },
    verdict: { type: String, enum: ['confirmed', 'declined'], required: true },
    at: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'tagVerdicts' },
)
// listOf: of one guide about one customer.
tagVerdictSchema.index({ corpId: 1, userId: 1, externalUserId: 1 })

export const tagVerdictModel = (db: Connection) => db.model('TagVerdict', tagVerdictSchema)
