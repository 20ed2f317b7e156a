import { Schema, type Connection } from 'mongoose'

/** `done`: kept for a time so that the same key is not done again · `dead`: given up, with the cause. */
export const jobStates = ['waiting', 'running', 'done', 'dead'] as const
export type JobState = (typeof jobStates)[number]

/** Why a try failed, in words that repeat nothing anybody wrote. */
export type JobFailure = { code: string; message: string; at: Date }

/** A job as it lies in the database. */
export type JobRow = {
  /** `name/key`, or `name/` with a random id for a job without a key. */
  _id: string
  name: string
  key?: string
  state: JobState
  payload: unknown
  /** Lower ones are served first. */
  lane: number
  /** Not before this moment of our clock. */
  runAt: Date
  /** Tries begun since it last ended well. */
  tries: number
  /** Grows with every claim, also over a removed and re-made job: a late write comes with an old one. */
  fence: number
  enqueuedAt: Date
  /** Which claim holds it. */
  lease?: string
  holder?: string
  /** By the database's clock. */
  leaseEndsAt?: Date
  /** Asked for again while it ran: runs once more afterwards, with this payload. */
  again?: { payload: unknown; lane: number; runAt: Date }
  failure?: JobFailure
  /** Of a repeating job, which is one document for ever. */
  cron?: { text: string; timeZone: string }
  /** When the sweeper may remove it. */
  expiresAt?: Date
}

const jobSchema = new Schema(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    key: { type: String },
    state: { type: String, enum: jobStates, required: true },
    payload: { type: Schema.Types.Mixed },
    lane: { type: Number, required: true },
    runAt: { type: Date, required: true },
    tries: { type: Number, required: true },
    fence: { type: Number, required: true },
    enqueuedAt: { type: Date, required: true },
    lease: { type: String },
    holder: { type: String },
    leaseEndsAt: { type: Date },
    again: { type: Schema.Types.Mixed },
    failure: { type: Schema.Types.Mixed },
    cron: { type: Schema.Types.Mixed },
    expiresAt: { type: Date },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'jobs', minimize: false },
)
// claim: what is due, by lane. Only what waits, so that it stays small however much is kept.
jobSchema.index({ name: 1, lane: 1, runAt: 1 }, { name: 'claim', partialFilterExpression: { state: 'waiting' } })
// rescue: whose holder is gone.
jobSchema.index({ leaseEndsAt: 1 }, { name: 'rescue', partialFilterExpression: { state: 'running' } })
// listDead: given up, newest first.
jobSchema.index({ 'failure.at': -1, _id: -1 }, { name: 'listDead', partialFilterExpression: { state: 'dead' } })
// sweep: kept long enough.
jobSchema.index({ expiresAt: 1 }, { name: 'sweep', partialFilterExpression: { expiresAt: { $exists: true } } })

export const jobModel = (db: Connection) => db.model('Job', jobSchema)
