import { startWorld, type World } from '@guidebar/testkit'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'

type Row = { externalUserId: string; name: string; followers: { remark: string }[]; tags: { name: string }[] }

let world: World
let xiaomei: Awaited<ReturnType<World['addGuide']>>
let chenjie: Awaited<ReturnType<World['addGuide']>>

/** Two stores with a guide each; the manager of 天河店 sees what its guides have. */
beforeAll(async () => {
  world = await startWorld({ mongoUri: inject('mongoUri') })
  // The clock is moved on between tests: taken for an absence, it would have everything read from WeCom again.
  await world.services.callbacks.stop()
  await world.wecom.load({ departments: [{ id: 3, name: '正佳店', parentId: 1 }] })
  xiaomei = await world.addGuide({ userId: 'LinXiaoMei', name: '林小美', departmentIds: [2] })
  chenjie = await world.addGuide({ userId: 'ChenJie', name: '陈杰', departmentIds: [3] })
  await world.addAdmin()
  await world.addGuide({ userId: 'Manager', name: '王店长', departmentIds: [2], customerContact: false })
  const scope = { kind: 'store' as const, departmentIds: [2] }
  await world.services.rights.assign(
    { corpId: world.corpId, userId: 'TestAdmin', role: 'owner' },
    { corpId: world.corpId, userId: 'Manager' },
    { role: 'storeManager', scope },
  )
})
afterAll(() => world.close())

beforeEach(async () => {
  const { db } = world
  await Promise.all(
    [
      'relations',
      'relationEvents',
      'customers',
      'customerEntries',
      'customerProfiles',
      'orders',
      'sends',
      'segments',
    ].map((name) => db.collection(name).deleteMany({})),
  )
  world.clock.advance(60_000)
})

const day = (days: number) => new Date(world.clock.now().getTime() - days * 86_400_000)
const derive = () => world.services.jobs.drain()
const list = async (who: string, query = '') => {
  const response = await world.asAdmin(who).get(`/customers?${query}`)
  expect(response.statusCode).toBe(200)
  return response.body as { customers: Row[]; next: string | null }
}
const names = async (who: string, query = '') => (await list(who, query)).customers.map(({ name }) => name)

const customer = (name: string) => ({ customerSeed: { name } })

test('the list shows who was followed last first, page by page, each customer once', async () => {
  for (let at = 0; at < 5; at++)
    await world.follow({ guide: at % 2 ? chenjie : xiaomei, ...customer(`顾客${at}`), addedAt: day(at) })
  const shared = await world.follow({ guide: xiaomei, ...customer('两人共有'), addedAt: day(9) })
  await world.follow({ guide: chenjie, customer: shared.customer, addedAt: day(8) })
  await derive()

  const first = await list('TestAdmin', 'limit=4')
  const second = await list('TestAdmin', `limit=4&before=${first.next}`)

  expect([...first.customers, ...second.customers].map(({ name }) => name)).toEqual([
    '顾客0',
    '顾客1',
    '顾客2',
    '顾客3',
    '顾客4',
    '两人共有',
  ])
  expect(second.next).toBeNull()
  expect(second.customers[1]?.followers).toHaveLength(2)
})

test.each(['王小', '小明', 'wangxiaoming', 'wxm', 'xiaom', 'wangxm', '王xm', '贵宾', 'guib', '8000', 'WXM'])(
  '«%s» finds the customer by name, remark or phone',
  async (q) => {
    const { customer: wanted } = await world.follow({ guide: xiaomei, ...customer('王小明'), remark: '贵宾01' })
    await world.follow({ guide: xiaomei, ...customer('李娜') })
    const crm = await world.asShop()
    const intake = { tier: '金卡', phoneTail: '8000', asOf: world.clock.now().toISOString() }
    await crm.put(`/customers/${wanted.externalUserId}/profile`, intake)
    await derive()

    expect(await names('TestAdmin', `q=${encodeURIComponent(q)}`)).toEqual(['王小明'])
  },
)

