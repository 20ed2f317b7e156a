import { trusted, type Connection } from 'mongoose'

import { tapModel, type ItemRequestTap } from './item-request.model.ts'

export type RequestCount = {
  subject: string
  words: string
  sku: string
  count: number
  guides: number
  firstAt: Date
  lastAt: Date
}

export function createItemRequestRepository(db: Connection) {
  const taps = tapModel(db)
  return {
    /** The same key again changes nothing. */
    async addOnce({ _id, ...tap }: ItemRequestTap): Promise<void> {
      await taps.updateOne({ _id }, { $setOnInsert: tap }, { upsert: true })
    },

    count: (corpId: string, subject: string, since: Date): Promise<number> =>
      taps.countDocuments({ corpId, subject, at: trusted({ $gte: since }) }).exec(),

    /** The most wanted first. */
    async list(
      corpId: string,
      { since, after, limit }: { since: Date; after: { count: number; subject: string } | null; limit: number },
    ): Promise<RequestCount[]> {
      const rows = await taps.aggregate<Omit<RequestCount, 'subject'> & { _id: string }>([
        { $match: { corpId, at: { $gte: since } } },
        { $sort: { at: 1 } },
        {
          $group: {
            _id: '$subject',
            words: { $last: '$words' },
            sku: { $last: '$sku' },
            count: { $sum: 1 },
            users: { $addToSet: '$userId' },
            firstAt: { $first: '$at' },
            lastAt: { $last: '$at' },
          },
        },
        ...(after
          ? [
              {
                $match: { $or: [{ count: { $lt: after.count } }, { count: after.count, _id: { $gt: after.subject } }] },
              },
            ]
          : []),
        { $sort: { count: -1, _id: 1 } },
        { $limit: limit },
        { $set: { guides: { $size: '$users' } } },
        { $unset: 'users' },
      ])
      return rows.map(({ _id, ...row }) => ({ subject: _id, ...row }))
    },
  }
}

export type ItemRequestRepository = ReturnType<typeof createItemRequestRepository>
