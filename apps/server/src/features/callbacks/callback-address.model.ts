import { Schema, type Connection, type InferSchemaType } from 'mongoose'

const callbackAddressSchema = new Schema(
  {
    /** The corp. */
    _id: { type: String, required: true },
    /** When WeCom first proved that it reaches us; until then its check of the address is always answered. */
    verifiedAt: { type: Date, default: null },
    /** Until then the check is answered although the address is proven. */
    armedUntil: { type: Date, default: null },
    /** The last check of the address, or packet that was refused: when, and `ok` or the reason. */
    lastAttempt: {
      type: new Schema(
        { at: { type: Date, required: true }, verdict: { type: String, required: true } },
        { _id: false },
      ),
      default: null,
    },
    /** When some process last was ready to take events in. */
    aliveAt: { type: Date, default: null },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'callbackAddresses' },
)
export type CallbackAddress = InferSchemaType<typeof callbackAddressSchema>
export const callbackAddressModel = (db: Connection) => db.model('CallbackAddress', callbackAddressSchema)

/** `silence`: no process was there · `not-kept`: events came and could not be kept. */
export const gapCauses = ['silence', 'not-kept'] as const
export type GapCause = (typeof gapCauses)[number]

const callbackGapSchema = new Schema(
  {
    /** `corpId/start`: several processes that notice the same gap write one row. */
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    cause: { type: String, enum: gapCauses, required: true },
    startAt: { type: Date, required: true },
    endAt: { type: Date, required: true },
    /** When a comparison with all that WeCom holds was asked for; null = not yet. */
    reconcileAskedAt: { type: Date, default: null },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'callbackGaps' },
)
// listGaps: the newest first. sweep.
callbackGapSchema.index({ corpId: 1, startAt: -1 })

export type CallbackGap = InferSchemaType<typeof callbackGapSchema>
export const callbackGapModel = (db: Connection) => db.model('CallbackGap', callbackGapSchema)
