import { Schema, type Connection, type InferSchemaType } from 'mongoose'

const hoursSchema = new Schema(
  {
    weekday: { type: Number, required: true },
    from: { type: String, required: true },
    to: { type: String, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', _id: false },
)

/** What WeCom does not know of a department that is a store. */
const storeProfileSchema = new Schema(
  {
    /** `corpId/departmentId` */
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    departmentId: { type: Number, required: true },
    isStore: { type: Boolean, required: true },
    city: { type: String, default: '' },
    address: { type: String, default: '' },
    openingHours: { type: [hoursSchema], default: [] },
    updatedAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'storeProfiles' },
)
// list: all stores of a corp.
storeProfileSchema.index({ corpId: 1, departmentId: 1 })

export type StoreProfile = InferSchemaType<typeof storeProfileSchema>
export const storeProfileModel = (db: Connection) => db.model('StoreProfile', storeProfileSchema)
