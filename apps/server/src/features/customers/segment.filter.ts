import type { SegmentGroup, SegmentRule } from '@guidebar/contracts'

import { toSpan, type WhenRule } from './segment.dates.ts'
import { guidesOfStores, isEmpty, type SegmentSetting } from './segment.people.ts'

type Filter = Record<string, unknown>

/**
 * A definition as a filter over customer entries. Built by hand from checked values; nothing of what a caller sends
 * becomes an operator. Says the same as `judge`.
 * @throws AppError BAD_REQUEST for days that are none
 */
export function toSegmentFilter(definition: SegmentGroup, setting: SegmentSetting): Filter {
  return groupFilter(definition, setting) ?? {}
}

function groupFilter(group: SegmentGroup, setting: SegmentSetting): Filter | null {
  if (isEmpty(group)) return null
  const parts = [
    ...group.rules.map((rule) => ruleFilter(rule, setting)),
    ...group.groups.map((inner) => groupFilter(inner, setting)).filter((inner) => inner !== null),
  ]
  const joined = parts.length === 1 ? parts[0]! : { [group.join === 'all' ? '$and' : '$or']: parts }
  return group.exclude ? { $nor: [joined] } : joined
}

/** One of the relations that may be seen fulfils this. */
function someRelation(condition: Filter, { visible }: SegmentSetting): Filter {
  if (!visible) return { relations: { $elemMatch: condition } }
  return { relations: { $elemMatch: { $and: [{ userId: { $in: visible } }, condition] } } }
}

const not = (filter: Filter): Filter => ({ $nor: [filter] })
const all = (filters: Filter[]): Filter => (filters.length === 1 ? filters[0]! : { $and: filters })

function ruleFilter(rule: SegmentRule, setting: SegmentSetting): Filter {
  switch (rule.field) {
    case 'tag': {
      if (rule.is === 'all') return all(rule.tagIds.map((tagId) => someRelation({ tagIds: tagId }, setting)))
      const any = someRelation({ tagIds: { $in: rule.tagIds } }, setting)
      return rule.is === 'any' ? any : not(any)
    }
    case 'store':
      return anyOrNone(rule.is, { userId: { $in: guidesOfStores(rule.storeIds, setting) } }, setting)
    case 'guide':
      return anyOrNone(rule.is, { userId: { $in: rule.userIds } }, setting)
    case 'addWay':
      return anyOrNone(rule.is, { addWay: { $in: rule.addWays } }, setting)
    case 'channel':
      return anyOrNone(rule.is, { state: { $in: rule.states } }, setting)
    case 'status':
      return someRelation({ status: rule.is }, setting)
    case 'addedAt':
      return relationDate('addedAt', rule, setting)
    case 'lastSent':
      return relationDate('sentAt', rule, setting)
    case 'lastOpened':
      return relationDate('openedAt', rule, setting)
    case 'lastOrder':
      return orderDate(rule, setting)
    case 'orders':
      return { orderCount: { [rule.compare === 'atLeast' ? '$gte' : '$lte']: rule.count } }
    case 'spent':
      return { spentFen: { [rule.compare === 'atLeast' ? '$gte' : '$lte']: rule.amountFen } }
    case 'birthday':
      return { $or: rule.months.map((month) => ({ birthday: { $gte: month * 100 + 1, $lte: month * 100 + 31 } })) }
    case 'tier':
      return { tier: { [rule.is === 'any' ? '$in' : '$nin']: rule.tiers } }
    default:
      return { doNotDisturb: rule.is }
  }
}

function anyOrNone(is: string, condition: Filter, setting: SegmentSetting): Filter {
  const any = someRelation(condition, setting)
  return is === 'any' ? any : not(any)
}

/** Of the dates on the relations the latest one counts: one within a span, and none after it. */
function relationDate(field: 'addedAt' | 'sentAt' | 'openedAt', rule: WhenRule, setting: SegmentSetting): Filter {
  const span = toSpan(rule, setting.now)
  const ever = someRelation({ [field]: { $gt: new Date(0) } }, setting)
  if (!span) return not(ever)
  const later = span.before && not(someRelation({ [field]: { $gte: span.before } }, setting))
  if (!span.from) return span.orNever ? (later ?? {}) : all([ever, later ?? {}])
  return all([someRelation({ [field]: { $gte: span.from } }, setting), ...(later ? [later] : [])])
}

function orderDate(rule: WhenRule, { now }: SegmentSetting): Filter {
  const span = toSpan(rule, now)
  if (!span) return { lastOrderAt: null }
  const within = { ...(span.from && { $gte: span.from }), ...(span.before && { $lt: span.before }) }
  return span.orNever ? { $or: [{ lastOrderAt: null }, { lastOrderAt: within }] } : { lastOrderAt: within }
}
