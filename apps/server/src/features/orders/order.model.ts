import type { OrderIntake } from '@guidebar/contracts'
import { type Connection, Schema, type Types } from 'mongoose'

import type { Credit } from '../sends/send.service.ts'

/** A paid order as the shop told it, with the credit in the same document: both are written, or neither. */
export type Order = {
  _id: Types.ObjectId
  corpId: string
  orderNo: string
  amountFen: number
  paidAt: Date
  items: OrderIntake['items']
  /** As the shop told it; the credit's customer is the one the card was sent to. */
  externalUserId: string | null
  /** Last four digits of the buyer's phone number; empty when the shop did not tell. */
  phoneTail: string
  /** The first token that led to a guide, else the first one told. */
  token: string | null
  credit: Credit | null
  createdAt: Date
}

const creditSchema = new Schema<Credit>(
  {
    sendId: { type: String, required: true },
    userId: { type: String, required: true },
    storeId: { type: String, default: '' },
    externalUserId: { type: String, default: null },
    chatId: { type: String, default: null },
    cardId: { type: String, default: null },
  },
  { _id: false },
)

const itemSchema = new Schema<Order['items'][number]>(
  {
    sku: { type: String, required: true },
    name: { type: String, required: true },
    quantity: { type: Number, required: true },
    priceFen: { type: Number, required: true },
  },
  { _id: false },
)

const orderSchema = new Schema<Order>(
  {
    corpId: { type: String, required: true },
    orderNo: { type: String, required: true },
    amountFen: { type: Number, required: true },
    paidAt: { type: Date, required: true },
    items: { type: [itemSchema], required: true },
    externalUserId: { type: String, default: null },
    phoneTail: { type: String, default: '' },
    token: { type: String, default: null },
    credit: { type: creditSchema, default: null },
    createdAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)
// keepOnce: an order exists once, however often it is told.
orderSchema.index({ corpId: 1, orderNo: 1 }, { unique: true })
// since: paid orders credited to a guide since the first of the month.
orderSchema.index({ corpId: 1, 'credit.userId': 1, paidAt: -1 })
// bySend: what came of each card.
orderSchema.index({ corpId: 1, 'credit.sendId': 1 })
// since, countByCard: for the whole corp.
orderSchema.index({ corpId: 1, paidAt: -1 })
// listOf, lastOf: what a customer bought, told by the shop or known by the card.
orderSchema.index({ corpId: 1, externalUserId: 1, paidAt: -1, orderNo: -1 })
orderSchema.index({ corpId: 1, 'credit.externalUserId': 1, paidAt: -1, orderNo: -1 })
// findUnmatched: orders of nobody known, by the end of a phone number.
orderSchema.index({ corpId: 1, phoneTail: 1, paidAt: -1 }, { partialFilterExpression: { externalUserId: null } })

export const orderModel = (db: Connection) => db.model('Order', orderSchema)
