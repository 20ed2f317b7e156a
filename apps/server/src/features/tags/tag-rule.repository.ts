import type { TagDirection } from '@guidebar/contracts'
import type { Connection } from 'mongoose'

import { tagRuleModel, type TagRule } from './tag-rule.model.ts'

export function createTagRuleRepository(db: Connection) {
  const rules = tagRuleModel(db)
  return {
    async list(corpId: string): Promise<Map<string, TagDirection>> {
      const rows = await rules.find({ corpId }).lean<TagRule[]>().exec()
      return new Map(rows.map(({ tagId, direction }) => [tagId, direction]))
    },

    async set(corpId: string, tagId: string, direction: TagDirection): Promise<void> {
      const _id = `${corpId}/${tagId}`
      await rules.updateOne({ _id }, { $set: { corpId, tagId, direction } }, { upsert: true })
    },
  }
}

export type TagRuleRepository = ReturnType<typeof createTagRuleRepository>
