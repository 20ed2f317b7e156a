import { SidebarContext } from '@guidebar/contracts'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { chenjie, liNa, startCustomers, wangWei, xiaomei, type CustomerWorld } from '../relations/customer.world.ts'

let world: CustomerWorld

beforeAll(async () => {
  world = await startCustomers()
})
afterAll(() => world.close())
beforeEach(() => world.begin())

const get = (guide: { userId: string }, query: string) => world.as(guide).get(`/context?${query}`)

test('one answer has everything the first screen needs', async () => {
  const response = await get(xiaomei, `externalUserId=${liNa}`)

  expect(response.statusCode).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect([...Value.Errors(SidebarContext, response.body)]).toEqual([])
  expect(response.body).toMatchObject({
    wecomReachable: true,
    guide: { userId: 'LinXiaoMei', name: '林小美', storeId: '11', storeName: '天河城店' },
    customer: { name: '李娜' },
    relation: { remark: '李姐', tags: [{ name: '金卡' }] },
    fellows: [{ name: '陈杰' }],
    topReplies: [],
    sends: [],
    performance: { cardsSent: 0, orders: 0, amountFen: 0 },
  })
})

test('a known customer is shown without a single call to WeCom', async () => {
  await get(xiaomei, `externalUserId=${liNa}`)
  await world.wecom.clearCalls()

  await get(xiaomei, `externalUserId=${liNa}`)

  expect(await world.wecom.calls()).toEqual([])
})

test('a guide who goes from chat to chat costs the database few reads', async () => {
  await get(xiaomei, `externalUserId=${liNa}`)
  const reads: string[] = []
  world.db.set('debug', (collection: string, method: string) => reads.push(`${collection}.${method}`))

  const response = await get(xiaomei, `externalUserId=${liNa}`).finally(() => world.db.set('debug', false))

  expect(response.statusCode).toBe(200)
  expect(reads).toContain('relations.aggregate')
  expect(reads.length).toBeLessThanOrEqual(5)
})

test('in a group there is no customer', async () => {
  await world.wecom.act('createChat', { chatId: 'wrGroup', name: '老客群', ownerUserId: xiaomei.userId })

  const response = await get(xiaomei, 'chatId=wrGroup')

  expect([...Value.Errors(SidebarContext, response.body)]).toEqual([])
  expect(response.body).toMatchObject({
    customer: null,
    relation: null,
    fellows: [],
    sends: [],
    group: { name: '老客群' },
  })
})

test.each([
  ['a colleague’s customer', wangWei],
  ['an id nobody has', 'wmNobody'],
])('%s is 404 with nothing about anybody', async (_, externalUserId) => {
  const response = await get(chenjie, `externalUserId=${externalUserId}`)

  expect(response.statusCode).toBe(404)
  expect(response.body).toMatchObject({ error: { code: 'RELATION_NOT_FOUND' } })
  expect(Object.keys(response.body)).toEqual(['error'])
  expect(response.text).not.toMatch(/王伟|wm|林小美/)
})

test('for a colleague’s customer read just now WeCom is not asked', async () => {
  await get(chenjie, `externalUserId=${wangWei}`)

  expect(await world.wecom.calls({ path: 'externalcontact/get' })).toEqual([])
})

test('the same ids in another corp lead nowhere', async () => {
  const other = await world.otherCorp()
  const guide = await other.addGuide({ userId: xiaomei.userId })

  const response = await other.as(guide).get(`/context?externalUserId=${liNa}`)

  expect(response.statusCode).toBe(404)
  expect(response.text).not.toContain('李娜')
})

test('a customer added seconds ago is there although no event came', async () => {
  const { externalUserId } = await world.wecom.act('addCustomer', {
    userId: xiaomei.userId,
    customer: { name: '新客' },
  })

  const response = await get(xiaomei, `externalUserId=${externalUserId}`)

  expect(response.body).toMatchObject({ customer: { name: '新客' }, relation: { status: 'active' } })
})

test('with WeCom away the panel shows what we last knew, and says so', async () => {
  await get(xiaomei, `externalUserId=${liNa}`)
  await world.wecom.changeSettings({ outage: 'status500' })
  const refused = await world.as(xiaomei).put(`/customers/${liNa}/tags`, { add: ['etApple'], remove: [] })

  const response = await get(xiaomei, `externalUserId=${liNa}`)

  expect(refused.body).toMatchObject({ error: { code: 'WECOM_UNAVAILABLE' } })
  expect(response.body).toMatchObject({
    wecomReachable: false,
    customer: { name: '李娜' },
    relation: { tags: [{ name: '金卡' }] },
  })
})

test.each([
  ['neither', ''],
  ['both', `externalUserId=${liNa}&chatId=wrGroup`],
  ['two customers', `externalUserId=${liNa}&externalUserId=${wangWei}`],
  ['an unknown field', `externalUserId=${liNa}&userId=ChenJie`],
  ['an operator', 'externalUserId[$ne]=x'],
])('%s is a bad request', async (_, query) => {
  expect((await get(xiaomei, query)).statusCode).toBe(400)
})

test('nobody without a session learns anything', async () => {
  const response = await world.newBrowser().get(`/api/sidebar/context?externalUserId=${liNa}`)

  expect(response.statusCode).toBe(401)
})

test('what to do next, the pace and the values for replies come along, within 8 kB', async () => {
  const now = world.clock.now()
  const day = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString()
  const crm = await world.asShop()
  const coupons = [{ code: 'C1', name: '满减券', expiresAt: day(2) }]
  await crm.put(`/customers/${liNa}/profile`, { tier: '金卡', coupons, asOf: day(0) })
  const items = [{ sku: 'A', name: '折叠屏', quantity: 1, priceFen: 100 }]
  await crm.post('/orders', { orderNo: 'N-77', externalUserId: liNa, amountFen: 100, paidAt: day(-1), items })
  for (let index = 0; index < 8; index++)
    await world.services.quickReplies.saveCorp(world.corpId, {
      folder: '问候',
      title: `第 ${index} 条问候`,
      shortcut: '',
      parts: [{ type: 'text', text: '{{customer.name|亲}}您好，我是{{store.name}}的{{guide.name}}。'.repeat(3) }],
    })
  world.clock.advance(4_000)

  const response = await get(xiaomei, `externalUserId=${liNa}`)
  const { nextAction } = response.body
  await world.as(xiaomei).post(`/customers/${liNa}/next-action/put-away`, { key: nextAction.key })
  const after = await get(xiaomei, `externalUserId=${liNa}`)

  expect([...Value.Errors(SidebarContext, response.body)]).toEqual([])
  expect(response.body).toMatchObject({
    profile: { tier: '金卡', doNotDisturb: false },
    meter: { today: { byMe: 0, byCorp: 0 } },
    nextAction: { rule: 'coupon_expiring', values: { name: '满减券', days: 2 } },
    replyValues: { 'customer.tier': '金卡', 'order.last.no': 'N-77' },
  })
  expect(after.body.nextAction).toMatchObject({ rule: 'first_week', values: { item: '折叠屏' } })
  expect(response.text.length).toBeLessThan(8_000)
})
