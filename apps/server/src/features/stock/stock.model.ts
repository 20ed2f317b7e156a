import { Schema, type Connection } from 'mongoose'

export type Stock = {
  /** `corpId/storeId/sku` */
  _id: string
  corpId: string
  storeId: string
  sku: string
  quantity: number
  asOf: Date
}

const stockSchema = new Schema<Stock>(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    storeId: { type: String, required: true },
    sku: { type: String, required: true },
    quantity: { type: Number, required: true },
    asOf: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'stock' },
)
// listBySku: one product in all stores, the most first.
stockSchema.index({ corpId: 1, sku: 1, quantity: -1 })
// listByStore: everything of one store.
stockSchema.index({ corpId: 1, storeId: 1 })
export const stockModel = (db: Connection) => db.model('Stock', stockSchema)