test('what looks like a pattern is searched for as it is written', async () => {
  await world.follow({ guide: xiaomei, ...customer('a.c (VIP)') })
  await world.follow({ guide: xiaomei, ...customer('abc') })
  await derive()

  expect(await names('TestAdmin', 'q=a.c')).toEqual(['a.c (VIP)'])
  for (const q of ['.*', '^(a+)+$', '$ne', '\\', '[', '%00'])
    expect(await names('TestAdmin', `q=${encodeURIComponent(q)}`)).toEqual([])
})

test('a store manager meets nobody else’s customer anywhere', async () => {
  const [vip] = await world.addTags(['贵宾'])
  const shared = await world.follow({ guide: xiaomei, ...customer('共同客户'), remark: '小美的备注' })
  await world.follow({ guide: chenjie, customer: shared.customer, remark: '正佳专属', tags: ['贵宾'] })
  const foreign = await world.follow({ guide: chenjie, ...customer('别店客户') })
  await derive()
  const manager = world.asAdmin('Manager')
  const id = foreign.customer.externalUserId
  const tagRule = { join: 'all', exclude: false, rules: [{ field: 'tag', is: 'any', tagIds: [vip] }], groups: [] }

  const statuses = await Promise.all([
    manager.get(`/customers/${id}`),
    manager.get(`/customers/${id}/timeline`),
    manager.post(`/customers/${id}/phones`, {}),
    manager.post('/segments/explain', { definition: tagRule, externalUserId: id }),
    manager.get('/customers?userId=ChenJie'),
    manager.get('/customers?storeId=3'),
  ])
  const preview = await manager.post('/segments/preview', { definition: tagRule })
  const page = await list('Manager')
  const detail = await manager.get(`/customers/${shared.customer.externalUserId}`)

  expect(statuses.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404, 404, 404])
  for (const { text } of statuses) expect(text).not.toContain('别店')
  expect(page.customers.map(({ name }) => name)).toEqual(['共同客户'])
  expect(page.customers[0]).toMatchObject({ followers: [{ remark: '小美的备注' }], tags: [] })
  expect(await names('Manager', `q=${encodeURIComponent('正佳专属')}`)).toEqual([])
  expect(await names('Manager', `tagId=${vip}`)).toEqual([])
  expect((await manager.get('/customers/count')).body).toEqual({ count: 1, isEstimate: false })
  expect((await manager.get(`/customers/count?q=${encodeURIComponent('正佳')}`)).body).toMatchObject({ count: 0 })
  expect(preview.body).toMatchObject({ fits: { count: 0 }, of: { count: 1 }, samples: [] })
  expect(detail.body.relations).toHaveLength(1)
  expect(detail.text).not.toContain('正佳')
  expect((await manager.get('/customer-exports')).statusCode).toBe(403)
})

test('another corp’s admin meets nobody of ours', async () => {
  const { customer: ours } = await world.follow({ guide: xiaomei, ...customer('我们的') })
  await derive()
  const other = await world.otherCorp()
  await other.addAdmin()

  const page = await other.asAdmin().get('/customers')
  const detail = await other.asAdmin().get(`/customers/${ours.externalUserId}`)

  expect(page.body.customers).toEqual([])
  expect(detail.statusCode).toBe(404)
})

