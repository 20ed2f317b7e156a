import {
  actionRuleNames,
  type ActionRule,
  type ActionRuleName,
  type Birthday,
  type NextAction,
} from '@guidebar/contracts'

import { beijingDay } from '../../platform/beijing-time.ts'
import { nextBirthday } from '../../platform/birthday.ts'

const dayMs = 24 * 3_600_000
/** How long a customer is left alone with new items after a purchase or a message. */
const restMs = 14 * dayMs

const plain = { replyId: null, cardId: null, interests: [] }
/** What holds as long as no admin has said otherwise. */
export const builtInRules: ActionRule[] = [
  { rule: 'follow_up_due', isOn: true, days: 0, ...plain },
  { rule: 'birthday', isOn: true, days: 3, ...plain },
  { rule: 'coupon_expiring', isOn: true, days: 3, ...plain },
  { rule: 'first_week', isOn: true, days: 7, ...plain },
  { rule: 'new_item', isOn: true, days: 14, ...plain },
  { rule: 'long_absent', isOn: true, days: 60, ...plain },
]

/** All that the rules look at. */
export type ActionFacts = {
  birthday: Birthday | null
  /** Open ones, the first to expire first. */
  coupons: { code: string; name: string; expiresAt: Date }[]
  /** Due by the end of today, the first due first. */
  followUps: { id: string; text: string; dueAt: Date }[]
  lastOrder: { orderNo: string; paidAt: Date; name: string } | null
  lastSentAt: Date | null
  addedAt: Date
  tagNames: string[]
}
/** A card that came into the catalogue lately. */
export type NewItem = { cardId: string; title: string; addedAt: Date }
type Judge = (rule: ActionRule, facts: ActionFacts, at: { now: Date; newItems: NewItem[] }) => NextAction | null

const daysBetween = (from: Date, to: Date) => Math.floor((to.getTime() - from.getTime()) / dayMs)
const calendarDays = (from: Date, to: Date) =>
  Math.round((Date.parse(beijingDay(to)) - Date.parse(beijingDay(from))) / dayMs)

const judges: Record<ActionRuleName, Judge> = {
  follow_up_due(rule, { followUps }, { now }) {
    const [first] = followUps
    if (!first) return null
    const values = { followUpId: first.id, text: first.text, overdueDays: Math.max(0, calendarDays(first.dueAt, now)) }
    return toAction(rule, `follow_up/${first.id}/${first.dueAt.getTime()}`, values, first.dueAt)
  },

  birthday(rule, { birthday }, { now }) {
    if (!birthday) return null
    const { day, inDays } = nextBirthday(birthday, beijingDay(now))
    if (inDays > rule.days) return null
    return toAction(rule, `birthday/${day}`, { day, days: inDays }, new Date(`${day}T00:00:00+08:00`))
  },

  coupon_expiring(rule, { coupons }, { now }) {
    const [first] = coupons
    if (!first || first.expiresAt.getTime() - now.getTime() > rule.days * dayMs) return null
    const values = { name: first.name, days: calendarDays(now, first.expiresAt) }
    return toAction(rule, `coupon/${first.code}`, values, first.expiresAt)
  },

  first_week(rule, { lastOrder }, { now }) {
    if (!lastOrder || lastOrder.paidAt > now || daysBetween(lastOrder.paidAt, now) >= rule.days) return null
    const values = { item: lastOrder.name, days: calendarDays(lastOrder.paidAt, now) }
    return toAction(rule, `first_week/${lastOrder.orderNo}`, values, now)
  },

  /** Not to whoever bought or was written to lately: a shop that always has something new would never be silent. */
  new_item(rule, { tagNames, lastOrder, lastSentAt }, { now, newItems }) {
    const last = Math.max(lastOrder?.paidAt.getTime() ?? 0, lastSentAt?.getTime() ?? 0)
    if (now.getTime() - last < restMs) return null
    for (const { tagName, words } of rule.interests) {
      if (!tagNames.includes(tagName)) continue
      const item = newItems.find(
        ({ title, addedAt }) =>
          daysBetween(addedAt, now) < rule.days &&
          words.some((word) => title.toLowerCase().includes(word.toLowerCase())),
      )
      if (!item) continue
      const action = toAction(rule, `new_item/${item.cardId}`, { tag: tagName, title: item.title }, now)
      return { ...action, replyId: null, cardId: item.cardId }
    }
    return null
  },

  long_absent(rule, { lastOrder, lastSentAt, addedAt }, { now }) {
    const last = Math.max(addedAt.getTime(), lastOrder?.paidAt.getTime() ?? 0, lastSentAt?.getTime() ?? 0)
    const days = daysBetween(new Date(last), now)
    if (days < rule.days) return null
    return toAction(rule, `long_absent/${beijingDay(new Date(last))}`, { days }, now)
  },
}

/** What could be done for a customer now, the weightiest first. */
export function findActions(
  rules: ActionRule[],
  facts: ActionFacts,
  at: { now: Date; newItems: NewItem[] },
): NextAction[] {
  const byName = new Map(rules.map((rule) => [rule.rule, rule]))
  return actionRuleNames.flatMap((name) => {
    const rule = byName.get(name)
    return (rule?.isOn && judges[name](rule, facts, at)) || []
  })
}

function toAction(
  { rule, replyId, cardId }: ActionRule,
  key: string,
  values: NextAction['values'],
  dueAt: Date,
): NextAction {
  return { key, rule, values, dueAt: dueAt.toISOString(), replyId, cardId }
}
