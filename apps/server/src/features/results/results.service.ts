import type { ResultsView } from '@guidebar/contracts'

import type { GuidePrincipal } from '../../platform/access.ts'
import { beijingDay, beijingMonthStart } from '../../platform/beijing-time.ts'
import type { Clock } from '../../platform/deps.ts'
import type { OrderLookups } from '../orders/order.lookups.ts'
import type { SendLookups } from '../sends/send.lookups.ts'

type Deps = { sends: Pick<SendLookups, 'byDay'>; orders: Pick<OrderLookups, 'byDay'>; clock: Clock }

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)

/** A guide's own results; counted from the records themselves. */
export function createResultsService({ sends, orders, clock }: Deps) {
  return {
    async ofMonth(guide: GuidePrincipal): Promise<ResultsView> {
      const now = clock.now()
      const monthStart = beijingMonthStart(now)
      const [{ sent, opened }, paid] = await Promise.all([
        sends.byDay(guide, monthStart),
        orders.byDay(guide.corpId, guide.userId, monthStart),
      ])
      const byDay = new Map(paid.map((row) => [row._id, row]))
      const today = beijingDay(now)
      const dates = Array.from({ length: Number(today.slice(8)) }, (_, index) => beijingDay(now, index)).toReversed()
      const days = dates.map((day) => ({
        day,
        sent: sent.get(day) ?? 0,
        opened: opened.get(day) ?? 0,
        orders: byDay.get(day)?.orders ?? 0,
        amountFen: byDay.get(day)?.amountFen ?? 0,
      }))
      const amountFen = sum(days.map((day) => day.amountFen))
      const offHoursFen = sum(dates.map((day) => byDay.get(day)?.offHoursFen ?? 0))
      return {
        monthStart: monthStart.toISOString(),
        sent: sum(days.map((day) => day.sent)),
        opened: sum(days.map((day) => day.opened)),
        orders: sum(days.map((day) => day.orders)),
        amountFen,
        offHoursShare: amountFen > 0 ? Math.round((offHoursFen / amountFen) * 10_000) / 10_000 : null,
        days,
      }
    },
  }
}

export type ResultsService = ReturnType<typeof createResultsService>
