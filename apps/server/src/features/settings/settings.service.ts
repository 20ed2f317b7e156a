import { panelLanguages, type PanelSettings } from '@guidebar/contracts'

import type { MemberKey } from '../../platform/access.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { createKeptAnswers } from '../../platform/kept-answers.ts'
import { contrastWithWhite } from './contrast.ts'
import type { SettingsRepository } from './settings.repository.ts'

type Deps = { settings: SettingsRepository; audit: AuditService; brand: string; clock: Clock }

/** How long a change by another process may go unseen. */
const settingsAgeMs = 10_000
/** What small white words need on a colour: WCAG 2 AA. */
const leastContrast = 4.5

/** What a corp has chosen about its panel. */
export function createSettingsService({ settings, audit, brand, clock }: Deps) {
  const kept = createKeptAnswers<PanelSettings>({ ttlMs: settingsAgeMs, now: () => clock.now().getTime() })
  const builtIn: PanelSettings = {
    brand: { name: brand, accent: '' },
    languages: [...panelLanguages],
    imageHosts: [],
    retention: { callbackDays: 7, deadLetterDays: 30 },
  }
  const read = (corpId: string): Promise<PanelSettings> =>
    kept.read(corpId, async () => (await settings.find(corpId)) ?? builtIn)

  return {
    read,

    /** @throws AppError BAD_REQUEST for a colour that white words cannot be read on */
    async save({ corpId, userId }: MemberKey, wanted: PanelSettings): Promise<PanelSettings> {
      const { accent } = wanted.brand
      if (accent && contrastWithWhite(accent) < leastContrast)
        throw new AppError('BAD_REQUEST', 'white words cannot be read on this colour', { at: '/body/brand/accent' })
      const before = await read(corpId)
      await audit.note({ corpId, userId }, { action: 'settings.saved', target: corpId, before, after: wanted })
      await settings.save(corpId, wanted, { byUserId: userId, updatedAt: clock.now() })
      kept.forget(corpId)
      return wanted
    },
  }
}

export type SettingsService = ReturnType<typeof createSettingsService>
