import type { PanelSettings } from '@guidebar/contracts'
import type { Connection } from 'mongoose'

import { panelSettingsModel, type PanelSettingsRow } from './settings.model.ts'

export function createSettingsRepository(db: Connection) {
  const settings = panelSettingsModel(db)
  return {
    async find(corpId: string): Promise<PanelSettings | null> {
      const row = await settings.findById(corpId).lean<PanelSettingsRow>().exec()
      if (!row) return null
      const { brand, languages, imageHosts, retention } = row
      return {
        brand: { name: brand.name, accent: brand.accent ?? '' },
        languages: languages as PanelSettings['languages'],
        imageHosts,
        retention: { callbackDays: retention.callbackDays, deadLetterDays: retention.deadLetterDays },
      }
    },

    async save(corpId: string, wanted: PanelSettings, by: { byUserId: string; updatedAt: Date }): Promise<void> {
      await settings.replaceOne({ _id: corpId }, { ...wanted, ...by }, { upsert: true }).exec()
    },
  }
}

export type SettingsRepository = ReturnType<typeof createSettingsRepository>
