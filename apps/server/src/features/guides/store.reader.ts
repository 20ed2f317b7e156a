import { type Connection, trusted } from 'mongoose'

import type { Scope } from '../../platform/rights/scope.ts'
import { departmentModel, type Department } from './department.model.ts'
import { guideModel, type Guide } from './guide.model.ts'

/** Stores and their guides for other features. */
export function createStoreReader(db: Connection) {
  const guides = guideModel(db)
  const departments = departmentModel(db)
  return {
    /** Guides who serve now: those named and those of the stores. */
    async listServing(
      corpId: string,
      { userIds, storeIds }: { userIds: string[]; storeIds: string[] },
    ): Promise<string[]> {
      const rows = await guides
        .find(
          {
            corpId,
            canServe: true,
            status: 'active',
            $or: [{ userId: trusted({ $in: userIds }) }, { storeId: trusted({ $in: storeIds }) }],
          },
          { userId: 1 },
        )
        .lean<Guide[]>()
        .exec()
      return rows.map(({ userId }) => userId)
    },

    /** The corp's whole tree. */
    departments: (corpId: string): Promise<Department[]> =>
      departments.find({ corpId }).maxTimeMS(10_000).lean<Department[]>().exec(),

    /** Members whose store is one of these, those who left included: what they did stays in the store. */
    async guidesOf(corpId: string, storeIds: string[]): Promise<string[]> {
      const rows = await guides
        .find({ corpId, storeId: trusted({ $in: storeIds }) }, { userId: 1 })
        .maxTimeMS(10_000)
        .lean<Guide[]>()
        .exec()
      return rows.map(({ userId }) => userId)
    },

    /** Guides who serve now, and the stores they serve in. */
    async counts(within: Scope): Promise<{ guides: number; stores: number }> {
      const serving = { ...within.byGuide(), canServe: true, status: 'active' as const }
      const [count, stores] = await Promise.all([
        guides.countDocuments(serving).maxTimeMS(10_000).exec(),
        guides.distinct('storeId', serving).maxTimeMS(10_000).exec(),
      ])
      return { guides: count, stores: stores.filter(Boolean).length }
    },

    /** Members who left, or may not work any more. */
    async leavers(within: Scope): Promise<string[]> {
      const left = { canServe: trusted({ $in: [true, false] }), status: trusted({ $ne: 'active' as const }) }
      const rows = await guides
        .find({ ...within.byGuide(), ...left }, { userId: 1 })
        .limit(2_000)
        .maxTimeMS(10_000)
        .lean<Guide[]>()
        .exec()
      return rows.map(({ userId }) => userId)
    },

    /** Names of members, whether they serve anybody or not. */
    async people(corpId: string, userIds: string[]): Promise<Map<string, { name: string }>> {
      const rows = await guides
        .find({ corpId, userId: trusted({ $in: userIds }) }, { userId: 1, name: 1 })
        .lean<Guide[]>()
        .exec()
      return new Map(rows.map(({ userId, name }) => [userId, { name }]))
    },

    /** Every store somebody serves in, by name. */
    async listStores(corpId: string): Promise<{ id: string; name: string }[]> {
      const ids = (await guides.distinct('storeId', { corpId, canServe: true, status: 'active' }).exec()).filter(
        Boolean,
      )
      const names = await this.names(corpId, ids)
      return ids.map((id) => ({ id, name: names.get(id) ?? id })).toSorted((a, b) => a.name.localeCompare(b.name, 'zh'))
    },

    /** Names of stores by id; unknown ones are missing. */
    async names(corpId: string, storeIds: string[]): Promise<Map<string, string>> {
      const rows = await departments
        .find({ _id: trusted({ $in: storeIds.map((storeId) => `${corpId}/${storeId}`) }) })
        .lean<Department[]>()
        .exec()
      return new Map(rows.map(({ departmentId, name }) => [String(departmentId), name]))
    },
  }
}

export type StoreReader = ReturnType<typeof createStoreReader>
