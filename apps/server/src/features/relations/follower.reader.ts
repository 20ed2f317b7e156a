import type { Connection } from 'mongoose'

import { currentStatuses, relationModel } from './relation.model.ts'

/** How many customers guides have, for lists of guides. */
export function createFollowerReader(db: Connection) {
  const relations = relationModel(db)
  return {
    /** Customers each of these guides follows now; of one who left, those nobody took over. None: not in the answer. */
    async countCustomers(corpId: string, userIds: string[]): Promise<Map<string, number>> {
      const rows = await relations
        .aggregate<{ _id: string; customers: number }>([
          { $match: { corpId, userId: { $in: userIds }, status: { $in: [...currentStatuses, 'left_range'] } } },
          { $group: { _id: '$userId', customers: { $sum: 1 } } },
        ])
        .option({ maxTimeMS: 5_000 })
        .exec()
      return new Map(rows.map(({ _id, customers }) => [_id, customers]))
    },
  }
}

export type FollowerReader = ReturnType<typeof createFollowerReader>
