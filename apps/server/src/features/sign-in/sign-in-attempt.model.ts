import { Schema, type Connection, type InferSchemaType } from 'mongoose'

const signInAttemptSchema = new Schema(
  {
    /** SHA-256 of the `state` that WeCom hands back. */
    _id: { type: String, required: true },
    kind: { type: String, enum: ['guide', 'admin'], required: true },
    corpId: { type: String, required: true },
    /** SHA-256 of what the browser's cookie holds: the same browser must come back. */
    browserHash: { type: String, required: true },
    /** Where to go afterwards: a path of ours. */
    returnPath: { type: String, required: true },
    endsAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)
// sweep: attempts that never came back.
signInAttemptSchema.index({ endsAt: 1 })

export type SignInAttempt = InferSchemaType<typeof signInAttemptSchema>
export const signInAttemptModel = (db: Connection) => db.model('SignInAttempt', signInAttemptSchema)
