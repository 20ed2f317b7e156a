import { randomUUID } from 'node:crypto'

import { TagCare } from '@guidebar/contracts'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'

let world: SellingWorld
const tagIds = new Map<string, string>()

beforeAll(async () => {
  world = await startSelling()
  await world.addAdmin()
  const names = ['苹果用户', '有宝宝', '金卡会员', '旧标签', '华为用户']
  const ids = await world.addTags(names)
  for (const [index, name] of names.entries()) tagIds.set(name, ids[index] ?? '')
  const { rules } = await world.services.panel.actions.rules(world.corpId)
  const tuned = rules.map((rule) =>
    rule.rule === 'new_item' ? { ...rule, interests: [{ tagName: '苹果用户', words: ['iphone'] }] } : rule,
  )
  await world.services.panel.actions.saveRules({ corpId: world.corpId, userId: 'TestAdmin' }, { rules: tuned })
}, 60_000)
afterAll(() => world.close())

const idOf = (name: string) => tagIds.get(name) ?? ''
const careOf = (customer: string, guide: { userId: string } = world.guide) =>
  world.as(guide).get(`/customers/${customer}/tag-care`)
const judge = (customer: string, tagId: string, verdict: string, guide: { userId: string } = world.guide) =>
  world.as(guide).put(`/customers/${customer}/tags/${tagId}/verdict`, { verdict })
const suggestedNames = (body: TagCare) => body.suggested.map(({ tag, reason }) => `${tag.name} ${reason}`)

async function buyer() {
  const customer = await world.addCustomerOf(world.guide)
  const items = [{ sku: 'A', name: 'iPhone 13 128G', quantity: 1, priceFen: 519_900 }]
  const paidAt = world.now().toISOString()
  await world.services.orders.take(world.corpId, {
    orderNo: randomUUID(),
    externalUserId: customer,
    amountFen: 519_900,
    paidAt,
    items,
  })
  return customer
}

test('purchases, chips of notes and the tier speak for tags; what is there or was declined is not suggested', async () => {
  const customer = await buyer()
  const note = { key: randomUUID(), text: '带娃', chips: ['有宝宝'], visibility: 'own', sensitive: false }
  await world.as(world.guide).post(`/customers/${customer}/notes`, note)
  const asOf = world.now().toISOString()
  await world.services.panel.profiles.take(world.corpId, customer, { tier: '金卡会员', asOf })

  const first = await careOf(customer)
  await world.as(world.guide).put(`/customers/${customer}/tags`, { add: [idOf('金卡会员')], remove: [] })
  await judge(customer, idOf('有宝宝'), 'declined')
  const rest = await careOf(customer)
  await judge(customer, idOf('有宝宝'), 'open')
  const undone = await careOf(customer)

  expect([...Value.Errors(TagCare, first.body)]).toEqual([])
  expect(suggestedNames(first.body)).toEqual(['苹果用户 bought', '有宝宝 noted', '金卡会员 tier'])
  expect(first.body.suggested[0]).toMatchObject({ words: 'iPhone 13 128G', at: expect.stringContaining('2026-11-21') })
  expect(suggestedNames(rest.body)).toEqual(['苹果用户 bought'])
  expect(suggestedNames(undone.body)).toContain('有宝宝 noted')
})

test('words of a sensitive note suggest nothing', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const secret = { text: '孕', chips: ['有宝宝'], visibility: 'own', sensitive: true, consentVersion: '2026-11' }
  await world.as(world.guide).post(`/customers/${customer}/notes`, { key: randomUUID(), ...secret })

  expect((await careOf(customer)).body.suggested).toEqual([])
})

test('tags of colleagues are told with their names, and are nobody else’s to judge', async () => {
  const { customer } = await world.follow({ guide: world.guide })
  await world.follow({ guide: world.colleague, customer })
  const shared = customer.externalUserId
  await world.as(world.colleague).put(`/customers/${shared}/tags`, { add: [idOf('华为用户')], remove: [] })

  const { body } = await careOf(shared)

  expect(body.byColleagues).toMatchObject([{ tag: { name: '华为用户' }, byNames: [world.colleague.name] }])
  expect(body.own).toEqual([])
})

test('another guide’s and another corp’s customer, and a tag of nobody, are refused', async () => {
  const mine = await world.addCustomerOf(world.guide)
  const foreign = [await world.addCustomerOf(world.colleague), await world.addCustomerOf(world.foreigner), 'wmNobody']

  for (const customer of foreign) {
    expect((await careOf(customer)).body.error.code).toBe('RELATION_NOT_FOUND')
    expect((await judge(customer, idOf('旧标签'), 'confirmed')).body.error.code).toBe('RELATION_NOT_FOUND')
  }
  expect((await judge(mine, 'etNothing', 'confirmed')).body.error.code).toBe('TAG_UNKNOWN')
})

test('only whoever has the right makes a corp tag, once, and WeCom holds it', async () => {
  const manager = await world.addGuide({ userId: 'TestAdmin', name: '店长', departmentIds: [101] })
  const { groups } = (await world.as(manager).get('/tag-groups')).body
  const { groupId } = groups[0]
  const create = (guide: { userId: string }, body: object) => world.as(guide).post('/tags', body)

  const refused = await create(world.guide, { groupId, name: '爱跑步' })
  const made = await create(manager, { groupId, name: ' 爱跑步 ' })
  const again = await create(manager, { groupId, name: '爱跑步' })

  expect([refused.statusCode, made.statusCode]).toEqual([403, 200])
  expect(again.body).toEqual(made.body)
  const inWecom = (await world.wecom.tagGroups()).flatMap((group) => group.tags.map(({ name }) => name))
  expect(inWecom.filter((name) => name === '爱跑步')).toHaveLength(1)
  expect((await create(manager, { groupId: 'etNoGroup', name: '一' })).statusCode).toBe(404)
  expect((await create(manager, { groupId, name: '字'.repeat(31) })).statusCode).toBe(400)
  expect((await create(manager, { groupId, name: '  ' })).statusCode).toBe(400)
  await world.wecom.failNext({ path: 'externalcontact/add_corp_tag', errcode: 48002 })
  expect((await create(manager, { groupId, name: '爱爬山' })).body.error.code).toBe('WECOM_NOT_SET_UP')
  const row = await world.db.collection('auditRows').findOne({ action: 'tag.created', 'details.name': '爱跑步' })
  expect(row).toMatchObject({ actorUserId: 'TestAdmin' })
})

// Last, since no session lives that long.
test('a tag is stale half a year after it was put on or confirmed', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const tagId = idOf('旧标签')
  await world.as(world.guide).put(`/customers/${customer}/tags`, { add: [tagId], remove: [] })
  const { tagCare } = world.services.panel
  const fresh = await tagCare.of(world.guide, customer)
  world.passDays(181)
  const old = await tagCare.of(world.guide, customer)
  await tagCare.judge(world.guide, { externalUserId: customer, tagId }, { verdict: 'confirmed' })
  await tagCare.judge(world.guide, { externalUserId: customer, tagId }, { verdict: 'confirmed' })
  const confirmed = await tagCare.of(world.guide, customer)

  const states = [fresh, old, confirmed].map(({ own }) => own.map(({ isStale }) => isStale))
  expect(states).toEqual([[false], [true], [false]])
})
