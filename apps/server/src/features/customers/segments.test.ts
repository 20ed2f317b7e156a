import type { SegmentGroup, SegmentRule } from '@guidebar/contracts'
import { startWorld, type World } from '@guidebar/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'

import { customerEntryModel, type CustomerEntry } from './customer-entry.model.ts'
import { toSegmentFilter } from './segment.filter.ts'
import { judge } from './segment.judge.ts'

let world: World
let guide: Awaited<ReturnType<World['addGuide']>>
beforeAll(async () => {
  world = await startWorld({ mongoUri: inject('mongoUri') })
  // The clock is moved on between tests: taken for an absence, it would have everything read from WeCom again.
  await world.services.callbacks.stop()
  guide = await world.addGuide({ userId: 'LinXiaoMei', name: '林小美' })
  await world.addAdmin()
})
afterAll(() => world.close())
beforeEach(async () => {
  const emptied = ['customerEntries', 'relations', 'customers', 'segments', 'tagBatches', 'relationEvents']
  await Promise.all(emptied.map((name) => world.db.collection(name).deleteMany({})))
  world.clock.advance(30_000)
})

const all = (...rules: SegmentRule[]): SegmentGroup => ({ join: 'all', exclude: false, rules, groups: [] })
const now = new Date('2026-11-21T04:00:00Z')
const dayAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)

const some = (values: string[]) => fc.subarray(values, { minLength: 1 })
const date = fc.option(
  fc.integer({ min: 0, max: 60 }).map((days) => dayAgo(days)),
  { nil: null },
)
const [tags, guides, states, tiers] = [
  ['t1', 't2', 't3'],
  ['g1', 'g2', 'g3'],
  ['a', 'b', ''],
  ['金卡', '银卡', ''],
]
const setting = {
  now,
  visible: ['g1', 'g2'],
  guidesOfStore: new Map([
    ['11', ['g1']],
    ['12', ['g2', 'g3']],
  ]),
}

const when = (field: 'addedAt' | 'lastSent' | 'lastOpened' | 'lastOrder') =>
  fc.oneof(
    fc.record({
      field: fc.constant(field),
      when: fc.constantFrom('lastDays' as const, 'notLastDays' as const),
      days: fc.integer({ min: 1, max: 60 }),
    }),
    fc.constant({ field, when: 'between' as const, from: '2026-10-10', to: '2026-11-05' }),
    fc.constant({ field, when: 'never' as const }),
  )
const is = fc.constantFrom('any' as const, 'none' as const)
const atLeast = fc.constantFrom('atLeast' as const, 'atMost' as const)
const aRule: fc.Arbitrary<SegmentRule> = fc.oneof(
  fc.record({ field: fc.constant('tag' as const), is: fc.constantFrom('any', 'all', 'none'), tagIds: some(tags) }),
  fc.record({ field: fc.constant('store' as const), is, storeIds: some(['11', '12', '13']) }),
  fc.record({ field: fc.constant('guide' as const), is, userIds: some(guides) }),
  fc.record({ field: fc.constant('addWay' as const), is, addWays: fc.subarray([1, 2, 201], { minLength: 1 }) }),
  fc.record({ field: fc.constant('channel' as const), is, states: some(['a', 'b']) }),
  fc.record({ field: fc.constant('status' as const), is: fc.constantFrom('active', 'deleted_by_customer') }),
  when('addedAt'),
  when('lastSent'),
  when('lastOpened'),
  when('lastOrder'),
  fc.record({ field: fc.constant('orders' as const), compare: atLeast, count: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ field: fc.constant('spent' as const), compare: atLeast, amountFen: fc.integer({ min: 0, max: 900 }) }),
  fc.record({ field: fc.constant('birthday' as const), months: fc.subarray([1, 2, 12], { minLength: 1 }) }),
  fc.record({ field: fc.constant('tier' as const), is, tiers: some(['金卡', '银卡']) }),
  fc.record({ field: fc.constant('doNotDisturb' as const), is: fc.boolean() }),
) as fc.Arbitrary<SegmentRule>
const aGroup = (depth: number): fc.Arbitrary<SegmentGroup> =>
  fc.record({
    join: fc.constantFrom('all', 'any'),
    exclude: fc.boolean(),
    rules: fc.array(aRule, { maxLength: 3 }),
    groups: depth > 1 ? fc.array(aGroup(depth - 1), { maxLength: 2 }) : fc.constant([]),
  })
const aCustomer = fc.record({
  relations: fc.array(
    fc.record({
      userId: fc.constantFrom(...guides),
      tagIds: fc.subarray(tags),
      addedAt: fc.integer({ min: 0, max: 60 }).map(dayAgo),
      remark: fc.constant(''),
      status: fc.constantFrom('active', 'deleted_by_customer'),
      addWay: fc.constantFrom(1, 2, 201),
      state: fc.constantFrom(...states),
      sentAt: date,
      openedAt: date,
    }),
    { minLength: 1, maxLength: 3 },
  ),
  orderCount: fc.integer({ min: 0, max: 3 }),
  spentFen: fc.integer({ min: 0, max: 900 }),
  lastOrderAt: date,
  tier: fc.constantFrom(...tiers),
  birthday: fc.constantFrom(0, 101, 131, 215, 1231),
  doNotDisturb: fc.boolean(),
})

