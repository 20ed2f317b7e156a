import type { SegmentRule } from '@guidebar/contracts'

import { beijingDayStart } from '../../platform/beijing-time.ts'
import { AppError } from '../../platform/errors.ts'

const dayMs = 24 * 3_600_000
export type WhenRule = Extract<SegmentRule, { when: string }>

/** from and before bound a span of time; `orNever` says that none at all fits too; null: only never fits. */
export type Span = { from: Date | null; before: Date | null; orNever: boolean } | null

/** @throws AppError BAD_REQUEST for a day that no month has, or an end before its beginning */
export function toSpan(rule: WhenRule, now: Date): Span {
  if (rule.when === 'never') return null
  if (rule.when === 'between') {
    const [from, to] = [toDayStart(rule.from), toDayStart(rule.to)]
    if (from > to) throw new AppError('BAD_REQUEST', 'the first day comes after the last', { at: '/body/definition' })
    return { from, before: new Date(to.getTime() + dayMs), orNever: false }
  }
  const first = new Date(beijingDayStart(now).getTime() - (rule.days - 1) * dayMs)
  return rule.when === 'lastDays'
    ? { from: first, before: null, orNever: false }
    : { from: null, before: first, orNever: true }
}

function toDayStart(day: string): Date {
  const start = new Date(`${day}T00:00:00+08:00`)
  const isThere = !Number.isNaN(start.getTime()) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
  if (!isThere) throw new AppError('BAD_REQUEST', `no such day as ${day}`, { at: '/body/definition' })
  return start
}
