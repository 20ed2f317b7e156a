import { startWorld, type World } from '@guidebar/testkit'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'

let world: World
let xiaomei: Awaited<ReturnType<World['addGuide']>>
let chenjie: Awaited<ReturnType<World['addGuide']>>
let gold: string
let silver: string
let made = 0

beforeAll(async () => {
  world = await startWorld({ mongoUri: inject('mongoUri') })
  // The clock is moved on between tests: taken for an absence, it would have everything read from WeCom again.
  await world.services.callbacks.stop()
  await world.wecom.load({ departments: [{ id: 3, name: '正佳店', parentId: 1 }] })
  xiaomei = await world.addGuide({ userId: 'LinXiaoMei', name: '林小美', departmentIds: [2] })
  chenjie = await world.addGuide({ userId: 'ChenJie', name: '陈杰', departmentIds: [3] })
  await world.addAdmin()
  await world.addGuide({ userId: 'Manager', name: '王店长', departmentIds: [2], customerContact: false })
  const rights = { role: 'admin' as const, scope: { kind: 'store' as const, departmentIds: [2] } }
  const owner = { corpId: world.corpId, userId: 'TestAdmin', role: 'owner' as const }
  await world.services.rights.assign(owner, { corpId: world.corpId, userId: 'Manager' }, rights)
})
afterAll(() => world.close())

beforeEach(async () => {
  await world.wecom.clearFaults()
  const emptied = ['relations', 'relationEvents', 'customers', 'customerEntries', 'tagBatches', 'tagBatchRows']
  await Promise.all(emptied.map((name) => world.db.collection(name).deleteMany({})))
  const ids = await world.addTags([`金卡${++made}`, `银卡${made}`])
  gold = ids[0]!
  silver = ids[1]!
  world.clock.advance(60_000)
})

const drain = () => world.services.jobs.drain()
const these = (customers: { externalUserId: string }[]) => ({
  externalUserIds: customers.map(({ externalUserId }) => externalUserId),
})
const start = async (body: object, who = 'TestAdmin') => {
  const response = await world.asAdmin(who).post('/tag-batches', { key: `key-${made}-12345`, remove: [], ...body })
  return response.body
}
const view = async (batchId: string) => (await world.asAdmin().get(`/tag-batches/${batchId}`)).body
const calls = async () => (await world.wecom.calls({ path: 'externalcontact/mark_tag', limit: 1_000 })).length

async function followers(count: number) {
  const customers = []
  for (let at = 0; at < count; at++) {
    const { customer } = await world.follow({ guide: xiaomei, customerSeed: { name: `顾客${at}` } })
    customers.push(customer)
  }
  await drain()
  await world.wecom.clearCalls()
  return customers
}

test('every relation is tagged once at WeCom, what is so already is left, and all of it can be taken back', async () => {
  const customers = await followers(3)
  const [one] = customers
  await world.follow({ guide: chenjie, customer: one!, tags: [`金卡${made}`] })
  await drain()
  await world.wecom.clearCalls()

  const begun = await start({ selection: these(customers), add: [gold] })
  const again = await start({ selection: these(customers), add: [gold] })
  await drain()
  const done = await view(begun.batchId)
  const rows = await world.asAdmin().get(`/tag-batches/${begun.batchId}/rows`)
  const wasTagged = await world.tagsOf(xiaomei, one!)
  await world.asAdmin().post(`/tag-batches/${begun.batchId}/undo`, {})
  await drain()

  expect(begun).toMatchObject({ phase: 'collecting', byName: '管理员', addNames: [`金卡${made}`] })
  expect(again.batchId).toBe(begun.batchId)
  expect(done).toMatchObject({ phase: 'done', total: 4, changed: 3, same: 1, failed: 0, mayUndo: true, etaSec: null })
  expect(rows.body.rows).toHaveLength(4)
  expect(rows.body.rows[0]).toMatchObject({ customerName: expect.stringContaining('顾客'), state: expect.any(String) })
  expect(wasTagged).toContain(`金卡${made}`)
  expect(await world.tagsOf(xiaomei, one!)).toEqual([])
  expect(await world.tagsOf(chenjie, one!)).toEqual([`金卡${made}`])
  expect(await calls()).toBe(6)
  const after = await view(begun.batchId)
  expect(after.mayUndo).toBe(false)
})