test('whom the database finds and why somebody is in agree, for any definition', async () => {
  const customers = fc.sample(aCustomer, { numRuns: 120, seed: 7 }).map((facts, at) => ({
    ...facts,
    _id: `c/${at}`,
    corpId: 'c',
    externalUserId: String(at),
    name: '',
    avatarUrl: null,
    type: 1,
    addedAt: now,
    terms: [],
    phoneTail: '',
    bucket: 0,
    contentHash: '',
  })) as CustomerEntry[]
  const entries = customerEntryModel(world.db).collection
  await entries.insertMany(customers as never)
  const visible = customers.filter(({ relations }) => relations.some(({ userId }) => userId !== 'g3'))

  await fc.assert(
    fc.asyncProperty(aGroup(3), async (definition) => {
      const filter = toSegmentFilter(definition, setting)
      const found = await entries
        .find({ $and: [{ 'relations.userId': { $in: setting.visible } }, filter] }, { projection: { _id: 1 } })
        .toArray()
      const judged = visible.filter((entry) => judge(definition, entry, setting).holds)
      expect(found.map(({ _id }) => String(_id)).toSorted()).toEqual(judged.map(({ _id }) => _id).toSorted())
    }),
    { numRuns: 150 },
  )
})

test('fifty of five hundred: live count with samples, then saved, listed, used and removed', async () => {
  const [vip] = await world.addTags(['贵宾'])
  const customers = Array.from({ length: 500 }, (_, at) => ({ externalUserId: `wmMany${at}`, name: `顾客${at}` }))
  await world.wecom.load({
    customers,
    relations: customers.map(({ externalUserId }, at) => ({
      userId: guide.userId,
      externalUserId,
      tagIds: at % 10 === 0 ? [vip!] : [],
    })),
  })
  await world.sync()
  await world.services.entryJobs.refreshAll(world.corpId)
  const admin = world.asAdmin()
  const definition = all({ field: 'tag', is: 'any', tagIds: [vip!] })

  const preview = await admin.post('/segments/preview', { definition })
  const made = await admin.post('/segments', { name: '贵宾客户', definition })
  const again = await admin.post('/segments', { name: '贵宾客户', definition })
  const { segmentId } = made.body
  const page = await admin.get(`/customers?segmentId=${segmentId}&limit=50`)
  const batch = { key: 'batch-key-1', selection: { filter: { segmentId } }, add: [], remove: [vip] }
  await admin.post('/tag-batches', batch)
  const listed = await admin.get('/segments')
  const removed = await admin.delete(`/segments/${segmentId}`)

  expect(preview.body).toMatchObject({ fits: { count: 50, isEstimate: false }, of: { count: 500 } })
  expect(preview.body.samples).toHaveLength(10)
  expect([made.statusCode, again.statusCode, removed.statusCode]).toEqual([200, 409, 204])
  expect(page.body.customers).toHaveLength(50)
  expect(page.body.next).toBeNull()
  expect(listed.body.segments).toMatchObject([{ name: '贵宾客户', usedBy: [{ kind: 'tagBatch', byName: '管理员' }] }])
})

test('why somebody is in: each condition says what it found', async () => {
  const { customer, tagIds } = await world.follow({ guide, tags: ['金卡', '苹果'] })
  await world.services.jobs.drain()
  const definition: SegmentGroup = {
    ...all({ field: 'tag', is: 'any', tagIds }, { field: 'orders', compare: 'atLeast', count: 1 }),
    groups: [{ ...all({ field: 'lastSent', when: 'lastDays', days: 7 }), exclude: true }],
  }

  const { body } = await world.asAdmin().post('/segments/explain', {
    definition,
    externalUserId: customer.externalUserId,
  })

  expect(body.finding).toMatchObject({
    holds: false,
    rules: [
      { holds: true, has: tagIds },
      { holds: false, number: 0 },
    ],
    groups: [{ exclude: true, holds: true, rules: [{ holds: false, at: null }] }],
  })
})

test('who saw an older version does not overwrite a newer one, and a manager changes only what is his', async () => {
  await world.addGuide({ userId: 'Manager', name: '王店长', departmentIds: [2], customerContact: false })
  await world.services.rights.assign(
    { corpId: world.corpId, userId: 'TestAdmin', role: 'owner' },
    { corpId: world.corpId, userId: 'Manager' },
    { role: 'storeManager', scope: { kind: 'store', departmentIds: [2] } },
  )
  const [admin, manager] = [world.asAdmin(), world.asAdmin('Manager')]
  const definition = all({ field: 'doNotDisturb', is: true })
  const { body: ofCorp } = await admin.post('/segments', { name: '免打扰', definition })
  const { body: own } = await manager.post('/segments', { name: '我店的', definition })
  await admin.put(`/segments/${ofCorp.segmentId}`, { name: '免打扰', definition, version: 1 })

  const stale = await admin.put(`/segments/${ofCorp.segmentId}`, { name: '旧', definition, version: 1 })
  const others = await manager.put(`/segments/${ofCorp.segmentId}`, { name: '改', definition })
  const { body: seen } = await manager.get('/segments')

  expect([stale.statusCode, others.statusCode]).toEqual([409, 403])
  expect(seen.segments.map(({ name, mayChange }: { name: string; mayChange: boolean }) => [name, mayChange])).toEqual([
    ['免打扰', false],
    ['我店的', true],
  ])
  expect(own.mayChange).toBe(true)
})

test.each([
  ['a day that no month has', all({ field: 'addedAt', when: 'between', from: '2026-02-30', to: '2026-03-01' })],
  ['an end before its beginning', all({ field: 'addedAt', when: 'between', from: '2026-03-02', to: '2026-03-01' })],
  ['groups four deep', { ...all(), groups: [{ ...all(), groups: [{ ...all(), groups: [all()] }] }] }],
  ['an operator', { ...all(), rules: [{ field: 'tag', is: 'any', tagIds: [{ $ne: '' }] }] }],
  ['an unknown field', { ...all(), rules: [{ field: 'password', is: 'any' }] }],
])('%s is refused', async (_, definition) => {
  const response = await world.asAdmin().post('/segments/preview', { definition })

  expect(response.statusCode).toBe(400)
})
