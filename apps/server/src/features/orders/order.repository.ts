import type { Connection } from 'mongoose'

import { isDuplicateKey } from '../../platform/duplicate-key.ts'
import type { Credit } from '../sends/send.service.ts'
import { type Order, orderModel } from './order.model.ts'

type NewOrder = Omit<Order, '_id'>
export type OrderRepository = ReturnType<typeof createOrderRepository>

export function createOrderRepository(db: Connection) {
  const orders = orderModel(db)
  return {
    find: (corpId: string, orderNo: string): Promise<Order | null> =>
      orders.findOne({ corpId, orderNo }).lean<Order>().exec(),

    /** @returns false when the corp has an order with that number */
    async keepOnce(order: NewOrder): Promise<boolean> {
      try {
        await orders.create(order)
        return true
      } catch (error) {
        if (isDuplicateKey(error)) return false
        throw error
      }
    },

    /** Credits an order that nobody has the credit for yet. @returns null when somebody has it */
    creditOnce: (corpId: string, orderNo: string, token: string, credit: Credit): Promise<Order | null> =>
      orders
        .findOneAndUpdate({ corpId, orderNo, credit: null }, { $set: { token, credit } }, { returnDocument: 'after' })
        .lean<Order>()
        .exec(),
  }
}
