import type { Attention, HomeFigures } from '@guidebar/contracts'

import { beijingDay, beijingDayStart, beijingMonthStart } from '../../platform/beijing-time.ts'
import type { Clock } from '../../platform/deps.ts'
import { createKeptAnswers } from '../../platform/kept-answers.ts'
import type { Scope } from '../../platform/rights/scope.ts'

export type HomeSources = {
  relationFigures: {
    byDay(within: Scope, since: Date): Promise<Map<string, { added: number; lost: number }>>
    countOf(corpId: string, userIds: string[]): Promise<number>
  }
  sendLookups: {
    funnel(within: Scope, since: Date): Promise<{ sent: number; opened: number }>
    countFailed(within: Scope, since: Date): Promise<number>
  }
  orderFigures: {
    byStore(
      within: Scope,
      since: Date,
      limit: number,
    ): Promise<{ storeId: string; orders: number; amountFen: number }[]>
    countBought(within: Scope, since: Date): Promise<number>
  }
  stores: {
    names(corpId: string, storeIds: string[]): Promise<Map<string, string>>
    leavers(within: Scope): Promise<string[]>
  }
  callbacks: { gauges(corpId: string): Promise<{ dead: number }> }
  jobs: { stats(): Promise<{ dead: number }[]> }
  sync: { countWaiting(corpId: string): Promise<number> }
  upstream: { budget(corpId: string): Promise<{ at: string; apis: { closedUntil: string | null }[] }> }
}

const shownDays = 30
const shownStores = 10
const dayMs = 24 * 3_600_000
const keptMs = 60_000

/** What the home page shows beyond plain counts. */
export function createHomeFigures(sources: HomeSources, clock: Clock) {
  const kept = createKeptAnswers<HomeFigures>({ ttlMs: keptMs, now: () => clock.now().getTime() })

  async function read(within: Scope): Promise<HomeFigures> {
    const now = clock.now()
    const since = new Date(beijingDayStart(now).getTime() - (shownDays - 1) * dayMs)
    const { relationFigures, sendLookups, orderFigures, stores } = sources
    const [byDay, funnel, bought, sales] = await Promise.all([
      relationFigures.byDay(within, since),
      sendLookups.funnel(within, since),
      orderFigures.countBought(within, since),
      orderFigures.byStore(within, beijingMonthStart(now), shownStores),
    ])
    const names = await stores.names(
      within.corpId,
      sales.map(({ storeId }) => storeId),
    )
    return {
      asOf: now.toISOString(),
      days: Array.from({ length: shownDays }, (_, back) => beijingDay(now, back))
        .toReversed()
        .map((day) => ({ day, ...(byDay.get(day) ?? { added: 0, lost: 0 }) })),
      funnel: { ...funnel, bought: Math.min(bought, funnel.sent) },
      stores: sales.map((row) => ({ ...row, name: names.get(row.storeId) ?? row.storeId })),
    }
  }

  /** What concerns the corp as a whole, and takes somebody who has it. */
  async function ofCorp(corpId: string): Promise<Attention[]> {
    const { callbacks, jobs, sync, upstream } = sources
    const [letters, jobStats, lists, budget] = await Promise.all([
      callbacks.gauges(corpId),
      jobs.stats(),
      sync.countWaiting(corpId),
      upstream.budget(corpId),
    ])
    const closed = budget.apis.filter(({ closedUntil }) => closedUntil !== null && closedUntil > budget.at).length
    return [
      { kind: 'dead-callbacks', count: letters.dead },
      { kind: 'dead-jobs', count: jobStats.reduce((sum, { dead }) => sum + dead, 0) },
      { kind: 'suspicious-lists', count: lists },
      { kind: 'api-limits', count: closed },
    ]
  }

  return {
    /** At most a minute old. */
    figures: (within: Scope): Promise<HomeFigures> =>
      kept.read(JSON.stringify([within.corpId, within.storeIds, within.userIds]), () => read(within)),

    /** What waits for an admin, the gravest first; what there is none of is left out. */
    async attention(within: Scope): Promise<Attention[]> {
      const { sendLookups, stores, relationFigures } = sources
      const yesterday = new Date(clock.now().getTime() - dayMs)
      const [corpWide, failed, leavers] = await Promise.all([
        within.isAll ? ofCorp(within.corpId) : [],
        sendLookups.countFailed(within, yesterday),
        stores.leavers(within).then((userIds) => relationFigures.countOf(within.corpId, userIds)),
      ])
      const counts: Attention[] = [
        ...corpWide,
        { kind: 'failed-sends', count: failed },
        { kind: 'leavers', count: leavers },
      ]
      return counts.filter(({ count }) => count > 0)
    },
  }
}
