import { randomUUID } from 'node:crypto'

import { CustomerProfileView, type ProfileIntake } from '@guidebar/contracts'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'

let world: SellingWorld
let crm: Awaited<ReturnType<SellingWorld['asShop']>>
let mine: string

beforeAll(async () => {
  world = await startSelling()
  crm = await world.asShop()
  mine = await world.addCustomerOf(world.guide)
}, 60_000)
afterAll(() => world.close())

const moment = (days = 0) => new Date(world.now().getTime() + days * 86_400_000).toISOString()
const intake = (change: Partial<ProfileIntake> = {}): ProfileIntake => ({ asOf: moment(), ...change })
const read = (customer: string, guide: { userId: string } = world.guide) =>
  world.as(guide).get(`/customers/${customer}/profile`)
const order = (change: object) => ({
  orderNo: randomUUID().replaceAll('-', ''),
  amountFen: 100,
  paidAt: moment(-1),
  items: [{ sku: 'IP 17/红', name: '手机', quantity: 1, priceFen: 100 }],
  ...change,
})

test('what the CRM tells stands in the profile, with the last five purchases and their pictures', async () => {
  await world.publishCard()
  for (let day = 1; day <= 6; day++)
    await world.services.orders.take(world.corpId, order({ externalUserId: mine, paidAt: moment(-day) }))
  const coupons = [
    { code: 'OLD', name: '过期', expiresAt: moment(-1) },
    { code: 'C2', name: '后到期', expiresAt: moment(9) },
    { code: 'C1', name: '先到期', expiresAt: moment(2) },
  ]
  const told = { memberNo: 'M1', tier: '金卡', birthday: { month: 2, day: 29 }, preferences: ['白色'], coupons }
  const taken = await crm.put(`/customers/${mine}/profile`, intake(told))

  const { body } = await read(mine)

  expect([taken.statusCode, taken.body]).toEqual([200, { changed: true }])
  expect([...Value.Errors(CustomerProfileView, body)]).toEqual([])
  expect(body).toMatchObject({ tier: '金卡', memberNo: 'M1', birthday: { month: 2, day: 29 }, preferences: ['白色'] })
  expect(body.coupons.map(({ code }: { code: string }) => code)).toEqual(['C1', 'C2'])
  expect(body.ownedItems).toHaveLength(5)
  expect(body.ownedItems[0]).toMatchObject({ sku: 'IP 17/红', coverUrl: 'https://cdn.example.com/cover.png' })
})

test('told twice it is once, an older telling changes nothing, and what is left out stays', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const first = intake({ tier: '银卡', preferences: ['大屏'] })
  const key = 'crm-key-0001'
  const answers = [
    await crm.put(`/customers/${customer}/profile`, first, key),
    await crm.put(`/customers/${customer}/profile`, first, key),
    await crm.put(`/customers/${customer}/profile`, { ...first, tier: '金卡' }, key),
    await crm.put(`/customers/${customer}/profile`, intake({ tier: '旧', asOf: moment(-1) })),
    await crm.put(`/customers/${customer}/profile`, intake({ tier: '金卡', asOf: moment(1) })),
  ]

  expect(answers.map(({ statusCode, body }) => body.changed ?? statusCode)).toEqual([true, true, 422, false, true])
  expect((await read(customer)).body).toMatchObject({ tier: '金卡', preferences: ['大屏'] })
})

test('the intake needs its scope, stays in its corp, and knows no 30 February', async () => {
  const orderKey = await world.asShop(['orders:write'])
  const foreign = await world.foreign.asShop()

  expect((await orderKey.put(`/customers/${mine}/profile`, intake())).statusCode).toBe(403)
  expect((await crm.put(`/customers/${mine}/profile`, intake({ birthday: { month: 2, day: 30 } }))).statusCode).toBe(
    400,
  )
  await foreign.put(`/customers/${mine}/profile`, intake({ tier: '别家', asOf: moment(9) }))
  expect((await read(mine)).body.tier).not.toBe('别家')
})

