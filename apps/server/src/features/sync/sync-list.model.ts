import { Schema, type Connection, type Types } from 'mongoose'

/** Some guides of one run whose customers are read with one cursor: the unit that processes share, and go on with. */
export type SyncList = {
  /** `runId/number` */
  _id: string
  runId: Types.ObjectId
  corpId: string
  /** `content`: whole pages · `ids`: each guide's ids are compared, and only what differs is read. */
  mode: 'content' | 'ids'
  userIds: string[]
  /** Relations seen of each guide, in the order of `userIds`. */
  seen: number[]
  /** Where WeCom goes on; null at the start. */
  cursor: string | null
  /** Pages stored; of ids, guides compared. */
  page: number
  /** Guides whom WeCom left out for want of a licence. */
  unlicensed: string[]
  isDone: boolean
  /** When the first page was asked for. */
  beganAt: Date | null
  holder: string | null
  /** Of the process that reads it, by the database's clock. */
  leaseEndsAt: Date
  /** Grows with every taking: a process that was thought dead writes with an old one and changes nothing. */
  fence: number
}

const syncListSchema = new Schema(
  {
    _id: { type: String, required: true },
    runId: { type: Schema.Types.ObjectId, required: true },
    corpId: { type: String, required: true },
    mode: { type: String, required: true },
    userIds: { type: [String], required: true },
    seen: { type: [Number], required: true },
    cursor: { type: String, default: null },
    page: { type: Number, required: true },
    unlicensed: { type: [String], required: true },
    isDone: { type: Boolean, required: true },
    beganAt: { type: Date, default: null },
    holder: { type: String, default: null },
    leaseEndsAt: { type: Date, required: true },
    fence: { type: Number, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'syncLists' },
)
// take: what is left of a run.
syncListSchema.index({ runId: 1, isDone: 1, leaseEndsAt: 1 })

export const syncListModel = (db: Connection) => db.model('SyncList', syncListSchema)
