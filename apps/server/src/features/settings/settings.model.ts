import { Schema, type Connection, type InferSchemaType } from 'mongoose'

const part = { strict: 'throw', strictQuery: 'throw', _id: false } as const
const brandSchema = new Schema({ name: { type: String, required: true }, accent: { type: String, default: '' } }, part)
const retentionSchema = new Schema(
  { callbackDays: { type: Number, required: true }, deadLetterDays: { type: Number, required: true } },
  part,
)

const panelSettingsSchema = new Schema(
  {
    /** corpId */
    _id: { type: String, required: true },
    brand: { type: brandSchema, required: true },
    languages: { type: [String], required: true },
    imageHosts: { type: [String], default: [] },
    retention: { type: retentionSchema, required: true },
    byUserId: { type: String, required: true },
    updatedAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'panelSettings' },
)

export type PanelSettingsRow = InferSchemaType<typeof panelSettingsSchema>
export const panelSettingsModel = (db: Connection) => db.model('PanelSettings', panelSettingsSchema)
