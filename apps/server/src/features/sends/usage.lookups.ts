import { type Connection, trusted } from 'mongoose'

import { sendKinds, sendModel } from './send.model.ts'
import { usageModel } from './usage.model.ts'

/** Reads of what was used for other features. */
export function createUsageLookups(db: Connection) {
  const sends = sendModel(db)
  const usages = usageModel(db)
  return {
    /** Replies and cards anybody of the corp sent since a day. */
    async usedSince(corpId: string, day: string): Promise<Set<string>> {
      const ids = await usages.distinct('itemId', { corpId, userId: '', day: trusted({ $gte: day }) }).exec()
      return new Set(ids.map((id) => id.toHexString()))
    },

    /**
     * How often a guide sent each reply since then in these hours of the day, Beijing time.
     * @param hours those of one part of the day
     */
    async repliesInHours(
      { corpId, userId }: { corpId: string; userId: string },
      { since, hours }: { since: Date; hours: number[] },
    ): Promise<Record<string, number>> {
      const rows = await sends.aggregate<{ _id: string; count: number }>([
        {
          $match: {
            corpId,
            kind: { $in: sendKinds },
            status: 'client_ok',
            userId,
            createdAt: { $gte: since },
            replyId: { $ne: null },
            part: 0,
          },
        },
        { $match: { $expr: { $in: [{ $hour: { date: '$createdAt', timezone: '+08:00' } }, hours] } } },
        { $group: { _id: '$replyId', count: { $sum: 1 } } },
        { $limit: 2_000 },
      ])
      return Object.fromEntries(rows.map(({ _id, count }) => [_id, count]))
    },
  }
}

export type UsageLookups = ReturnType<typeof createUsageLookups>
