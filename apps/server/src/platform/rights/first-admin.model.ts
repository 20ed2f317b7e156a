import { Schema, type Connection, type InferSchemaType } from 'mongoose'

const firstAdminCodeSchema = new Schema(
  {
    /** corpId: one code at a time. */
    _id: { type: String, required: true },
    /** SHA-256 of the code. */
    codeHash: { type: String, required: true },
    endsAt: { type: Date, required: true },
    triesLeft: { type: Number, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'firstAdminCodes' },
)

export type FirstAdminCode = InferSchemaType<typeof firstAdminCodeSchema>
export const firstAdminCodeModel = (db: Connection) => db.model('FirstAdminCode', firstAdminCodeSchema)
