import { Schema, type Connection, type InferSchemaType } from 'mongoose'

export const relationEventKinds = [
  'added',
  'transferred',
  'restored',
  'ended',
  'customer_left',
  'customer_returned',
  'tagged',
  'untagged',
  'remark_changed',
  'description_changed',
  'source_changed',
] as const
export type RelationEventKind = (typeof relationEventKinds)[number]

/** What showed us the change: WeCom's lists, an event of WeCom's, or somebody in one of our panels. */
export const eventCauses = ['sync', 'callback', 'panel'] as const
export type EventCause = (typeof eventCauses)[number]

/** One change of one relation. Written once, never changed. */
const relationEventSchema = new Schema(
  {
    /** `relationId/revision/kind/mark`, the first of all `relationId/added`: the same change seen twice is one event. */
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    userId: { type: String, required: true },
    externalUserId: { type: String, required: true },
    kind: { type: String, enum: relationEventKinds, required: true },
    /** When it happened, or when we saw it if WeCom tells no time. */
    at: { type: Date, required: true },
    cause: { type: String, enum: eventCauses, required: true },
    /** Who did it in one of our panels. */
    byUserId: { type: String, default: null },
    /** Of `tagged` and `untagged`. */
    tagIds: { type: [String], default: undefined },
    /** Of texts and states. */
    from: { type: String },
    to: { type: String },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'relationEvents' },
)
// historyOf: what happened with one customer, newest first.
relationEventSchema.index({ corpId: 1, externalUserId: 1, at: -1, _id: -1 })
// byDay: what was won and lost in the last weeks, without a look at the documents.
relationEventSchema.index({ corpId: 1, at: 1, kind: 1, userId: 1 })

export type RelationEvent = InferSchemaType<typeof relationEventSchema>
export const relationEventModel = (db: Connection) => db.model('RelationEvent', relationEventSchema)
