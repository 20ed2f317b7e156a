import type { FollowUpState } from '@guidebar/contracts'
import { Schema, type Connection, type Types } from 'mongoose'

export type FollowUp = {
  _id: Types.ObjectId
  corpId: string
  userId: string
  externalUserId: string
  key: string
  text: string
  dueAt: Date
  state: FollowUpState
  /** Grows with every postponing: each due moment has its own reminder. */
  round: number
  /** Of this round; null as long as nobody was reminded. */
  remindedAt: Date | null
  createdAt: Date
  doneAt: Date | null
}

const followUpSchema = new Schema<FollowUp>(
  {
    corpId: { type: String, required: true },
    userId: { type: String, required: true },
    externalUserId: { type: String, required: true },
    key: { type: String, required: true },
    text: { type: String, default: '' },
    dueAt: { type: Date, required: true },
    state: { type: String, enum: ['open', 'done'], required: true },
    round: { type: Number, required: true },
    remindedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
    doneAt: { type: Date, default: null },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'followUps' },
)
// insertOnce: one follow-up for each intent of a guide's page.
followUpSchema.index({ corpId: 1, userId: 1, key: 1 }, { unique: true })
// listOpen: what a guide has to do, the next due first.
followUpSchema.index({ corpId: 1, userId: 1, state: 1, dueAt: 1, _id: 1 })
// nextOf: with one customer.
followUpSchema.index({ corpId: 1, userId: 1, externalUserId: 1, state: 1, dueAt: 1 })
// listToRemind: due and nobody reminded, over all corps.
followUpSchema.index({ dueAt: 1 }, { partialFilterExpression: { state: 'open', remindedAt: null } })

export const followUpModel = (db: Connection) => db.model('FollowUp', followUpSchema)
