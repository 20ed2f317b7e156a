import { type Connection, trusted } from 'mongoose'

import { type Order, orderModel } from './order.model.ts'

export type OrderLookups = ReturnType<typeof createOrderLookups>
export type OrderDay = { _id: string; orders: number; amountFen: number; offHoursFen: number }
/** What a customer bought in all. */
export type OrderSum = { _id: string; orderCount: number; spentFen: number; lastOrderAt: Date }
type Place = { at: Date; orderNo: string }

/** Reads of orders for other features: what a customer bought, what nobody is known to have bought. */
export function createOrderLookups(db: Connection) {
  const orders = orderModel(db)
  const ofCustomer = (corpId: string, externalUserId: string) => ({
    $or: [
      { corpId, externalUserId },
      { corpId, externalUserId: null, 'credit.externalUserId': externalUserId },
    ],
  })

  const sum = (field: 'externalUserId' | 'credit.externalUserId', filter: object): Promise<OrderSum[]> =>
    orders.collection
      .aggregate<OrderSum>(
        [
          { $match: filter },
          {
            $group: {
              _id: `$${field}`,
              orderCount: { $sum: 1 },
              spentFen: { $sum: '$amountFen' },
              lastOrderAt: { $max: '$paidAt' },
            },
          },
        ],
        { maxTimeMS: 30_000, hint: { corpId: 1, [field]: 1, paidAt: -1, orderNo: -1 } },
      )
      .toArray()

  return {
    /** A customer's orders, newest first. @param before only what is older than this */
    listOf: (corpId: string, externalUserId: string, { before, limit }: { before?: Place; limit: number }) =>
      orders
        .find({
          $and: [
            ofCustomer(corpId, externalUserId),
            before
              ? {
                  $or: [
                    { paidAt: trusted({ $lt: before.at }) },
                    { paidAt: before.at, orderNo: trusted({ $lt: before.orderNo }) },
                  ],
                }
              : {},
          ],
        })
        .sort({ paidAt: -1, orderNo: -1 })
        .limit(limit)
        .lean<Order[]>()
        .exec(),

    /** The last order of each of these customers; who bought nothing is missing. */
    async lastOf(
      corpId: string,
      externalUserIds: string[],
    ): Promise<Map<string, { paidAt: Date; orderNo: string; name: string }>> {
      const rows = await orders.aggregate<{ _id: string; paidAt: Date; orderNo: string; name: string }>([
        {
          $match: {
            corpId,
            $or: [
              { externalUserId: { $in: externalUserIds } },
              { externalUserId: null, 'credit.externalUserId': { $in: externalUserIds } },
            ],
          },
        },
        { $sort: { paidAt: -1 } },
        {
          $group: {
            _id: { $ifNull: ['$externalUserId', '$credit.externalUserId'] },
            paidAt: { $first: '$paidAt' },
            orderNo: { $first: '$orderNo' },
            name: { $first: { $first: '$items.name' } },
          },
        },
      ])
      return new Map(rows.map(({ _id, ...last }) => [_id, last]))
    },

    /** What each of these customers bought in all; who bought nothing is missing. */
    async sumsOf(corpId: string, externalUserIds: string[]): Promise<OrderSum[]> {
      const ids = { $in: externalUserIds }
      // Asked apart, each along its own index: in one question all orders without a customer would be looked through.
      const [named, credited] = await Promise.all([
        sum('externalUserId', { corpId, externalUserId: ids }),
        sum('credit.externalUserId', { corpId, 'credit.externalUserId': ids, externalUserId: null }),
      ])
      const sums = new Map(named.map((one) => [one._id, one]))
      for (const one of credited) sums.set(one._id, together(sums.get(one._id), one))
      return [...sums.values()]
    },

    /** Orders without a customer: by their number, or by the end of the buyer's phone number. */
    findUnmatched: (corpId: string, by: { orderNo: string } | { phoneTail: string }, limit: number) =>
      orders
        .find({ corpId, ...by, externalUserId: null, 'credit.externalUserId': null })
        .sort({ paidAt: -1 })
        .limit(limit)
        .lean<Order[]>()
        .exec(),

    /** Gives an order without a customer to this one. @returns false when it has one already or is unknown */
    async match(corpId: string, orderNo: string, externalUserId: string): Promise<boolean> {
      const filter = {
        corpId,
        orderNo,
        externalUserId: trusted({ $in: [null, externalUserId] }),
        'credit.externalUserId': null,
      }
      return (await orders.updateOne(filter, { $set: { externalUserId } })).matchedCount === 1
    },

    /** How many orders since then came of each card. */
    async countByCard(corpId: string, since: Date): Promise<Map<string, number>> {
      const rows = await orders.aggregate<{ _id: string; count: number }>([
        { $match: { corpId, paidAt: { $gte: since }, 'credit.cardId': { $gt: '' } } },
        { $group: { _id: '$credit.cardId', count: { $sum: 1 } } },
      ])
      return new Map(rows.map(({ _id, count }) => [_id, count]))
    },

    /** Orders credited to a guide since then, by calendar day in Beijing; off hours are 22:00 to 10:00. */
    byDay: (corpId: string, userId: string, since: Date) =>
      orders.aggregate<OrderDay>([
        { $match: { corpId, 'credit.userId': userId, paidAt: { $gte: since } } },
        { $set: { hour: { $hour: { date: '$paidAt', timezone: '+08:00' } } } },
        {
          $group: {
            _id: { $dateToString: { date: '$paidAt', timezone: '+08:00', format: '%Y-%m-%d' } },
            orders: { $sum: 1 },
            amountFen: { $sum: '$amountFen' },
            offHoursFen: {
              $sum: { $cond: [{ $or: [{ $gte: ['$hour', 22] }, { $lt: ['$hour', 10] }] }, '$amountFen', 0] },
            },
          },
        },
      ]),
  }
}

const together = (one: OrderSum | undefined, other: OrderSum): OrderSum =>
  one
    ? {
        _id: one._id,
        orderCount: one.orderCount + other.orderCount,
        spentFen: one.spentFen + other.spentFen,
        lastOrderAt: one.lastOrderAt > other.lastOrderAt ? one.lastOrderAt : other.lastOrderAt,
      }
    : other
