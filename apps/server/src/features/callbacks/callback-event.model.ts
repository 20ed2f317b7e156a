import { Schema, type Connection, type InferSchemaType } from 'mongoose'

/** `unknown`: kept, nobody handles it (yet) · `dead`: given up after five tries, with the cause. */
export const callbackStates = ['waiting', 'done', 'dead', 'unknown'] as const
export type CallbackState = (typeof callbackStates)[number]

const callbackEventSchema = new Schema(
  {
    /** SHA-256 over corp and decrypted text: a packet that WeCom sends again finds itself here. */
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    /** `Event.ChangeType` as WeCom wrote it. */
    name: { type: String, required: true },
    /** Events with the same subject are handled in one go. */
    subject: { type: String, default: '' },
    /** The decrypted packet. */
    body: { type: String, required: true },
    /** By the packet's own CreateTime. */
    happenedAt: { type: Date, required: true },
    receivedAt: { type: Date, required: true },
    state: { type: String, enum: callbackStates, required: true },
    /** Failed tries. */
    attempts: { type: Number, required: true },
    /** How often WeCom was busy or away; costs no try. */
    putOffs: { type: Number, default: 0 },
    /** Not before this; while somebody works on it, when he is thought dead. */
    runAt: { type: Date, required: true },
    /** Of whoever works on it. */
    lease: { type: String, default: null },
    /** Our error code of the last failed try, and WeCom's own where WeCom refused. */
    error: { type: String, default: null },
    errcode: { type: Number, default: null },
    /** `waiting`: the event brought a welcome code, and nobody has settled yet what becomes of it. */
    welcome: { type: String, enum: ['waiting', null], default: null },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'callbackEvents' },
)
// claim: what is due, oldest first.
callbackEventSchema.index({ state: 1, runAt: 1 })
// claim: everything else that waits about the same customer.
callbackEventSchema.index({ corpId: 1, subject: 1, state: 1 })
// count, oldestWaiting, listDead, findLatest, sweep.
callbackEventSchema.index({ state: 1, corpId: 1, receivedAt: 1 })
// listWelcomes: codes that the process which took them in did not settle.
callbackEventSchema.index({ receivedAt: 1 }, { name: 'listWelcomes', partialFilterExpression: { welcome: 'waiting' } })

export type CallbackEvent = InferSchemaType<typeof callbackEventSchema>
export const callbackEventModel = (db: Connection) => db.model('CallbackEvent', callbackEventSchema)
