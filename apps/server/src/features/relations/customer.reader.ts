import { type Connection, trusted } from 'mongoose'

import { customerModel, type Customer } from './customer.model.ts'
import {
  currentStatuses,
  customerId,
  relationId,
  relationModel,
  type CustomerKey,
  type Relation,
  type RelationKey,
} from './relation.model.ts'

/** A customer as a list shows one: the guide's own remark wins over the name. */
export type CustomerLine = {
  externalUserId: string
  name: string
  avatarUrl: string | null
  tagIds: string[]
  addedAt: Date
}
type GuideKey = { corpId: string; userId: string }

/** More customers than WeCom lets most guides have; a guide with more sees to the newest of them. */
const mostCustomers = 5_000
const mostFellows = 50

const plainFields = {
  _id: 0,
  userId: 1,
  externalUserId: 1,
  tagIds: 1,
  addedAt: 1,
  remark: 1,
  status: 1,
  addWay: 1,
  state: 1,
} as const
/** A relation without what only its own feature is concerned with. */
export type PlainRelation = Pick<Relation, Exclude<keyof typeof plainFields, '_id'>>
const maxTimeMS = 30_000

/** Lists of customers for other features; only those whom the guide follows now. */
export function createCustomerReader(db: Connection) {
  const relations = relationModel(db)
  const customers = customerModel(db)
  const fields = { externalUserId: 1, remark: 1, tagIds: 1, addedAt: 1 }
  type Line = Pick<Relation, 'externalUserId' | 'remark' | 'tagIds' | 'addedAt'>

  async function toLines(corpId: string, rows: Line[]): Promise<CustomerLine[]> {
    const ids = rows.map(({ externalUserId }) => `${corpId}/${externalUserId}`)
    const people = await customers
      .find({ _id: trusted({ $in: ids }) }, { externalUserId: 1, name: 1, avatarUrl: 1 })
      .lean<Customer[]>()
      .exec()
    const byId = new Map(people.map((person) => [person.externalUserId, person]))
    return rows.map(({ externalUserId, remark, tagIds, addedAt }) => {
      const person = byId.get(externalUserId)
      return {
        externalUserId,
        name: remark || (person?.name ?? ''),
        avatarUrl: person?.avatarUrl ?? null,
        tagIds,
        addedAt,
      }
    })
  }

  return {
    /** The person as stored; null for an unknown one. */
    personOf: ({ corpId, externalUserId }: CustomerKey): Promise<Customer | null> =>
      customers.findById(customerId({ corpId, externalUserId })).lean<Customer>().exec(),

    /** Ids of customers with a relation, ended ones included, in their order. @param after the last one seen */
    async listIds(corpId: string, after: string, limit: number): Promise<string[]> {
      const rows = await relations.collection
        .aggregate<{ _id: string }>(
          [
            { $match: { corpId, externalUserId: { $gt: after } } },
            { $sort: { corpId: 1, externalUserId: 1 } },
            { $limit: limit },
            { $group: { _id: '$externalUserId' } },
            { $sort: { _id: 1 } },
          ],
          { hint: { corpId: 1, externalUserId: 1 }, maxTimeMS },
        )
        .toArray()
      return rows.map(({ _id }) => _id)
    },

    /** What stands on the current relations of these customers. */
    currentOf: (corpId: string, externalUserIds: string[]): Promise<PlainRelation[]> =>
      relations.collection
        .find<PlainRelation>(
          { corpId, externalUserId: { $in: externalUserIds }, status: { $in: currentStatuses } },
          { projection: plainFields, maxTimeMS },
        )
        .toArray(),

    people: (corpId: string, externalUserIds: string[]): Promise<Customer[]> =>
      customers
        .find({
          _id: trusted({ $in: externalUserIds.map((externalUserId) => customerId({ corpId, externalUserId })) }),
        })
        .maxTimeMS(maxTimeMS)
        .lean<Customer[]>()
        .exec(),

    /** Everybody who follows a customer now, the newest relation first. */
    relationsOf: ({ corpId, externalUserId }: CustomerKey): Promise<Relation[]> =>
      relations
        .find({ corpId, externalUserId, status: trusted({ $in: currentStatuses }) })
        .sort({ addedAt: -1 })
        .lean<Relation[]>()
        .exec(),

    /** Some WeChat customers of the corp, and how many of them have a unionid. */
    async sampleUnionIds(corpId: string, limit: number): Promise<{ sampled: number; withUnionId: number }> {
      const from = trusted({ $gt: `${corpId}/`, $lt: `${corpId}0` })
      const rows = await customers.find({ _id: from, type: 1 }, { unionId: 1 }).limit(limit).lean<Customer[]>().exec()
      return { sampled: rows.length, withUnionId: rows.filter(({ unionId }) => unionId).length }
    },

    /** Those among these ids whom the guide follows; the others are missing. */
    async lines({ corpId, userId }: GuideKey, externalUserIds: string[]): Promise<Map<string, CustomerLine>> {
      if (externalUserIds.length === 0) return new Map()
      const ids = externalUserIds.map((externalUserId) => relationId({ corpId, userId, externalUserId }))
      const rows = await relations
        .find({ _id: trusted({ $in: ids }), status: trusted({ $in: currentStatuses }) }, fields)
        .lean<Line[]>()
        .exec()
      return new Map((await toLines(corpId, rows)).map((line) => [line.externalUserId, line]))
    },

    /** Friends of a guide with their tags, the newest first; without names. */
    listActive: ({ corpId, userId }: GuideKey): Promise<Pick<Relation, 'externalUserId' | 'tagIds' | 'addedAt'>[]> =>
      relations
        .find({ corpId, userId, status: 'active' }, { externalUserId: 1, tagIds: 1, addedAt: 1, _id: 0 })
        .sort({ addedAt: -1 })
        .limit(mostCustomers)
        .lean<Line[]>()
        .exec(),

    /** Tags that colleagues have put on the same customer. */
    fellowTags: ({ corpId, userId, externalUserId }: RelationKey): Promise<Pick<Relation, 'userId' | 'tagIds'>[]> =>
      relations
        .find(
          {
            corpId,
            externalUserId,
            userId: trusted({ $ne: userId }),
            status: trusted({ $in: currentStatuses }),
            'tagIds.0': trusted({ $exists: true }),
          },
          { userId: 1, tagIds: 1, _id: 0 },
        )
        .limit(mostFellows)
        .lean<Relation[]>()
        .exec(),

    /** Pairs of these guides and the customers who have one of the tags or are named; at most `limit`. */
    listPairs: (
      corpId: string,
      userIds: string[],
      { externalUserIds, tagIds }: { externalUserIds: string[]; tagIds: string[] },
      limit: number,
    ): Promise<Pick<Relation, 'userId' | 'externalUserId'>[]> =>
      relations
        .find(
          {
            corpId,
            userId: trusted({ $in: userIds }),
            status: 'active',
            $or: [{ externalUserId: trusted({ $in: externalUserIds }) }, { tagIds: trusted({ $in: tagIds }) }],
          },
          { userId: 1, externalUserId: 1, _id: 0 },
        )
        .limit(limit)
        .lean<Relation[]>()
        .exec(),
  }
}

export type CustomerReader = ReturnType<typeof createCustomerReader>
