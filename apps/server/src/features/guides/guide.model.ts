import { Schema, type Connection, type InferSchemaType } from 'mongoose'

export const guideStatuses = ['active', 'disabled', 'left'] as const
export type GuideStatus = (typeof guideStatuses)[number]

const guideSchema = new Schema(
  {
    /** `corpId/userId`: the key that sync and callbacks upsert on. */
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    userId: { type: String, required: true },
    name: { type: String, default: '' },
    departmentIds: { type: [Number], default: [] },
    /** The guide's main department, as text; empty when WeCom shows us none. */
    storeId: { type: String, default: '' },
    storeName: { type: String, default: '' },
    position: { type: String, default: '' },
    status: { type: String, enum: guideStatuses, required: true },
    /** Has customer contact (客户联系) and stands in the app's visible range. */
    canServe: { type: Boolean, required: true },
    /** Grows whenever the guide loses access, so that sessions from before stay dead. */
    sessionEpoch: { type: Number, required: true },
    /** Since when all customers of this guide are as WeCom listed them: the beginning of the last full reading. */
    customersReadAt: { type: Date, default: null },
    /** When the ids of all customers of this guide were last compared with WeCom's list. */
    idsReadAt: { type: Date, default: null },
    /** Since when WeCom does not show us this guide's customers, as long as nothing was made of it. */
    rangeLeftAt: { type: Date, default: null },
    /** When the read of WeCom that this comes from began. */
    readBeganAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)
// countServing, countStores: the guides whose customers we keep.
guideSchema.index({ corpId: 1, canServe: 1, status: 1, userId: 1 })
// listStale: whose customers were read longest ago.
guideSchema.index({ corpId: 1, canServe: 1, customersReadAt: 1, userId: 1 })
// renameStore: everybody of one store.
guideSchema.index({ corpId: 1, storeId: 1 })

export type Guide = InferSchemaType<typeof guideSchema>
export type GuideKey = { corpId: string; userId: string }
export const guideModel = (db: Connection) => db.model('Guide', guideSchema)
