import { trusted, type Connection, type mongo } from 'mongoose'

import { guideModel, type Guide, type GuideKey } from './guide.model.ts'

/** What WeCom's directory says of a member; whether he serves customers is said elsewhere. */
export type GuideFacts = Omit<Guide, '_id' | 'corpId' | keyof typeof ours | 'readBeganAt'>

/** What stands beside WeCom's facts, as it begins. */
const ours = { canServe: false, sessionEpoch: 0, customersReadAt: null, idsReadAt: null, rangeLeftAt: null }

/** A guide and how old our knowledge of the customers is. */
export type GuideAge = Pick<Guide, 'userId' | 'name' | 'storeName' | 'customersReadAt' | 'idsReadAt'>

const idOf = ({ corpId, userId }: GuideKey) => `${corpId}/${userId}`
const batchSize = 500

export function createGuideRepository(db: Connection) {
  const guides = guideModel(db)

  return {
    find: (key: GuideKey): Promise<Guide | null> => guides.findById(idOf(key)).lean<Guide>().exec(),

    findMany: (corpId: string, userIds: string[]): Promise<Guide[]> =>
      guides
        .find({ _id: trusted({ $in: userIds.map((userId) => idOf({ corpId, userId })) }) })
        .lean<Guide[]>()
        .exec(),

    /** Every member we know, for a full comparison with the directory. */
    list: (corpId: string): Promise<Guide[]> => guides.find({ corpId }).maxTimeMS(30_000).lean<Guide[]>().exec(),

    countServing: (corpId: string): Promise<number> =>
      guides.countDocuments({ corpId, canServe: true, status: 'active' }).exec(),

    async countStores(corpId: string): Promise<number> {
      const stores = await guides.distinct('storeId', { corpId, canServe: true, status: 'active' }).exec()
      return stores.filter((storeId) => storeId !== '').length
    },

    /**
     * Stores facts of members read at one moment; a member read later than that keeps what he has. Who is no longer
     * active loses the sessions he has.
     */
    async saveFacts(corpId: string, facts: GuideFacts[], readBeganAt: Date): Promise<void> {
      for (let from = 0; from < facts.length; from += batchSize) {
        const operations = facts.slice(from, from + batchSize).flatMap((fact) => {
          const _id = idOf({ corpId, userId: fact.userId })
          const isNewer = { _id, readBeganAt: { $lte: readBeganAt } }
          const endSessions = {
            updateOne: { filter: { ...isNewer, status: 'active' }, update: { $inc: { sessionEpoch: 1 } } },
          }
          const create = {
            updateOne: {
              filter: { _id },
              update: {
                $setOnInsert: { ...fact, corpId, ...ours, readBeganAt },
              },
              upsert: true,
            },
          }
          const save = { updateOne: { filter: isNewer, update: { $set: { ...fact, corpId, readBeganAt } } } }
          return fact.status === 'active' ? [create, save] : [create, endSessions, save]
        })
        // In order: the sessions are judged by the status from before.
        await guides.collection.bulkWrite(operations as unknown as mongo.AnyBulkWriteOperation[], { ordered: true })
      }
    },

    /** Marks who serves customers and who does not; only differences are written. */
    async saveServing(corpId: string, serving: Set<string>, at: Date): Promise<void> {
      const rows = await guides
        .find({ corpId }, { userId: 1, canServe: 1 })
        .maxTimeMS(30_000)
        .lean<{ _id: string; userId: string; canServe: boolean }[]>()
        .exec()
      const operations = rows
        .filter(({ userId, canServe }) => serving.has(userId) !== canServe)
        .map(({ _id, userId }) => ({
          updateOne: {
            filter: { _id },
            update: {
              $set: serving.has(userId) ? { canServe: true, rangeLeftAt: null } : { canServe: false, rangeLeftAt: at },
            },
          },
        }))
      if (operations.length > 0) await guides.bulkWrite(operations, { ordered: false })
    },

    /** The member is gone: no access from now on, the name stays for what he did. */
    async markLeft(key: GuideKey, at: Date): Promise<void> {
      await guides
        .updateOne(
          { _id: idOf(key), status: trusted({ $ne: 'left' }) },
          { $set: { status: 'left', canServe: false, rangeLeftAt: at, readBeganAt: at }, $inc: { sessionEpoch: 1 } },
        )
        .exec()
    },

    /** The member is out of the app's range: serves nobody as far as we can see, and may come back. */
    async markHidden(key: GuideKey, at: Date): Promise<void> {
      await guides.updateOne({ _id: idOf(key), canServe: true }, { $set: { canServe: false, rangeLeftAt: at } }).exec()
    },

    async saveCustomersRead(corpId: string, userIds: string[], at: Date): Promise<void> {
      const ids = userIds.map((userId) => idOf({ corpId, userId }))
      await guides.updateMany({ _id: trusted({ $in: ids }) }, { $set: { customersReadAt: at, idsReadAt: at } }).exec()
    },

    async saveIdsRead({ corpId, userId }: GuideKey, at: Date): Promise<void> {
      await guides.updateOne({ _id: idOf({ corpId, userId }) }, { $set: { idsReadAt: at } }).exec()
    },

    /** Of these, those whose customers were never read as a whole. */
    async listNeverRead(corpId: string, userIds: string[]): Promise<string[]> {
      const ids = userIds.map((userId) => idOf({ corpId, userId }))
      const rows = await guides
        .find({ _id: trusted({ $in: ids }), customersReadAt: null }, { userId: 1 })
        .lean<{ userId: string }[]>()
        .exec()
      return rows.map(({ userId }) => userId)
    },

    /** Guides who serve, the longest unread first; never read ones before all. @param after the last one seen */
    listStale: (
      corpId: string,
      { after, limit }: { after?: Pick<GuideAge, 'customersReadAt' | 'userId'> | null; limit: number },
    ): Promise<GuideAge[]> =>
      guides
        .find(
          { corpId, canServe: true, ...(after && isAfter(after)) },
          { userId: 1, name: 1, storeName: 1, customersReadAt: 1, idsReadAt: 1 },
        )
        .sort({ customersReadAt: 1, userId: 1 })
        .limit(limit)
        .maxTimeMS(10_000)
        .lean<GuideAge[]>()
        .exec(),

    /** Guides whose customers went out of our sight, and of whom nothing was decided yet. */
    async listRangeLeft(corpId: string): Promise<string[]> {
      const rows = await guides
        .find({ corpId, canServe: false, rangeLeftAt: trusted({ $ne: null }) }, { userId: 1 })
        .maxTimeMS(10_000)
        .lean<{ userId: string }[]>()
        .exec()
      return rows.map(({ userId }) => userId)
    },

    async clearRangeLeft({ corpId, userId }: GuideKey): Promise<void> {
      await guides.updateOne({ _id: idOf({ corpId, userId }) }, { $set: { rangeLeftAt: null } }).exec()
    },

    async renameStore(corpId: string, storeId: string, storeName: string): Promise<void> {
      await guides
        .updateMany({ corpId, storeId, storeName: trusted({ $ne: storeName }) }, { $set: { storeName } })
        .exec()
    },
  }
}

export type GuideRepository = ReturnType<typeof createGuideRepository>

/** The order puts «never» first, so all moments come after it. */
function isAfter({ customersReadAt, userId }: Pick<GuideAge, 'customersReadAt' | 'userId'>) {
  const later = customersReadAt ? trusted({ $gt: customersReadAt }) : trusted({ $ne: null })
  return { $or: [{ customersReadAt, userId: trusted({ $gt: userId }) }, { customersReadAt: later }] }
}
