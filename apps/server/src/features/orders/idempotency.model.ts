import { type Connection, Schema } from 'mongoose'

/** What was answered to one idempotency key, so that a repeat gets the same. */
export type IdempotencyRow = {
  /** Corp, operation and key. */
  _id: string
  bodyHash: string
  /** Whose run it is; another may take over when the lease is over. */
  holder: string
  leaseUntil: Date
  /** null while the work runs. */
  answer: { status: number; body: unknown } | null
  createdAt: Date
}

const idempotencySchema = new Schema<IdempotencyRow>(
  {
    _id: { type: String, required: true },
    bodyHash: { type: String, required: true },
    holder: { type: String, required: true },
    leaseUntil: { type: Date, required: true },
    answer: { type: Schema.Types.Mixed, default: null },
    createdAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, minimize: false },
)
// removeOld: forgets keys a day after their first use, also where the database does not do so by itself.
idempotencySchema.index({ createdAt: 1 })

export const idempotencyModel = (db: Connection) => db.model('IdempotencyKey', idempotencySchema, 'idempotencyKeys')
