import { Schema, type Connection, type InferSchemaType } from 'mongoose'

const sessionSchema = new Schema(
  {
    /** SHA-256 of the id in the cookie, so that the database alone opens no session. */
    _id: { type: String, required: true },
    kind: { type: String, enum: ['guide', 'admin'], required: true },
    corpId: { type: String, required: true },
    userId: { type: String, required: true },
    /** The public name of this session: what the browser keeps is tied to it. Says nothing about the id. */
    ref: { type: String, required: true },
    /** The member's `sessionEpoch` at sign-in; a later one ends the session. */
    epoch: { type: Number, required: true },
    /** The admin whose panel is looked at with this session; empty for one's own. */
    viewAs: { type: String, default: '' },
    createdAt: { type: Date, required: true },
    lastSeenAt: { type: Date, required: true },
    /** The nearer of the idle and the absolute end. */
    endsAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)
// sweep: what has ended.
sessionSchema.index({ endsAt: 1 })

export type Session = InferSchemaType<typeof sessionSchema>
export type SessionKind = Session['kind']
export const sessionModel = (db: Connection) => db.model('Session', sessionSchema)
