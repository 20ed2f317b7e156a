import type { ActionRule } from '@guidebar/contracts'
import { trusted, type Connection } from 'mongoose'

import { putAwayModel, ruleModel, type PutAway, type StoredRule } from './action.model.ts'

export function createActionRepository(db: Connection) {
  const rules = ruleModel(db)
  const putAways = putAwayModel(db)
  return {
    listRules: (corpId: string): Promise<StoredRule[]> => rules.find({ corpId }).lean<StoredRule[]>().exec(),

    async saveRules(corpId: string, wanted: ActionRule[], by: { byUserId: string; updatedAt: Date }): Promise<void> {
      if (wanted.length === 0) return
      await rules.bulkWrite(
        wanted.map((rule) => ({
          updateOne: {
            filter: { _id: `${corpId}/${rule.rule}` },
            update: { $set: { ...rule, corpId, ...by } },
            upsert: true,
          },
        })),
      )
    },

    async putAway(row: Omit<PutAway, '_id'>): Promise<void> {
      const { corpId, userId, externalUserId, key, until } = row
      const _id = `${corpId}/${userId}/${externalUserId}/${key}`
      await putAways.updateOne({ _id }, { $set: { corpId, userId, externalUserId, key, until } }, { upsert: true })
    },

    /** What a guide has put away as of now, as `externalUserId/key`. */
    async listPutAway(
      { corpId, userId }: { corpId: string; userId: string },
      now: Date,
      externalUserId?: string,
    ): Promise<Set<string>> {
      const filter = { corpId, userId, until: trusted({ $gt: now }), ...(externalUserId && { externalUserId }) }
      const rows = await putAways.find(filter, { externalUserId: 1, key: 1 }).limit(5_000).lean<PutAway[]>().exec()
      return new Set(rows.map((row) => `${row.externalUserId}/${row.key}`))
    },
  }
}

export type ActionRepository = ReturnType<typeof createActionRepository>
