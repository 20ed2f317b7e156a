import { timelineKinds, type TimelineEvent, type TimelineKind } from '@guidebar/contracts'
import { Schema, type Connection } from 'mongoose'

/** One event that no other collection tells. Written once, never changed. */
export type StoredEvent = {
  /** `corpId/key`: the same event told twice is one. */
  _id: string
  corpId: string
  /** The guide of the relation; null when it concerns everybody who serves the customer. */
  userId: string | null
  externalUserId: string
  kind: TimelineKind
  at: Date
  byUserId: string | null
  title: string
  facts: TimelineEvent['facts']
}

const timelineSchema = new Schema<StoredEvent>(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    userId: { type: String, default: null },
    externalUserId: { type: String, required: true },
    kind: { type: String, enum: timelineKinds, required: true },
    at: { type: Date, required: true },
    byUserId: { type: String, default: null },
    title: { type: String, default: '' },
    facts: { type: Schema.Types.Mixed, default: {} },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'timelineEvents', minimize: false },
)
// list: what happened with one customer, newest first.
timelineSchema.index({ corpId: 1, externalUserId: 1, at: -1, _id: -1 })

export const timelineModel = (db: Connection) => db.model('TimelineEvent', timelineSchema)
