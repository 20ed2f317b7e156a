import type { Connection } from 'mongoose'

import { sensitiveGroupModel, type SensitiveGroup } from './sensitive-group.model.ts'

export function createSensitiveGroupRepository(db: Connection) {
  const groups = sensitiveGroupModel(db)
  return {
    async list(corpId: string): Promise<Set<string>> {
      const rows = await groups.find({ corpId }).lean<SensitiveGroup[]>().exec()
      return new Set(rows.map(({ groupId }) => groupId))
    },

    /** Safe to repeat. */
    async set(corpId: string, groupId: string, isSensitive: boolean): Promise<void> {
      const _id = `${corpId}/${groupId}`
      if (isSensitive) await groups.updateOne({ _id }, { $set: { corpId, groupId } }, { upsert: true })
      else await groups.deleteOne({ _id })
    },
  }
}

export type SensitiveGroupRepository = ReturnType<typeof createSensitiveGroupRepository>
