import type { ApiBudget, ApiUsageView } from '@guidebar/contracts'
import { ourQuota, type ApiStanding, type Quota } from '@guidebar/wecom'

import { addFigures, latencyBoundsMs, type ApiFigures, type MinuteFigures } from './usage-meter.ts'

type ApiInput = {
  path: string
  hour: ApiFigures
  lastMinute: number
  quota: Quota
  standing: ApiStanding
  here: ApiUsageView['here']
  now: Date
}

/** All figures of each API in these minutes. */
export function byPath(minutes: MinuteFigures[]): Map<string, ApiFigures> {
  const parts = Map.groupBy(
    minutes.flatMap(({ apis }) => apis),
    ({ path }) => path,
  )
  return new Map([...parts].map(([path, figures]) => [path, addFigures(path, figures)]))
}

export function toApiUsageView({ path, hour, lastMinute, quota, standing, here, now }: ApiInput): ApiUsageView {
  const ours = ourQuota(quota)
  const left = (most: number, booked: number) => Math.max(0, Math.floor(most - booked))
  return {
    path,
    lastMinute,
    lastHour: hour.calls,
    perMinute: Math.floor(ours.perMinute),
    perHour: Math.floor(ours.perHour),
    minuteLeft: standing.closedMs > 0 ? 0 : left(ours.perMinute, standing.bookedMinute),
    hourLeft: left(ours.perHour, standing.bookedHour),
    closedUntil: standing.closedMs > 0 ? new Date(now.getTime() + standing.closedMs).toISOString() : null,
    errors: hour.refusals.toSorted((a, b) => b.count - a.count),
    noAnswer: hour.noAnswer.toSorted((a, b) => b.count - a.count),
    latencyMs: toLatency(hour.ms),
    spent: hour.spent.toSorted((a, b) => b.count - a.count),
    here,
  }
}

function toLatency({ sum, most, answered, classes }: ApiFigures['ms']): ApiUsageView['latencyMs'] {
  if (answered === 0) return null
  const atMost = (share: number) => {
    let seen = 0
    const index = classes.findIndex((count) => (seen += count) >= share * answered)
    return Math.min(latencyBoundsMs[index] ?? most, most)
  }
  const rounded = (ms: number) => Math.round(ms * 10) / 10
  return { mean: rounded(sum / answered), p50: rounded(atMost(0.5)), p95: rounded(atMost(0.95)), most: rounded(most) }
}

/** Calls and failures by minute, oldest first. */
export function toMinutes(minutes: MinuteFigures[]): ApiBudget['minutes'] {
  const grouped = Map.groupBy(minutes, ({ minute }) => minute.getTime())
  const count = (list: { count: number }[]) => list.reduce((total, one) => total + one.count, 0)
  return [...grouped]
    .toSorted(([a], [b]) => a - b)
    .map(([at, parts]) => {
      const apis = parts.flatMap((part) => part.apis)
      return {
        at: new Date(at).toISOString(),
        calls: apis.reduce((total, { calls }) => total + calls, 0),
        errors: apis.reduce((total, { refusals, noAnswer }) => total + count(refusals) + count(noAnswer), 0),
      }
    })
}
