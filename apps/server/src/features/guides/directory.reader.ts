import { type Connection, trusted } from 'mongoose'

import { departmentModel, type Department } from './department.model.ts'
import { guideModel, type Guide } from './guide.model.ts'

const literal = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
const patienceMs = 5_000

export type PeopleFilter = {
  /** What the reader may see, from `scope`. */
  scope: Record<string, unknown>
  storeIds?: string[]
  userIds?: string[]
  state?: Guide['status']
  /** Part of a name or the beginning of a userid; taken literally. */
  q?: string
}

/** The directory as a list, for the admin panel. */
export function createDirectoryReader(db: Connection) {
  const guides = guideModel(db)
  const departments = departmentModel(db)

  return {
    departments: (corpId: string): Promise<Department[]> =>
      departments
        .find({ corpId })
        .sort({ order: -1, departmentId: 1 })
        .maxTimeMS(patienceMs)
        .lean<Department[]>()
        .exec(),

    /** Members by userid. @param after the last userid of the page before */
    async list(corpId: string, filter: PeopleFilter, { after, limit }: { after?: string; limit: number }) {
      const { storeIds, userIds, state, q } = filter
      const conditions: Record<string, unknown>[] = [filter.scope]
      if (storeIds) conditions.push({ storeId: trusted({ $in: storeIds }) })
      if (userIds) conditions.push({ userId: trusted({ $in: userIds }) })
      if (state) conditions.push({ status: state })
      if (q) {
        const name = trusted({ $regex: literal(q), $options: 'i' })
        conditions.push({ $or: [{ name }, { userId: trusted({ $regex: `^${literal(q)}`, $options: 'i' }) }] })
      }
      if (after !== undefined) conditions.push({ _id: trusted({ $gt: `${corpId}/${after}` }) })
      return guides
        .find({ $and: conditions })
        .sort({ _id: 1 })
        .limit(limit)
        .maxTimeMS(patienceMs)
        .lean<Guide[]>()
        .exec()
    },

    /** Members by department, those who left not counted. */
    async countByStore(corpId: string): Promise<Map<string, number>> {
      const rows = await guides
        .aggregate<{ _id: string; members: number }>([
          { $match: { corpId, status: { $ne: 'left' } } },
          { $group: { _id: '$storeId', members: { $sum: 1 } } },
        ])
        .option({ maxTimeMS: patienceMs })
        .exec()
      return new Map(rows.map(({ _id, members }) => [_id, members]))
    },

    /** Names by userid, whatever became of the member. */
    async namesOf(corpId: string, userIds: string[]): Promise<Map<string, string>> {
      const ids = [...new Set(userIds)].map((userId) => `${corpId}/${userId}`)
      const rows = await guides
        .find({ _id: trusted({ $in: ids }) }, { userId: 1, name: 1 })
        .lean<Guide[]>()
        .exec()
      return new Map(rows.map(({ userId, name }) => [userId, name]))
    },
  }
}

export type DirectoryReader = ReturnType<typeof createDirectoryReader>
