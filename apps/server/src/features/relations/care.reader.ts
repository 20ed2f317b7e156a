import type { Connection } from 'mongoose'

import type { Profile } from '../customer-profiles/profile.model.ts'
import type { FollowUp } from '../notes/follow-up.model.ts'
import { currentStatuses, relationId, relationModel, type RelationKey } from './relation.model.ts'
import type { ContactCounts } from '../sends/send.lookups.ts'

/** What the first screen shows beside the customer. */
export type Care = {
  profile: Profile | null
  /** Open and due by the end of today, the first due first. */
  followUps: FollowUp[]
  /** Keys of the occasions the guide has put away. */
  putAway: string[]
  lastOrder: { orderNo: string; paidAt: Date; name: string } | null
  counts: ContactCounts
}
type Moments = { now: Date; endOfToday: Date; dayStart: Date; monthStart: Date }

const noCounts: ContactCounts = { myDay: 0, corpDay: 0, myMonth: 0, corpMonth: 0 }
const maxTimeMs = 2_000
const mostFollowUps = 20
const mostPutAway = 100

/**
 * Five features' facts about one relation in one operation: the first screen is read at every change of chat, and each
 * further round trip would be paid by every guide all day.
 */
export function createCareReader(db: Connection) {
  const relations = relationModel(db)
  return {
    /** Without a current relation there is nothing about the customer. */
    async read(key: RelationKey, { now, endOfToday, dayStart, monthStart }: Moments): Promise<Care> {
      const { corpId, userId, externalUserId } = key
      const ofPair = { corpId, userId, externalUserId }
      const count = (condition: object) => ({ $sum: { $cond: [condition, 1, 0] } })
      const isMine = { $eq: ['$userId', userId] }
      const isToday = { $gte: ['$createdAt', dayStart] }
      type Row = {
        profiles: Profile[]
        followUps: FollowUp[]
        putAway: { key: string }[]
        orders: NonNullable<Care['lastOrder']>[]
        counts: ContactCounts[]
      }
      const [row] = await relations.collection
        .aggregate<Row>(
          [
            { $match: { _id: relationId(key) as never, status: { $in: currentStatuses } } },
            { $project: { _id: 1 } },
            lookUp('profiles', 'customerProfiles', [{ $match: { _id: `${corpId}/${externalUserId}` } }]),
            lookUp('followUps', 'followUps', [
              { $match: { ...ofPair, state: 'open', dueAt: { $lte: endOfToday } } },
              { $sort: { dueAt: 1 } },
              { $limit: mostFollowUps },
            ]),
            lookUp('putAway', 'actionPutAways', [
              { $match: { ...ofPair, until: { $gt: now } } },
              { $limit: mostPutAway },
              { $project: { _id: 0, key: 1 } },
            ]),
            lookUp('orders', 'orders', [
              {
                $match: {
                  $or: [
                    { corpId, externalUserId },
                    { corpId, externalUserId: null, 'credit.externalUserId': externalUserId },
                  ],
                },
              },
              { $sort: { paidAt: -1 } },
              { $limit: 1 },
              { $project: { _id: 0, orderNo: 1, paidAt: 1, name: { $first: '$items.name' } } },
            ]),
            lookUp('counts', 'sends', [
              { $match: { corpId, externalUserId, createdAt: { $gte: monthStart }, status: 'client_ok' } },
              {
                $group: {
                  _id: null,
                  myDay: count({ $and: [isMine, isToday] }),
                  corpDay: count(isToday),
                  myMonth: count(isMine),
                  corpMonth: { $sum: 1 },
                },
              },
            ]),
          ],
          { maxTimeMS: maxTimeMs },
        )
        .toArray()
      if (!row) return noCare
      const { profiles, followUps, putAway, orders, counts } = row
      return {
        profile: profiles[0] ?? null,
        followUps,
        putAway: putAway.map((away) => away.key),
        lastOrder: orders[0] ?? null,
        counts: counts[0] ?? noCounts,
      }
    },
  }
}

export type CareReader = ReturnType<typeof createCareReader>
const noCare: Care = { profile: null, followUps: [], putAway: [], lastOrder: null, counts: noCounts }

const lookUp = (as: string, from: string, pipeline: object[]) => ({ $lookup: { from, pipeline, as } })
