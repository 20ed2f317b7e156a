import type { GroupFinding, RuleFinding, SegmentGroup, SegmentRule } from '@guidebar/contracts'

import type { CustomerEntry, EntryRelation } from './customer-entry.model.ts'
import { toSpan, type WhenRule } from './segment.dates.ts'
import { guidesOfStores, isEmpty, type SegmentSetting } from './segment.people.ts'

type Found = Pick<RuleFinding, 'holds'> & Partial<Pick<RuleFinding, 'has' | 'number' | 'at'>>
type Facts = Pick<
  CustomerEntry,
  'relations' | 'orderCount' | 'spentFen' | 'lastOrderAt' | 'tier' | 'birthday' | 'doNotDisturb'
>

/** Goes through a definition for one customer and says of each condition whether it holds, and why. */
export function judge(group: SegmentGroup, customer: Facts, setting: SegmentSetting): GroupFinding {
  const visible = setting.visible && new Set(setting.visible)
  const relations = customer.relations.filter(({ userId }) => !visible || visible.has(userId))
  return judgeGroup(group, { ...customer, relations }, setting)
}

function judgeGroup(group: SegmentGroup, facts: Facts, setting: SegmentSetting): GroupFinding {
  const { join, exclude } = group
  const rules = group.rules.map((rule): RuleFinding => {
    const { holds, has = [], number = null, at = null } = judgeRule(rule, facts, setting)
    return { rule, holds, has, number, at }
  })
  const groups = group.groups.map((inner) => judgeGroup(inner, facts, setting))
  const answers = [
    ...rules.map(({ holds }) => holds),
    ...groups.filter((_, at) => !isEmpty(group.groups[at]!)).map(({ holds }) => holds),
  ]
  const joined = join === 'all' ? answers.every(Boolean) : answers.some(Boolean)
  // A group without conditions changes nothing.
  return { join, exclude, rules, groups, holds: answers.length === 0 || joined !== exclude }
}

function judgeRule(rule: SegmentRule, facts: Facts, setting: SegmentSetting): Found {
  const { relations } = facts
  switch (rule.field) {
    case 'tag': {
      const has = overlap(
        rule.tagIds,
        relations.flatMap(({ tagIds }) => tagIds),
      )
      if (rule.is === 'all') return { holds: has.length === rule.tagIds.length, has }
      return { holds: has.length > 0 === (rule.is === 'any'), has }
    }
    case 'store':
      return anyOrNone(rule.is, overlap(guidesOfStores(rule.storeIds, setting), userIdsOf(relations)))
    case 'guide':
      return anyOrNone(rule.is, overlap(rule.userIds, userIdsOf(relations)))
    case 'addWay': {
      const ways = relations.map(({ addWay }) => String(addWay))
      return anyOrNone(rule.is, overlap(rule.addWays.map(String), ways))
    }
    case 'channel':
      return anyOrNone(
        rule.is,
        overlap(
          rule.states,
          relations.map(({ state }) => state),
        ),
      )
    case 'status':
      return { holds: relations.some(({ status }) => status === rule.is), has: relations.map(({ status }) => status) }
    case 'addedAt':
      return judgeDate(rule, latest(relations.map(({ addedAt }) => addedAt)), setting)
    case 'lastSent':
      return judgeDate(rule, latest(relations.map(({ sentAt }) => sentAt)), setting)
    case 'lastOpened':
      return judgeDate(rule, latest(relations.map(({ openedAt }) => openedAt)), setting)
    case 'lastOrder':
      return judgeDate(rule, facts.lastOrderAt, setting)
    case 'orders':
      return compare(rule.compare, facts.orderCount, rule.count)
    case 'spent':
      return compare(rule.compare, facts.spentFen, rule.amountFen)
    case 'birthday': {
      const month = Math.floor(facts.birthday / 100)
      return { holds: rule.months.includes(month), number: month || null }
    }
    case 'tier':
      return { holds: rule.tiers.includes(facts.tier) === (rule.is === 'any'), has: facts.tier ? [facts.tier] : [] }
    default:
      return { holds: facts.doNotDisturb === rule.is }
  }
}

const userIdsOf = (relations: EntryRelation[]) => relations.map(({ userId }) => userId)
const overlap = (wanted: readonly string[], there: readonly string[]) => wanted.filter((each) => there.includes(each))
const anyOrNone = (is: string, has: string[]): Found => ({ holds: has.length > 0 === (is === 'any'), has })

function compare(how: 'atLeast' | 'atMost', number: number, bound: number): Found {
  return { holds: how === 'atLeast' ? number >= bound : number <= bound, number }
}

const latest = (dates: (Date | null)[]): Date | null =>
  dates.reduce<Date | null>((last, date) => (date && (!last || date > last) ? date : last), null)

function judgeDate(rule: WhenRule, date: Date | null, { now }: SegmentSetting): Found {
  const span = toSpan(rule, now)
  const at = date?.toISOString() ?? null
  if (!span || !date) return { holds: span ? span.orNever && !date : !date, at }
  return { holds: (!span.from || date >= span.from) && (!span.before || date < span.before), at }
}
