import type { Connection } from 'mongoose'

import type { Scope } from '../../platform/rights/scope.ts'
import { relationEventModel } from './relation-event.model.ts'
import { currentStatuses, relationModel } from './relation.model.ts'

const mostMs = 15_000

/** Counts over all relations of a corp; each looks at many records, so whoever asks keeps the answer for a while. */
export function createRelationFigures(db: Connection) {
  const events = relationEventModel(db)
  const relations = relationModel(db)
  const gained = ['added', 'restored', 'customer_returned']
  const lost = ['ended', 'customer_left']

  return {
    /** Customers that are followed now, and by how many guides each, summed up. */
    async counts(within: Scope): Promise<{ customers: number; relations: number }> {
      const [row] = await relations
        .aggregate<{ customers: number; relations: number }>([
          { $match: { ...within.byGuide(), status: { $in: currentStatuses } } },
          { $group: { _id: '$externalUserId', guides: { $sum: 1 } } },
          { $group: { _id: null, customers: { $sum: 1 }, relations: { $sum: '$guides' } } },
        ])
        .option({ maxTimeMS: mostMs })
        .exec()
      return { customers: row?.customers ?? 0, relations: row?.relations ?? 0 }
    },

    /** Relations won and lost by Beijing day; days without any are missing. */
    async byDay(within: Scope, since: Date): Promise<Map<string, { added: number; lost: number }>> {
      const day = { $dateToString: { format: '%Y-%m-%d', date: '$at', timezone: '+08:00' } }
      const count = (kinds: string[]) => ({ $sum: { $cond: [{ $in: ['$kind', kinds] }, 1, 0] } })
      const rows = await events
        .aggregate<{ _id: string; added: number; lost: number }>([
          { $match: { ...within.byGuide(), at: { $gte: since }, kind: { $in: [...gained, ...lost] } } },
          { $group: { _id: day, added: count(gained), lost: count(lost) } },
        ])
        .option({ maxTimeMS: mostMs })
        .exec()
      return new Map(rows.map(({ _id, ...counts }) => [_id, counts]))
    },

    /** Customers of these members, who cannot serve them any more. */
    async countOf(corpId: string, userIds: string[]): Promise<number> {
      if (userIds.length === 0) return 0
      const [row] = await relations
        .aggregate<{ count: number }>([
          { $match: { corpId, userId: { $in: userIds }, status: { $in: currentStatuses } } },
          { $count: 'count' },
        ])
        .option({ maxTimeMS: mostMs })
        .exec()
      return row?.count ?? 0
    },
  }
}

export type RelationFigures = ReturnType<typeof createRelationFigures>
