import type { ContactRules } from '@guidebar/contracts'
import type { Connection } from 'mongoose'

import { contactRulesModel } from './contact-rules.model.ts'

export function createContactRulesRepository(db: Connection) {
  const rules = contactRulesModel(db)
  return {
    find: (corpId: string): Promise<ContactRules | null> =>
      rules.findById(corpId, { _id: 0, updatedAt: 0, byUserId: 0 }).lean<ContactRules>().exec(),

    async save(corpId: string, content: ContactRules, by: { byUserId: string; updatedAt: Date }): Promise<void> {
      await rules.updateOne({ _id: corpId }, { $set: { ...content, ...by } }, { upsert: true })
    },
  }
}

export type ContactRulesRepository = ReturnType<typeof createContactRulesRepository>
