import { type Connection, Types } from 'mongoose'

import { usageModel } from './usage.model.ts'

export type UsageRepository = ReturnType<typeof createUsageRepository>

export function createUsageRepository(db: Connection) {
  const usages = usageModel(db)
  return {
    /** One more use: the guide's counter and the corp's, in one round trip. */
    async increment({
      corpId,
      userId,
      day,
      itemIds,
    }: {
      corpId: string
      userId: string
      day: string
      itemIds: string[]
    }) {
      await usages.bulkWrite(
        itemIds.flatMap((itemId) =>
          [userId, ''].map((owner) => ({
            updateOne: {
              filter: { corpId, userId: owner, day, itemId: new Types.ObjectId(itemId) },
              update: { $inc: { count: 1 } },
              upsert: true,
            },
          })),
        ),
        { ordered: false },
      )
    },

    /** @param userId empty for the whole corp */
    async countSince({ corpId, userId, day }: { corpId: string; userId: string; day: string }) {
      const rows = await usages.aggregate<{ _id: Types.ObjectId; count: number }>([
        { $match: { corpId, userId, day: { $gte: day } } },
        { $group: { _id: '$itemId', count: { $sum: '$count' } } },
      ])
      return new Map(rows.map((row) => [row._id.toHexString(), row.count]))
    },
  }
}
