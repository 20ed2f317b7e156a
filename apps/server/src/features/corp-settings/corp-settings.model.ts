import { Schema, type Connection } from 'mongoose'

/** What WeCom's console gives away only once: lies here sealed. */
export const sealedFields = ['secret', 'callbackToken', 'callbackAesKey', 'verifyFile'] as const
export type SealedField = (typeof sealedFields)[number]
export const plainFields = ['corpId', 'agentId'] as const
export type PlainField = (typeof plainFields)[number]

/** One value, and who entered it when. */
type Entered = { setAt: Date; setBy: string }
type SealedValue = Entered & { sealed: string }
type PlainValue = Entered & { value: string }

/** The settings of the one corp that this installation serves, as far as they were entered in the panel. */
export type CorpSettings = { revision: number } & Partial<
  Record<SealedField, SealedValue> & Record<PlainField, PlainValue>
>

const entered = { setAt: { type: Date, required: true }, setBy: { type: String, required: true } }
const sealed = () => ({
  type: new Schema({ sealed: { type: String, required: true }, ...entered }, { _id: false }),
})
const plain = () => ({ type: new Schema({ value: { type: String, required: true }, ...entered }, { _id: false }) })

const corpSettingsSchema = new Schema(
  {
    _id: { type: String, required: true },
    /** Grows with each change, so that other processes notice. */
    revision: { type: Number, required: true },
    corpId: plain(),
    agentId: plain(),
    secret: sealed(),
    callbackToken: sealed(),
    callbackAesKey: sealed(),
    verifyFile: sealed(),
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'corpSettings' },
)

export const corpSettingsModel = (db: Connection) => db.model('CorpSettings', corpSettingsSchema)