test('the customer’s page tells the relations, the timeline of all guides, and masks the phone until it is asked for', async () => {
  const { customer: wanted } = await world.follow({
    guide: xiaomei,
    ...customer('王芳'),
    remark: '芳姐',
    tags: ['金卡'],
  })
  await world.follow({ guide: chenjie, customer: wanted, addedAt: day(3) })
  const id = wanted.externalUserId
  const noted = { userId: xiaomei.userId, externalUserId: id, remark: '芳姐', mobiles: ['13800138000'] }
  await world.wecom.load({ relations: [noted] })
  const crm = await world.asShop()
  await crm.put(`/customers/${id}/profile`, { tier: '金卡', phoneTail: '8000', asOf: day(0).toISOString() })
  const items = [{ sku: 'A', name: '折叠屏', quantity: 1, priceFen: 100 }]
  const order = {
    orderNo: `N-${id.slice(-6)}`,
    externalUserId: id,
    amountFen: 100,
    paidAt: day(1).toISOString(),
    items,
  }
  await crm.post('/orders', order)
  await derive()
  const admin = world.asAdmin()

  const detail = await admin.get(`/customers/${id}`)
  const timeline = await admin.get(`/customers/${id}/timeline?kinds=added,bought`)
  const phones = await admin.post(`/customers/${id}/phones`, {})

  expect(detail.body).toMatchObject({
    customer: { name: '王芳' },
    maskedPhone: '•••• 8000',
    profile: { tier: '金卡' },
    orders: { count: 1, amountFen: 100 },
    relations: [{ userId: 'LinXiaoMei', remark: '芳姐' }, { userId: 'ChenJie' }],
  })
  expect(detail.text).not.toContain('13800138000')
  expect(timeline.body.events.map(({ kind }: { kind: string }) => kind).toSorted()).toEqual([
    'added',
    'added',
    'bought',
  ])
  expect(phones.body.phones).toEqual([{ phone: '13800138000', guideName: '林小美' }])
  const rows = await world.db.collection('auditRows').find({ target: id }).sort({ seq: 1 }).toArray()
  expect(rows.map(({ action }) => action)).toEqual(['customers.read', 'customers.phone-revealed'])
  expect(JSON.stringify(rows)).not.toContain('13800138000')
})

test('a phone is not shown when WeCom refuses, and the attempt is on record all the same', async () => {
  const { customer: wanted } = await world.follow({ guide: xiaomei, ...customer('王芳') })
  await derive()
  await world.wecom.failNext({ path: 'externalcontact/get', errcode: 60_020 })

  const phones = await world.asAdmin().post(`/customers/${wanted.externalUserId}/phones`, {})

  expect(phones.body.error).toMatchObject({ code: 'WECOM_NOT_SET_UP', errcode: 60_020 })
  const rows = await world.db.collection('auditRows').find({ target: wanted.externalUserId }).toArray()
  expect(rows.map(({ action }) => action)).toEqual(['customers.phone-revealed'])
})

test('an entry follows what happens, however often it is told, and goes with the last relation', async () => {
  const { customer: wanted } = await world.follow({ guide: xiaomei, ...customer('王芳') })
  const key = { corpId: world.corpId, externalUserId: wanted.externalUserId }
  await world.services.relations.refresh(key)
  await world.services.relations.refresh(key)
  await derive()
  const before = await names('TestAdmin')

  await world.wecom.act('guideDeletesCustomer', { userId: xiaomei.userId, externalUserId: wanted.externalUserId })
  await world.services.relations.refresh(key, { endedBy: [xiaomei.userId] })
  await derive()

  expect(before).toEqual(['王芳'])
  expect(await names('TestAdmin')).toEqual([])
})

test('a comparison of all makes good what was lost', async () => {
  await world.follow({ guide: xiaomei, ...customer('王芳') })
  await derive()
  const entries = world.db.collection('customerEntries')
  const right = await entries.findOne({})
  await entries.updateOne({}, { $set: { name: '旧名', contentHash: 'old' } })
  await entries.insertOne({ ...right, _id: `${world.corpId}/wmGone` as never, externalUserId: 'wmGone' } as never)

  const changed = await world.services.entryJobs.refreshAll(world.corpId)

  expect(changed).toBe(2)
  expect(await entries.find().toArray()).toEqual([right])
  expect(await world.services.entryJobs.refreshAll(world.corpId)).toBe(0)
})
