import type { GuidePrincipal } from '../../platform/access.ts'
import { beijingDay } from '../../platform/beijing-time.ts'
import type { Clock } from '../../platform/deps.ts'
import { createKeptAnswers } from '../../platform/kept-answers.ts'
import type { UsageRepository } from './usage.repository.ts'

/** Uses of the last 30 days count. */
const windowDays = 30
/** How old the corp's figures may be, and a guide's own; another process counts too. */
const teamAgeMs = 60_000
const ownAgeMs = 5_000

type Counts = Map<string, number>
export type UsageService = ReturnType<typeof createUsageService>

/**
 * What is sent how often, to put the wanted things first. A process that dies between a send and its count loses that
 * count: good enough for an order of lists, and never used for results or money.
 */
export function createUsageService({ usages, clock }: { usages: UsageRepository; clock: Clock }) {
  const now = () => clock.now().getTime()
  const teams = createKeptAnswers<Counts>({ ttlMs: teamAgeMs, now })
  const guides = createKeptAnswers<Counts>({ ttlMs: ownAgeMs, now })
  const guideKey = ({ corpId, userId }: GuidePrincipal) => `${corpId}/${userId}`
  const sinceDay = () => beijingDay(clock.now(), windowDays - 1)

  return {
    /** Counts one use of each item by this guide. */
    async count(guide: GuidePrincipal, itemIds: string[]): Promise<void> {
      if (itemIds.length === 0) return
      const { corpId, userId } = guide
      await usages.increment({ corpId, userId, day: beijingDay(clock.now()), itemIds })
      guides.forget(guideKey(guide))
      // Everybody's counts are many rows: one more is added to the copy instead.
      const counts = await teams.peek(corpId)?.catch(() => undefined)
      for (const itemId of itemIds) counts?.set(itemId, (counts.get(itemId) ?? 0) + 1)
    },

    /** Uses by item id of one guide, seconds old at most. */
    ofGuide: ({ corpId, userId }: GuidePrincipal): Promise<Counts> =>
      guides.read(guideKey({ corpId, userId }), () => usages.countSince({ corpId, userId, day: sinceDay() })),

    /** Uses by item id of the whole corp, at most a minute old. */
    ofTeam: (corpId: string): Promise<Counts> =>
      teams.read(corpId, () => usages.countSince({ corpId, userId: '', day: sinceDay() })),
  }
}
