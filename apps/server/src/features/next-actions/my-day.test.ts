import { randomUUID } from 'node:crypto'

import { ActionRules, MyDayPage } from '@guidebar/contracts'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'

let world: SellingWorld
let customers: Record<'promised' | 'birthday' | 'absent' | 'quiet', string>

beforeAll(async () => {
  world = await startSelling()
  await world.addAdmin()
  const old = new Date(world.now().getTime() - 100 * 86_400_000)
  const add = async (addedAt?: Date) => (await world.follow({ guide: world.guide, addedAt })).customer.externalUserId
  customers = { promised: await add(), birthday: await add(), absent: await add(old), quiet: await add() }
  const crm = await world.asShop()
  const asOf = world.now().toISOString()
  await crm.put(`/customers/${customers.birthday}/profile`, { birthday: { month: 11, day: 23 }, asOf })
  const dueAt = new Date(world.now().getTime() + 60_000).toISOString()
  await world
    .as(world.guide)
    .post(`/customers/${customers.promised}/follow-ups`, { key: randomUUID(), text: '回电', dueAt })
  const theirs = await world.addCustomerOf(world.colleague)
  await crm.put(`/customers/${theirs}/profile`, { birthday: { month: 11, day: 21 }, asOf })
})
afterAll(() => world.close())

const myDay = (query = '', guide: { userId: string } = world.guide) => world.as(guide).get(`/my-day${query}`)
const rulesOf = (body: { items: { action: { rule: string } }[] }) => body.items.map(({ action }) => action.rule)
const wait = () => world.clock.advance(31_000)

test('the day lists own customers with a reason, what was promised first', async () => {
  const { statusCode, body } = await myDay()

  expect(statusCode).toBe(200)
  expect([...Value.Errors(MyDayPage, body)]).toEqual([])
  expect(rulesOf(body)).toEqual(['follow_up_due', 'birthday', 'long_absent'])
  expect(body).toMatchObject({ total: 3, next: null })
  expect(body.items[0]).toMatchObject({ externalUserId: customers.promised, action: { values: { text: '回电' } } })
})

test('pages of one add up, and another corp’s guide has a day of his own', async () => {
  const found: string[] = []
  for (let next: string | null = ''; next !== null;) {
    const { body } = await myDay(`?limit=1${next && `&before=${next}`}`)
    found.push(...rulesOf(body))
    next = body.next
  }

  expect(found).toEqual(['follow_up_due', 'birthday', 'long_absent'])
  expect((await world.foreign.as(world.foreigner).get('/my-day')).body.items).toEqual([])
})

test('what is put away until tomorrow is gone today and back then', async () => {
  const before = (await myDay()).body.items.find(
    ({ action }: { action: { rule: string } }) => action.rule === 'birthday',
  )
  const until = new Date(world.now().getTime() + 5 * 3_600_000).toISOString()
  const path = `/customers/${customers.birthday}/next-action/put-away`
  const put = () => world.as(world.guide).post(path, { key: before.action.key, until })

  const answers = [await put(), await put()]
  const now = await myDay()
  world.clock.advance(6 * 3_600_000)
  const later = await myDay()

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204])
  expect(rulesOf(now.body)).not.toContain('birthday')
  expect(rulesOf(later.body)).toContain('birthday')
  const theirs = `/customers/${await world.addCustomerOf(world.colleague)}/next-action/put-away`
  expect((await world.as(world.guide).post(theirs, { key: 'x' })).statusCode).toBe(404)
})

test('what is finished or sent is gone from the day at once', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const crm = await world.asShop()
  await crm.put(`/customers/${customer}/profile`, {
    birthday: { month: 11, day: 21 },
    asOf: world.now().toISOString(),
  })
  const cardId = await world.publishCard()
  const admin = world.asAdmin()
  const { rules } = (await admin.get('/action-rules')).body
  const ready = rules.map((rule: { rule: string }) => (rule.rule === 'birthday' ? { ...rule, cardId } : rule))
  await admin.put('/action-rules', { rules: ready })
  const dueAt = new Date(world.now().getTime() + 60_000).toISOString()
  const { body: followUp } = await world
    .as(world.guide)
    .post(`/customers/${customer}/follow-ups`, { key: randomUUID(), text: '回电', dueAt })
  const rulesNow = async () =>
    (await myDay()).body.items
      .filter(({ externalUserId }: { externalUserId: string }) => externalUserId === customer)
      .map(({ action }: { action: { rule: string } }) => action.rule)
  expect(await rulesNow()).toEqual(['follow_up_due'])

  await world.as(world.guide).post(`/follow-ups/${followUp.id}/done`)
  expect(await rulesNow()).toEqual(['birthday'])
  const content = { type: 'card' as const, cardId }
  const sent = await world.as(world.guide).post('/sends', { externalUserId: customer, key: randomUUID(), content })
  const report = () => world.as(world.guide).post(`/sends/${sent.body.sendId}/outcome`, { status: 'client_ok' })
  await Promise.all([report(), report()])

  expect(await rulesNow()).toEqual([])
  const { body } = await world.as(world.guide).get(`/context?externalUserId=${customer}`)
  expect(body.nextAction).toBeNull()
})

test('an admin switches a rule off, tunes another and gives it a ready card', async () => {
  const admin = world.asAdmin()
  const { body } = await admin.get('/action-rules')
  const cardId = await world.publishCard()
  const tuned = body.rules.map((rule: { rule: string }) => {
    if (rule.rule === 'long_absent') return { ...rule, isOn: false }
    return rule.rule === 'birthday' ? { ...rule, days: 7, cardId } : rule
  })

  const saved = await admin.put('/action-rules', { rules: tuned })
  wait()

  expect([...Value.Errors(ActionRules, body)]).toEqual([])
  expect(saved.body.rules).toEqual(tuned)
  const day = (await myDay()).body
  expect(rulesOf(day)).not.toContain('long_absent')
  expect(day.items.find(({ action }: { action: { rule: string } }) => action.rule === 'birthday').action.cardId).toBe(
    cardId,
  )
})

test('a rule named twice, an unknown one or a card of nobody is refused', async () => {
  const admin = world.asAdmin()
  const [first] = (await admin.get('/action-rules')).body.rules
  const answers = [
    await admin.put('/action-rules', { rules: [first, first] }),
    await admin.put('/action-rules', { rules: [{ ...first, rule: 'anything' }] }),
    await admin.put('/action-rules', { rules: [{ ...first, cardId: 'a'.repeat(24) }] }),
  ]

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 400, 400])
})
