import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { chenjie, liNa, startCustomers, toSeed, wangWei, xiaomei, type CustomerWorld } from './customer.world.ts'

let world: CustomerWorld

beforeAll(async () => {
  world = await startCustomers()
})
afterAll(() => world.close())
beforeEach(() => world.begin())

const key = { ...xiaomei, externalUserId: liNa }
const byPanel = { cause: 'panel', byUserId: xiaomei.userId }

test('what a guide does in the panel is kept with the guide’s name, and once', async () => {
  await world.relations.markTags(key, { add: ['etApple'], remove: ['etGold'] })
  await world.relations.editRemark(key, { remark: '李姐 VIP' })
  await world.sync.runNow(world.corp)

  expect(await world.history(key)).toMatchObject([
    { kind: 'added', cause: 'sync', to: 'store_11' },
    { kind: 'tagged', tagIds: ['etApple'], ...byPanel },
    { kind: 'untagged', tagIds: ['etGold'], ...byPanel },
    { kind: 'remark_changed', from: '李姐', to: '李姐 VIP', ...byPanel },
  ])
})

test('what is done in WeCom is kept by whoever sees it first', async () => {
  await world.wecom.act('editRelation', { ...key, remark: '改名', addTagIds: ['etApple'] })
  await world.relations.refresh(key)
  await world.sync.runNow(world.corp)

  expect(await world.history(key)).toMatchObject([
    { kind: 'added' },
    { kind: 'remark_changed', cause: 'callback' },
    { kind: 'tagged', cause: 'callback' },
  ])
})

test('a customer leaves and comes back, a guide deletes and adds again', async () => {
  const [gone, back] = ['2026-11-20T01:00:00Z', '2026-11-20T02:00:00Z'].map((at) => new Date(at))
  await world.relations.noteCustomerMoved(key, { gone: true, at: gone! })
  await world.relations.noteCustomerMoved(key, { gone: false, at: back! })
  await world.wecom.act('guideDeletesCustomer', key)
  await world.relations.refresh(key, { endedBy: [xiaomei.userId] })
  world.clock.advance(2_000)
  await world.wecom.load({ relations: [{ ...toSeed(xiaomei.userId, liNa), remark: '李姐', tagIds: ['etGold'] }] })
  await world.sync.runNow(world.corp)

  expect((await world.history(key)).map(({ kind }) => kind)).toEqual([
    'added',
    'customer_left',
    'customer_returned',
    'ended',
    'restored',
  ])
})

test('a crash between an event and its change neither loses nor doubles it', async () => {
  await world.wecom.act('editRelation', { ...key, remark: '改名' })
  await world.relations.refresh(key)
  const after = await world.relationRow(key)
  const before = { remark: '李姐', revision: Number(after?.['revision']) - 1, mark: 'old' }
  await world.db.collection('relations').updateOne({ _id: after?._id }, { $set: before })

  await world.sync.runNow(world.corp)

  expect(await world.relationRow(key)).toMatchObject({ remark: '改名', revision: after?.['revision'] })
  expect((await world.history(key)).map(({ kind }) => kind)).toEqual(['added', 'remark_changed'])
})

test('the history of a customer comes newest first, in pages', async () => {
  await world.relations.markTags(key, { add: ['etApple'], remove: [] })
  const customer = { corpId: world.corpId, externalUserId: liNa }
  const first = await world.relations.historyOf(customer, { limit: 2 })

  const rest = await world.relations.historyOf(customer, { before: first.at(-1), limit: 5 })

  expect([...first, ...rest].map(({ userId, kind }) => `${userId} ${kind}`)).toEqual([
    'LinXiaoMei tagged',
    'LinXiaoMei added',
    'ChenJie added',
  ])
  expect(await world.relations.historyOf({ ...customer, externalUserId: wangWei }, { limit: 5 })).toHaveLength(1)
  expect(chenjie.corpId).toBe(world.corpId)
})
