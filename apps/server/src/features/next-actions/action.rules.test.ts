import { expect, test } from 'vitest'

import { builtInRules, findActions, type ActionFacts } from './action.rules.ts'

const now = new Date('2026-11-21T04:00:00Z')
const before = (days: number) => new Date(now.getTime() - days * 86_400_000)
const facts = (change: Partial<ActionFacts> = {}): ActionFacts => ({
  birthday: null,
  coupons: [],
  followUps: [],
  lastOrder: null,
  lastSentAt: null,
  addedAt: before(1),
  tagNames: [],
  ...change,
})
const find = (
  change: Partial<ActionFacts>,
  rules = builtInRules,
  newItems = [] as { cardId: string; title: string; addedAt: Date }[],
) => findActions(rules, facts(change), { now, newItems })

test('a new customer of whom nothing is known calls for nothing', () => {
  expect(find({})).toEqual([])
})

test('a birthday within three days is due, one in four is not', () => {
  expect(find({ birthday: { month: 11, day: 24 } })).toMatchObject([
    { rule: 'birthday', key: 'birthday/2026-11-24', values: { day: '2026-11-24', days: 3 } },
  ])
  expect(find({ birthday: { month: 11, day: 25 } })).toEqual([])
})

test('the week after a purchase, an expiring coupon and a long silence each say why', () => {
  const lastOrder = { orderNo: 'N1', paidAt: before(3), name: '折叠屏' }
  const coupon = { code: 'C1', name: '满减券', expiresAt: before(-2) }

  expect(find({ lastOrder })).toMatchObject([{ rule: 'first_week', values: { item: '折叠屏', days: 3 } }])
  expect(find({ coupons: [coupon] })).toMatchObject([{ rule: 'coupon_expiring', values: { name: '满减券', days: 2 } }])
  expect(find({ addedAt: before(61) })).toMatchObject([{ rule: 'long_absent', values: { days: 61 } }])
  expect(find({ addedAt: before(61), lastSentAt: before(5) })).toEqual([])
  expect(find({ addedAt: before(90), lastOrder: { ...lastOrder, paidAt: before(59) } })).toEqual([])
})

test('a new card fits whoever has the tag and was left alone for a while', () => {
  const rules = builtInRules.map((rule) =>
    rule.rule === 'new_item' ? { ...rule, interests: [{ tagName: '苹果用户', words: ['iphone'] }] } : rule,
  )
  const items = [{ cardId: 'c1', title: 'iPhone 17', addedAt: before(2) }]

  expect(find({ tagNames: ['苹果用户'] }, rules, items)).toMatchObject([{ rule: 'new_item', cardId: 'c1' }])
  expect(find({ tagNames: ['华为用户'] }, rules, items)).toEqual([])
  expect(find({ tagNames: ['苹果用户'], lastSentAt: before(13) }, rules, items)).toEqual([])
  expect(find({ tagNames: ['苹果用户'], lastSentAt: before(14) }, rules, items)).toHaveLength(1)
  expect(find({ tagNames: ['苹果用户'] }, rules, [{ ...items[0]!, addedAt: before(14) }])).toEqual([])
})

test('what was promised comes before everything else, and a rule switched off says nothing', () => {
  const all = {
    birthday: { month: 11, day: 21 },
    followUps: [{ id: 'f1', text: '回电', dueAt: before(1) }],
  }

  expect(find(all).map(({ rule }) => rule)).toEqual(['follow_up_due', 'birthday'])
  expect(
    find(
      all,
      builtInRules.map((rule) => ({ ...rule, isOn: false })),
    ),
  ).toEqual([])
})