test('a guide sees, matches and changes own customers only', async () => {
  for (const customer of [await world.addCustomerOf(world.colleague), await world.addCustomerOf(world.foreigner)]) {
    const panel = world.as(world.guide)
    const answers = [
      await read(customer),
      await panel.put(`/customers/${customer}/contact-preferences`, { doNotDisturb: true, openTracking: true }),
      await panel.get(`/customers/${customer}/matches?q=8000`),
      await panel.post(`/customers/${customer}/matches`, { type: 'member', id: 'M1' }),
    ]
    expect(answers.map(({ body }) => body.error.code)).toEqual(Array(4).fill('RELATION_NOT_FOUND'))
  }
})

test('do not disturb goes on the timeline and on record, once for each change', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const path = `/customers/${customer}/contact-preferences`
  const wanted = { doNotDisturb: true, openTracking: true }
  await world.as(world.guide).put(path, wanted)
  const again = await world.as(world.guide).put(path, wanted)

  const { body } = await world.as(world.guide).get(`/customers/${customer}/timeline?kinds=contact_preferences_changed`)
  const rows = await world.db.collection('auditRows').countDocuments({ target: customer })

  expect(again.body.doNotDisturb).toBe(true)
  expect(body.events).toMatchObject([{ facts: { from: '', to: 'do_not_disturb' } }])
  expect(rows).toBe(1)
})

test('a member and an order are found by number and matched once the guide says so, never by name', async () => {
  const [customer, other] = [await world.addCustomerOf(world.guide), await world.addCustomerOf(world.guide)]
  await crm.put('/members/M77', { maskedName: '陈**', tier: '金卡', phoneTail: '8077', asOf: moment() })
  const paid = order({ phoneTail: '8077' })
  await world.services.orders.take(world.corpId, paid)
  const panel = world.as(world.guide)
  const search = (q: string) => panel.get(`/customers/${customer}/matches?q=${q}`)

  const byTail = await search('8077')
  const byOrder = await search(paid.orderNo)
  const byName = await panel.get(`/customers/${customer}/matches?q=${encodeURIComponent('陈陈陈陈')}`)
  const confirm = (whose: string, body: object) => panel.post(`/customers/${whose}/matches`, body)
  const member = await confirm(customer, { type: 'member', id: 'M77' })
  const twice = await confirm(customer, { type: 'member', id: 'M77' })
  const bought = await confirm(customer, { type: 'order', id: paid.orderNo })
  const taken = [
    await confirm(other, { type: 'member', id: 'M77' }),
    await confirm(other, { type: 'order', id: paid.orderNo }),
    await confirm(other, { type: 'member', id: 'NOBODY' }),
  ]

  expect(byTail.body.candidates.map(({ type, id }: { type: string; id: string }) => [type, id])).toEqual([
    ['member', 'M77'],
    ['order', paid.orderNo],
  ])
  expect(byOrder.body.candidates).toHaveLength(1)
  expect(byName.statusCode).toBe(400)
  expect(member.body).toMatchObject({ memberNo: 'M77', tier: '金卡' })
  expect(twice.body).toEqual(member.body)
  expect(bought.body.ownedItems).toHaveLength(1)
  expect(taken.map(({ statusCode }) => statusCode)).toEqual([409, 409, 404])
  expect((await search('8077')).body.candidates).toEqual([])
  await crm.put('/members/M77', { maskedName: '陈**', tier: '黑卡', asOf: moment(1) })
  expect((await read(customer)).body.tier).toBe('黑卡')
  const rows = await world.db.collection('auditRows').find({ target: customer }).toArray()
  expect(rows.filter(({ action }) => action === 'match.confirmed')).toHaveLength(2)
  expect(rows.filter(({ action }) => action === 'match.searched')).toHaveLength(3)
})
