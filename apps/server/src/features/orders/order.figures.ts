import type { Connection } from 'mongoose'

import type { MemberKey } from '../../platform/access.ts'
import type { Scope } from '../../platform/rights/scope.ts'
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
      within: Scope,
      since: Date,
      limit: number,
    ): Promise<{ storeId: string; orders: number; amountFen: number }[]> =>
      orders.aggregate([
        { $match: credited(within, since) },
        { $group: { _id: '$credit.storeId', orders: { $sum: 1 }, amountFen: { $sum: '$amountFen' } } },
        { $sort: { amountFen: -1, _id: 1 } },
        { $limit: limit },
        { $project: { _id: 0, storeId: '$_id', orders: 1, amountFen: 1 } },
      ]),

    /** How many sends since then somebody bought from. */
    async countBought(within: Scope, since: Date): Promise<number> {
      const [row] = await orders.aggregate<{ count: number }>([
        { $match: credited(within, since) },
        { $group: { _id: '$credit.sendId' } },
        { $count: 'count' },
      ])
      return row?.count ?? 0
    },

    /**
     * Paid since then and credited: to one guide, or to anybody within a scope.
     * @returns number of orders and their sum in fen
     */
    async since(whose: MemberKey | Scope, since: Date): Promise<{ orders: number; amountFen: number }> {
      const $match =
        'userId' in whose
          ? { corpId: whose.corpId, 'credit.userId': whose.userId, paidAt: { $gte: since } }
          : credited(whose, since)
      const [row] = await orders.aggregate<{ orders: number; amountFen: number }>([
        { $match },
        { $group: { _id: null, orders: { $sum: 1 }, amountFen: { $sum: '$amountFen' } } },
      ])
      return { orders: row?.orders ?? 0, amountFen: row?.amountFen ?? 0 }
    },
  }
}

/** Orders that a send led to; they count where the guide worked when he sent it, wherever he works now. */
function credited(within: Scope, since: Date) {
  const paidAt = { $gte: since }
  const ofStores = (within.storeIds?.length ?? 0) > 0
  if (!within.isAll && !ofStores) return { ...within.byGuide('credit.userId'), paidAt }
  return { ...within.byStore('credit.storeId'), 'credit.userId': { $gt: '' }, paidAt }
}
