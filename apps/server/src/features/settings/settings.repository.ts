import type { CorpSettings } from '@guidebar/contracts'
import type { Connection } from 'mongoose'

import { corpSettingsModel, type CorpSettingsRow } from './settings.model.ts'

export function createSettingsRepository(db: Connection) {
  const settings = corpSettingsModel(db)
  return {
    async find(corpId: string): Promise<CorpSettings | null> {
      const row = await settings.findById(corpId).lean<CorpSettingsRow>().exec()
      if (!row) return null
      const { brand, languages, imageHosts, retention } = row
      return {
        brand: { name: brand.name, accent: brand.accent ?? '' },
        languages: languages as CorpSettings['languages'],
        imageHosts,
        retention: { callbackDays: retention.callbackDays, deadLetterDays: retention.deadLetterDays },
      }
    },

    async save(corpId: string, wanted: CorpSettings, by: { byUserId: string; updatedAt: Date }): Promise<void> {
      await settings.replaceOne({ _id: corpId }, { ...wanted, ...by }, { upsert: true }).exec()
    },
  }
}

export type SettingsRepository = ReturnType<typeof createSettingsRepository>
