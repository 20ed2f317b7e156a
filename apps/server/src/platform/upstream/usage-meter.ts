import type { CallPurpose, CallReport, Lane } from '@guidebar/wecom'

import type { Clock } from '../deps.ts'

/** Upper bounds of the latency classes; the last class has none. */
export const latencyBoundsMs = [20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000] as const

/** One API in one minute, or in any longer time. */
export type ApiFigures = {
  path: string
  /** Calls that were sent. */
  calls: number
  refusals: { errcode: number; count: number }[]
  noAnswer: { reason: string; count: number }[]
  spent: { lane: Lane; purpose: CallPurpose; count: number }[]
  ms: { sum: number; most: number; answered: number; classes: number[] }
}

export type MinuteFigures = { minute: Date; apis: ApiFigures[] }

const minuteMs = 60_000

const emptyFigures = (path: string): ApiFigures => ({
  path,
  calls: 0,
  refusals: [],
  noAnswer: [],
  spent: [],
  ms: { sum: 0, most: 0, answered: 0, classes: Array.from({ length: latencyBoundsMs.length + 1 }, () => 0) },
})

/** Adds figures of the same API up. */
export function addFigures(path: string, parts: ApiFigures[]): ApiFigures {
  const all = emptyFigures(path)
  for (const part of parts) {
    all.calls += part.calls
    for (const { errcode, count } of part.refusals) countIn(all.refusals, { errcode }, count)
    for (const { reason, count } of part.noAnswer) countIn(all.noAnswer, { reason }, count)
    for (const { lane, purpose, count } of part.spent) countIn(all.spent, { lane, purpose }, count)
    all.ms.sum += part.ms.sum
    all.ms.most = Math.max(all.ms.most, part.ms.most)
    all.ms.answered += part.ms.answered
    part.ms.classes.forEach((count, index) => (all.ms.classes[index] = (all.ms.classes[index] ?? 0) + count))
  }
  return all
}

/** Counts this process's calls of one corp by minute, and since its start. */
export function createUsageMeter(clock: Clock) {
  const minutes = new Map<number, Map<string, ApiFigures>>()
  const totals = new Map<string, ApiFigures>()
  const changed = new Set<number>()

  function toMinutes(at: Iterable<number>): MinuteFigures[] {
    return [...at].map((minute) => ({ minute: new Date(minute), apis: [...(minutes.get(minute)?.values() ?? [])] }))
  }

  return {
    note(report: CallReport): void {
      const minute = Math.floor(clock.now().getTime() / minuteMs) * minuteMs
      const apis = minutes.get(minute) ?? new Map<string, ApiFigures>()
      minutes.set(minute, apis)
      changed.add(minute)
      for (const figures of [apis, totals]) {
        const one = figures.get(report.path) ?? emptyFigures(report.path)
        figures.set(report.path, one)
        addReport(one, report)
      }
    },

    /** Minutes that this process still has in memory. */
    recent: (): MinuteFigures[] => toMinutes(minutes.keys()),

    totals: (): ApiFigures[] => [...totals.values()],

    /** Minutes with calls since the last time. What is over and was kept is forgotten by `keep` returning. */
    async flush(keep: (rows: MinuteFigures[]) => Promise<void>): Promise<void> {
      const taken = [...changed]
      if (taken.length === 0) return
      changed.clear()
      try {
        await keep(toMinutes(taken))
      } catch (error) {
        for (const minute of taken) changed.add(minute)
        throw error
      }
      const now = Math.floor(clock.now().getTime() / minuteMs) * minuteMs
      for (const minute of minutes.keys()) if (minute < now && !changed.has(minute)) minutes.delete(minute)
    },
  }
}

export type UsageMeter = ReturnType<typeof createUsageMeter>

function addReport(to: ApiFigures, { errcode, outcome, reason, lane, purpose, ms }: CallReport): void {
  if (outcome !== 'not-sent') {
    to.calls += 1
    countIn(to.spent, { lane, purpose }, 1)
  }
  if (errcode === null) return countIn(to.noAnswer, { reason: reason ?? 'unknown' }, 1)
  if (errcode !== 0) countIn(to.refusals, { errcode }, 1)
  to.ms.sum += ms
  to.ms.most = Math.max(to.ms.most, ms)
  to.ms.answered += 1
  const found = latencyBoundsMs.findIndex((bound) => ms <= bound)
  const index = found === -1 ? latencyBoundsMs.length : found
  to.ms.classes[index] = (to.ms.classes[index] ?? 0) + 1
}

function countIn<T extends object>(list: (T & { count: number })[], key: T, count: number): void {
  const known = list.find((one) => Object.entries(key).every(([name, value]) => one[name as keyof T] === value))
  if (known) known.count += count
  else list.push({ ...key, count })
}
