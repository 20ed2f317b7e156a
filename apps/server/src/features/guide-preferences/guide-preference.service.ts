import type { PanelLanguage } from '@guidebar/contracts'
import type { Connection } from 'mongoose'

import type { GuidePrincipal } from '../../platform/access.ts'
import type { Clock } from '../../platform/deps.ts'
import { guidePreferenceModel, type GuidePreference } from './guide-preference.model.ts'

/** What a guide has chosen in the panel and we need to know elsewhere. */
export function createGuidePreferenceService({ db, clock }: { db: Connection; clock: Clock }) {
  const preferences = guidePreferenceModel(db)
  return {
    /** The language of messages to a guide; Simplified Chinese for whoever never chose. */
    async languageOf({ corpId, userId }: GuidePrincipal): Promise<PanelLanguage> {
      const row = await preferences.findById(`${corpId}/${userId}`).lean<GuidePreference>().exec()
      return row?.language ?? 'zh-CN'
    },

    /** Safe to repeat. */
    async saveLanguage({ corpId, userId }: GuidePrincipal, language: PanelLanguage): Promise<void> {
      const row = { corpId, userId, language, updatedAt: clock.now() }
      await preferences.updateOne({ _id: `${corpId}/${userId}` }, { $set: row }, { upsert: true })
    },
  }
}

export type GuidePreferenceService = ReturnType<typeof createGuidePreferenceService>
