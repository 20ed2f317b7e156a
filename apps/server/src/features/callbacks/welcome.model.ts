import { Schema, type Connection, type InferSchemaType } from 'mongoose'

/** `too-late`: not called, the code was too old · `unknown`: called, and nobody knows whether it went out. */
export const welcomeStates = ['sent', 'refused', 'unknown', 'too-late'] as const
export type WelcomeState = (typeof welcomeStates)[number]

const welcomeSendSchema = new Schema(
  {
    /** SHA-256 over corp and code: the code itself is a secret for twenty seconds, and of no use afterwards. */
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    /** The kept event that brought the code. */
    eventId: { type: String, required: true },
    userId: { type: String, required: true },
    externalUserId: { type: String, required: true },
    state: { type: String, enum: welcomeStates, required: true },
    error: { type: String, default: null },
    happenedAt: { type: Date, required: true },
    receivedAt: { type: Date, required: true },
    settledAt: { type: Date, required: true },
    /** From receipt until the call was made; null when none was. */
    waitedMs: { type: Number, default: null },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'welcomeSends' },
)
// countByState. sweep.
welcomeSendSchema.index({ corpId: 1, settledAt: -1 })

export type WelcomeSend = InferSchemaType<typeof welcomeSendSchema>
export const welcomeSendModel = (db: Connection) => db.model('WelcomeSend', welcomeSendSchema)

const welcomeTextSchema = new Schema(
  { /** The corp. */ _id: { type: String, required: true }, text: { type: String, required: true, maxLength: 4_000 } },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'welcomeTexts' },
)
export const welcomeTextModel = (db: Connection) => db.model('WelcomeText', welcomeTextSchema)
