import { type Connection, trusted } from 'mongoose'

import type { GuideName } from './guide.mapper.ts'
import { guideModel, type Guide } from './guide.model.ts'

export type StoreOfGuides = { storeId: string; name: string; guides: { userId: string; name: string }[] }

const maxTimeMs = 5_000

/** Who works where, for lists to choose from and conditions to be read by. */
export function createGuideDirectory(db: Connection) {
  const guides = guideModel(db)
  return {
    /** What members are called, whoever they are and whether they are still there; unknown ones are missing. */
    async names(corpId: string, userIds: string[]): Promise<Map<string, GuideName>> {
      if (userIds.length === 0) return new Map()
      const rows = await guides
        .find(
          { _id: trusted({ $in: userIds.map((userId) => `${corpId}/${userId}`) }) },
          { userId: 1, name: 1, storeName: 1 },
        )
        .maxTimeMS(maxTimeMs)
        .lean<Guide[]>()
        .exec()
      return new Map(rows.map(({ userId, name, storeName }) => [userId, { name: name || userId, storeName }]))
    },

    /** Guides of each of these stores, those who left included: customers they had may still be theirs. */
    async guidesByStore(corpId: string, storeIds: string[]): Promise<Map<string, string[]>> {
      if (storeIds.length === 0) return new Map()
      const rows = await guides
        .find({ corpId, storeId: trusted({ $in: storeIds }) }, { userId: 1, storeId: 1 })
        .maxTimeMS(maxTimeMs)
        .lean<Guide[]>()
        .exec()
      const byStore = Map.groupBy(rows, ({ storeId }) => storeId)
      return new Map([...byStore].map(([storeId, own]) => [storeId, own.map(({ userId }) => userId)]))
    },

    /** Every store in which somebody serves, by name, with those who do. */
    async storesWithGuides(corpId: string): Promise<StoreOfGuides[]> {
      const rows = await guides
        .find({ corpId, canServe: true, status: 'active' }, { userId: 1, name: 1, storeId: 1, storeName: 1 })
        .maxTimeMS(maxTimeMs)
        .lean<Guide[]>()
        .exec()
      const stores = [...Map.groupBy(rows, ({ storeId }) => storeId)].map(([storeId, own]) => ({
        storeId,
        name: own[0]?.storeName || storeId,
        guides: own.map(({ userId, name }) => ({ userId, name: name || userId })).toSorted(byName),
      }))
      return stores.toSorted(byName)
    },
  }
}

export type GuideDirectory = ReturnType<typeof createGuideDirectory>

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name, 'zh-CN')
