import type { Attention, HomeFigures } from '@guidebar/contracts'

import { beijingDay, beijingDayStart, beijingMonthStart } from '../../platform/beijing-time.ts'
import type { Clock } from '../../platform/deps.ts'

type Kept<T> = { value: Promise<T>; at: number }

export type HomeSources = {
  relationFigures: {
    byDay(corpId: string, since: Date): Promise<Map<string, { added: number; lost: number }>>
    countOf(corpId: string, userIds: string[]): Promise<number>
  }
  sendLookups: {
    funnel(corpId: string, since: Date): Promise<{ sent: number; opened: number }>
    countFailed(corpId: string, since: Date): Promise<number>
  }
  orderFigures: {
    byStore(
      corpId: string,
      since: Date,
      limit: number,
    ): Promise<{ storeId: string; orders: number; amountFen: number }[]>
    countBought(corpId: string, since: Date): Promise<number>
  }
  stores: {
    names(corpId: string, storeIds: string[]): Promise<Map<string, string>>
    leavers(corpId: string): Promise<string[]>
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
  const kept = new Map<string, Kept<HomeFigures>>()

  async function read(corpId: string): Promise<HomeFigures> {
    const now = clock.now()
    const since = new Date(beijingDayStart(now).getTime() - (shownDays - 1) * dayMs)
    const { relationFigures, sendLookups, orderFigures, stores } = sources
    const [byDay, funnel, bought, sales] = await Promise.all([
      relationFigures.byDay(corpId, since),
      sendLookups.funnel(corpId, since),
      orderFigures.countBought(corpId, since),
      orderFigures.byStore(corpId, beijingMonthStart(now), shownStores),
    ])
    const names = await stores.names(
      corpId,
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

  return {
    /** At most a minute old: while somebody looks at an older one, it is read anew. */
    figures(corpId: string): Promise<HomeFigures> {
      const now = clock.now().getTime()
      const known = kept.get(corpId)
      if (known && now - known.at < keptMs) return known.value
      const value = read(corpId)
      kept.set(corpId, { value, at: now })
      value.catch(() => kept.delete(corpId))
      return value
    },

    /** What waits for an admin, the gravest first; what there is none of is left out. */
    async attention(corpId: string): Promise<Attention[]> {
      const { callbacks, jobs, sync, sendLookups, stores, relationFigures, upstream } = sources
      const yesterday = new Date(clock.now().getTime() - dayMs)
      const [letters, jobStats, lists, failed, leavers, budget] = await Promise.all([
        callbacks.gauges(corpId),
        jobs.stats(),
        sync.countWaiting(corpId),
        sendLookups.countFailed(corpId, yesterday),
        stores.leavers(corpId).then((userIds) => relationFigures.countOf(corpId, userIds)),
        upstream.budget(corpId),
      ])
      const closed = budget.apis.filter(({ closedUntil }) => closedUntil !== null && closedUntil > budget.at).length
      const counts: Attention[] = [
        { kind: 'dead-callbacks', count: letters.dead },
        { kind: 'dead-jobs', count: jobStats.reduce((sum, { dead }) => sum + dead, 0) },
        { kind: 'suspicious-lists', count: lists },
        { kind: 'failed-sends', count: failed },
        { kind: 'leavers', count: leavers },
        { kind: 'api-limits', count: closed },
      ]
      return counts.filter(({ count }) => count > 0)
    },
  }
}