test('a WeCom that refuses for a while and a process that ends in between cost no row and repeat none', async () => {
  const customers = await followers(12)
  await world.wecom.failNext({ path: 'externalcontact/mark_tag', errcode: 60_020, skip: 5 })
  const { batchId } = await start({ selection: these(customers), add: [gold] })

  await drain()
  const between = await view(batchId)
  const twin = await world.startTwin()
  for (let round = 0; round < 6 && (await view(batchId)).phase !== 'done'; round++) {
    world.clock.advance(10_000)
    await twin.services.jobs.drain()
  }

  expect(between.phase).toBe('tagging')
  expect(await view(batchId)).toMatchObject({ phase: 'done', changed: 12, failed: 0 })
  for (const customer of customers) expect(await world.tagsOf(xiaomei, customer)).toEqual([`金卡${made}`])
  const told = await world.wecom.calls({ path: 'externalcontact/mark_tag', limit: 1_000 })
  const taken = told.filter(({ errcode }) => errcode === 0).map(({ body }) => JSON.stringify(body))
  expect(new Set(taken).size).toBe(12)
  expect(taken).toHaveLength(12)
})

test('what WeCom refuses for one relation is told for that row, and the others go on', async () => {
  const customers = await followers(3)
  const [first] = customers
  await world.wecom.act('guideDeletesCustomer', { userId: xiaomei.userId, externalUserId: first!.externalUserId })

  const { batchId } = await start({ selection: these(customers), add: [gold] })
  await drain()
  const failed = await world.asAdmin().get(`/tag-batches/${batchId}/rows?state=failed`)

  expect(await view(batchId)).toMatchObject({ phase: 'done', changed: 2, failed: 1 })
  expect(failed.body.rows).toMatchObject([{ externalUserId: first!.externalUserId, code: 'RELATION_NOT_FOUND' }])
})

test('a manager’s batch stays within his store, and others’ batches are not his to see', async () => {
  const [shared] = await followers(1)
  await world.follow({ guide: chenjie, customer: shared! })
  await drain()

  const own = await start({ selection: these([shared!]), add: [gold], key: `manager-${made}-1234` }, 'Manager')
  const corps = await start({ selection: { externalUserIds: [shared!.externalUserId] }, add: [silver] })
  await drain()
  const seen = await world.asAdmin('Manager').get(`/tag-batches/${corps.batchId}`)

  expect(await view(own.batchId)).toMatchObject({ total: 1, changed: 1 })
  expect(await world.tagsOf(chenjie, shared!)).toEqual([`银卡${made}`])
  expect(seen.statusCode).toBe(404)
})

test('a stopped batch leaves the rest as it is', async () => {
  const customers = await followers(2)
  const { batchId } = await start({ selection: these(customers), add: [gold] })

  const stopped = await world.asAdmin().post(`/tag-batches/${batchId}/stop`, {})
  await drain()

  expect(stopped.body.phase).toBe('stopped')
  expect(await view(batchId)).toMatchObject({ phase: 'stopped', changed: 0 })
  expect(await calls()).toBe(0)
})

test('two tags become one: everybody has the other, and the first is gone at WeCom', async () => {
  const [one, two] = await followers(3)
  const admin = world.asAdmin()
  await world.services.relations.markTags(
    { ...xiaomei, externalUserId: one!.externalUserId },
    { add: [silver], remove: [] },
  )
  const both = { add: [silver, gold], remove: [] }
  await world.services.relations.markTags({ ...xiaomei, externalUserId: two!.externalUserId }, both)
  await drain()

  const merge = { key: `merge-${made}-12345`, fromTagId: silver, intoTagId: gold }
  const begun = await admin.post('/tag-merges', merge)
  const itself = await admin.post('/tag-merges', { ...merge, key: 'another-key', intoTagId: silver })
  await drain()

  expect(begun.statusCode).toBe(202)
  expect(itself.statusCode).toBe(400)
  expect(await view(begun.body.batchId)).toMatchObject({ kind: 'merge', phase: 'done', changed: 2, mayUndo: false })
  expect(await world.tagsOf(xiaomei, one!)).toEqual([`金卡${made}`])
  expect(await world.tagsOf(xiaomei, two!)).toEqual([`金卡${made}`])
  const left = (await world.wecom.tagGroups()).flatMap(({ tags }) => tags.map(({ tagId }) => tagId))
  expect(left).toContain(gold)
  expect(left).not.toContain(silver)
})

test('a merge that could not take the tag off everybody keeps the tag', async () => {
  const [one] = await followers(1)
  await world.services.relations.markTags(
    { ...xiaomei, externalUserId: one!.externalUserId },
    { add: [silver], remove: [] },
  )
  await drain()
  await world.wecom.failNext({ path: 'externalcontact/mark_tag', errcode: 84_061 })

  const merge = { key: `merge-${made}-12345`, fromTagId: silver, intoTagId: gold }
  const { body } = await world.asAdmin().post('/tag-merges', merge)
  await drain()

  expect(await view(body.batchId)).toMatchObject({ phase: 'failed', failure: 'TAG_STILL_USED', failed: 1 })
  expect(await world.tagsOf(xiaomei, one!)).toEqual([`银卡${made}`])
})
