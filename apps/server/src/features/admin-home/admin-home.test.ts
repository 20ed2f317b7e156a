import { AdminHome } from '@guidebar/contracts'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { chenjie, startCustomers, xiaomei, type CustomerWorld } from '../relations/customer.world.ts'

let world: CustomerWorld

beforeAll(async () => {
  world = await startCustomers()
})
afterAll(() => world.close())
beforeEach(() => world.begin({ hearing: true }))

test('the home page counts what the corp has', async () => {
  await world.wecom.act('addCustomer', { userId: xiaomei.userId, customer: { name: '新客' } })
  await world.settle()

  const response = await world.asAdmin().get('/home')

  expect([...Value.Errors(AdminHome, response.body)]).toEqual([])
  expect(response.body).toMatchObject({
    corpId: world.corpId,
    brand: '测试门店',
    guides: 2,
    stores: 2,
    customers: 3,
    relations: 4,
    tags: 3,
    quickReplies: 0,
    cards: 0,
    of: [],
    connection: { sync: { phase: 'done' }, callbacks: { waiting: 0, lastAt: expect.any(String) } },
    month: { cardsSent: 0, orders: 0, amountFen: 0 },
  })
})

test('an admin is told who he is', async () => {
  const response = await world.asAdmin().get('/me')

  expect(response.body).toMatchObject({ userId: 'TestAdmin', name: '管理员', corpId: world.corpId, role: 'owner' })
})

test.each(['/me', '/home', '/sync'])('a guide may not see %s', async (path) => {
  const asGuide = await world.as(xiaomei).get(`/api/admin${path}`)
  const asNobody = await world.newBrowser().get(`/api/admin${path}`)

  expect([asGuide.statusCode, asNobody.statusCode]).toEqual([401, 401])
})

test('what came and went is counted by day, and what a leaver left behind waits for somebody', async () => {
  await world.wecom.act('addCustomer', { userId: xiaomei.userId, customer: { name: '新客' } })
  await world.settle()
  world.clock.advance(2 * 60_000)
  const before = (await world.asAdmin().get('/home')).body
  await world.wecom.act('deleteMember', { userId: xiaomei.userId })
  await world.settle()
  world.clock.advance(2 * 60_000)

  const { body } = await world.asAdmin().get('/home?lang=en')

  expect(before.figures.days).toHaveLength(30)
  expect(before.figures.days.at(-1).added).toBeGreaterThanOrEqual(1)
  expect(before.attention.map(({ kind }: { kind: string }) => kind)).not.toContain('leavers')
  const left = body.attention.find(({ kind }: { kind: string }) => kind === 'leavers')
  expect(left.count).toBeGreaterThanOrEqual(1)
})

test('the manager of a store has the figures of this store, and nothing of the corp’s connection', async () => {
  const manager = { corpId: world.corpId, userId: 'TestAdmin' }
  await world.services.rights.assign(
    { ...manager, role: 'owner' },
    { corpId: world.corpId, userId: chenjie.userId },
    { role: 'storeManager', scope: { kind: 'store', departmentIds: [12] } },
  )
  const all = (await world.asAdmin().get('/home')).body
  const ofXiaomei = all.relations - (await world.asAdmin(chenjie.userId).get('/home')).body.relations
  await world.wecom.act('deleteMember', { userId: xiaomei.userId })
  await world.settle()
  world.clock.advance(2 * 60_000)

  const { statusCode, body } = await world.asAdmin(chenjie.userId).get('/home')

  expect(statusCode).toBe(200)
  expect([...Value.Errors(AdminHome, body)]).toEqual([])
  expect(body).toMatchObject({ guides: 1, stores: 1, connection: null })
  expect(body.of).toHaveLength(1)
  expect(ofXiaomei).toBeGreaterThan(0)
  expect(body.relations).toBeGreaterThan(0)
  expect(body.attention.map(({ kind }: { kind: string }) => kind)).not.toContain('leavers')
})
