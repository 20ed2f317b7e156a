import type { Connection } from 'mongoose'

import { orderModel } from './order.model.ts'

export type Bought = { orders: number; amountFen: number; firstAt: Date }
export type OrderFigures = ReturnType<typeof createOrderFigures>

/** Sums over the orders themselves: no counter that could drift when something is told twice or a process dies. */
export function createOrderFigures(db: Connection) {
  const orders = orderModel(db)
  return {
    /** What came of each of these sends; sends without orders are not in the answer. */
    async bySend(corpId: string, sendIds: string[]): Promise<Map<string, Bought>> {
      const rows = await orders.aggregate<Bought & { _id: string }>([
        { $match: { corpId, 'credit.sendId': { $in: sendIds } } },
        {
          $group: {
            _id: '$credit.sendId',
            orders: { $sum: 1 },
            amountFen: { $sum: '$amountFen' },
            firstAt: { $min: '$paidAt' },
          },
        },
      ])
      return new Map(rows.map(({ _id, ...bought }) => [_id, bought]))
    },

    /** Credited sales by the store that sent the card, the most first. */
    byStore: (
      corpId: string,
      since: Date,
      limit: number,
    ): Promise<{ storeId: string; orders: number; amountFen: number }[]> =>
      orders.aggregate([
        { $match: { corpId, paidAt: { $gte: since }, 'credit.userId': { $gt: '' } } },
        { $group: { _id: '$credit.storeId', orders: { $sum: 1 }, amountFen: { $sum: '$amountFen' } } },
        { $sort: { amountFen: -1, _id: 1 } },
        { $limit: limit },
        { $project: { _id: 0, storeId: '$_id', orders: 1, amountFen: 1 } },
      ]),

    /** How many sends since then somebody bought from. */
    async countBought(corpId: string, since: Date): Promise<number> {
      const [row] = await orders.aggregate<{ count: number }>([
        { $match: { corpId, paidAt: { $gte: since }, 'credit.userId': { $gt: '' } } },
        { $group: { _id: '$credit.sendId' } },
        { $count: 'count' },
      ])
      return row?.count ?? 0
    },

    /**
     * Paid since then and credited: to this guide, or to anybody of the corp.
     * @returns number of orders and their sum in fen
     */
    async since(corpId: string, since: Date, userId?: string): Promise<{ orders: number; amountFen: number }> {
      const [row] = await orders.aggregate<{ orders: number; amountFen: number }>([
        { $match: { corpId, 'credit.userId': userId ?? { $gt: '' }, paidAt: { $gte: since } } },
        { $group: { _id: null, orders: { $sum: 1 }, amountFen: { $sum: '$amountFen' } } },
      ])
      return { orders: row?.orders ?? 0, amountFen: row?.amountFen ?? 0 }
    },
  }
}
