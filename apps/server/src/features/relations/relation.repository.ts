import { trusted, type Connection, type mongo } from 'mongoose'

import type { Customer } from './customer.model.ts'
import { insertNew } from '../../platform/insert-new.ts'
import {
  currentStatuses,
  relationId,
  relationModel,
  type CustomerKey,
  type Relation,
  type RelationKey,
} from './relation.model.ts'

/** A relation with the person and the colleagues who serve the same person. */
export type RelationContext = {
  relation: Relation
  customer: Customer
  fellows: { userId: string; addedAt: Date }[]
}

/** Enough to tell whether a read brings something new. */
export type KnownRelation = Pick<Relation, '_id' | 'mark' | 'status' | 'addedAt' | 'readBeganAt'>

/** A relation moving from one state to the next. */
export type RelationStep = { before: Relation; after: Relation }

type Operations = mongo.AnyBulkWriteOperation[]

const knownFields = { mark: 1, status: 1, addedAt: 1, readBeganAt: 1 }
const maxTimeMs = 2_000
const byKey = { _id: 1 } as const
/** The key, and the parts of it by which the collection may be spread over shards: then one of them is asked. */
const keyOf = (key: RelationKey) => ({ _id: relationId(key), corpId: key.corpId, externalUserId: key.externalUserId })
const mostFellows = 20

export function createRelationRepository(db: Connection) {
  const relations = relationModel(db)
  const isCurrent = () => trusted({ $in: currentStatuses })

  /** @param ids in their order: so they are found in half the time */
  const findByIds = (ids: string[], projection: object) =>
    relations.collection.find({ _id: { $in: ids } as never }, { projection, batchSize: ids.length + 1 }).toArray()

  return {
    /** Current relations only: one that ended is as good as none. */
    find: (key: RelationKey): Promise<Relation | null> =>
      relations
        .findOne({ ...keyOf(key), status: isCurrent() })
        .hint(byKey)
        .lean<Relation>()
        .exec(),

    /** Everything about one relation in one operation. Keys stand as constants in the joins: that halves their cost. */
    async findContext(key: RelationKey): Promise<RelationContext | null> {
      const { corpId, userId, externalUserId } = key
      const ofCustomer = { corpId, externalUserId }
      const status = { $in: currentStatuses }
      const [row] = await relations.collection
        .aggregate<Relation & { customers: Customer[]; fellows: RelationContext['fellows'] }>(
          [
            { $match: { ...keyOf(key), status } },
            {
              $lookup: {
                from: 'customers',
                pipeline: [{ $match: { _id: `${corpId}/${externalUserId}` } }],
                as: 'customers',
              },
            },
            {
              $lookup: {
                from: 'relations',
                pipeline: [
                  { $match: { ...ofCustomer, status, userId: { $ne: userId } } },
                  { $sort: { addedAt: -1 } },
                  { $limit: mostFellows },
                  { $project: { _id: 0, userId: 1, addedAt: 1 } },
                ],
                as: 'fellows',
              },
            },
          ],
          { maxTimeMS: maxTimeMs, hint: byKey },
        )
        .toArray()
      const customer = row?.customers[0]
      return row && customer ? { relation: row, customer, fellows: row.fellows } : null
    },

    /** Who follows a customer by our knowledge. */
    async listFollowers({ corpId, externalUserId }: CustomerKey): Promise<string[]> {
      const rows = await relations
        .find({ corpId, externalUserId, status: isCurrent() }, { userId: 1 })
        .lean<{ userId: string }[]>()
        .exec()
      return rows.map(({ userId }) => userId)
    },

    /** When anything about this customer was last read, in milliseconds. */
    async lastReadOf({ corpId, externalUserId }: CustomerKey): Promise<number | undefined> {
      const row = await relations
        .findOne({ corpId, externalUserId }, { readBeganAt: 1 })
        .sort({ readBeganAt: -1 })
        .lean<{ readBeganAt: Date }>()
        .exec()
      return row?.readBeganAt.getTime()
    },

    /** A guide's current customers by our knowledge, ids only. */
    async listByGuide(corpId: string, userId: string): Promise<string[]> {
      const rows = await relations
        .find({ corpId, userId, status: isCurrent() }, { externalUserId: 1, _id: 0 })
        .maxTimeMS(30_000)
        .lean<{ externalUserId: string }[]>()
        .exec()
      return rows.map(({ externalUserId }) => externalUserId)
    },

    /** Current relations of each of these guides; one without any is missing. Read from an index alone. */
    async countByGuides(corpId: string, userIds: string[]): Promise<Map<string, number>> {
      const rows = await relations.collection
        .aggregate<{ _id: string; count: number }>(
          [
            { $match: { corpId, userId: { $in: userIds }, status: { $in: currentStatuses } } },
            { $group: { _id: '$userId', count: { $sum: 1 } } },
          ],
          { maxTimeMS: 60_000 },
        )
        .toArray()
      return new Map(rows.map(({ _id, count }) => [_id, count]))
    },

    count: (corpId: string): Promise<number> =>
      relations.countDocuments({ corpId, status: isCurrent() }).maxTimeMS(30_000).exec(),

    /**
     * How many of these are stored just so. Most often all are, and then this one number spares bringing them here.
     * @param rows in the order of their keys
     */
    async countSame(rows: Pick<Relation, '_id' | 'mark'>[]): Promise<number> {
      const filter = { _id: { $in: rows.map(({ _id }) => _id) }, mark: { $in: rows.map(({ mark }) => mark) } }
      return relations.collection.countDocuments(filter as never, { hint: '_id_', maxTimeMS: 60_000 })
    },

    /** What is stored under these keys, as far as a comparison needs it. */
    async findKnown(ids: string[]): Promise<Map<string, KnownRelation>> {
      const rows = (await findByIds(ids, knownFields)) as unknown as KnownRelation[]
      return new Map(rows.map((row) => [row._id, row]))
    },

    async findMany(ids: string[]): Promise<Relation[]> {
      return (await findByIds(ids, {})) as unknown as Relation[]
    },

    findAny: (key: RelationKey): Promise<Relation | null> =>
      relations.findOne(keyOf(key)).hint(byKey).lean<Relation>().exec(),

    /** @returns those whose key was taken by then */
    insert: (rows: Relation[]): Promise<Relation[]> => insertNew(db, relations.collection.collectionName, rows),

    /** Moves relations on, each only from the very state it is thought to be in. @returns how many moved */
    async advance(steps: RelationStep[]): Promise<number> {
      if (steps.length === 0) return 0
      const operations = steps.map(({ before, after: { _id, ...content } }) => ({
        updateOne: {
          filter: {
            _id,
            corpId: content.corpId,
            externalUserId: content.externalUserId,
            revision: before.revision,
            readBeganAt: { $lte: content.readBeganAt },
          },
          update: { $set: content },
        },
      }))
      const { matchedCount } = await relations.collection.bulkWrite(operations as unknown as Operations, {
        ordered: false,
      })
      return matchedCount
    },

    /** WeCom said once more what is stored: no change of the relation. */
    async touch(rows: (Pick<Relation, '_id' | 'readBeganAt'> & Partial<Relation>)[]): Promise<void> {
      if (rows.length === 0) return
      const operations = rows.map(({ _id, ...fields }) => ({
        updateOne: { filter: { _id, readBeganAt: { $lte: fields.readBeganAt } }, update: { $set: fields } },
      }))
      await relations.collection.bulkWrite(operations as unknown as Operations, { ordered: false })
    },
  }
}

export type RelationRepository = ReturnType<typeof createRelationRepository>
