import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { liNa, startCustomers, toSeed, xiaomei, type CustomerWorld } from '../relations/customer.world.ts'
import { toLists } from './sync.steps.ts'

let world: CustomerWorld

beforeAll(async () => {
  world = await startCustomers()
})
afterAll(() => world.close())
beforeEach(() => world.begin({ synced: false }))

const batchPath = 'externalcontact/batch/get_by_user'
const countBatches = async () => (await world.wecom.calls({ path: batchPath, limit: 1_000 })).length

/** So many more customers of 林小美: three pages for 250. */
async function addMany(count: number) {
  const ids = Array.from({ length: count }, (_, index) => `wmMany${String(index).padStart(5, '0')}`)
  await world.wecom.load({
    customers: ids.map((externalUserId) => ({ externalUserId, name: externalUserId })),
    relations: ids.map((externalUserId) => toSeed(xiaomei.userId, externalUserId)),
  })
}

async function copyOfTruth() {
  const [relations, customers, guides, departments, tags] = await Promise.all(
    ['relations', 'customers', 'guides', 'departments', 'taglibraries'].map((name) => world.rows(name)),
  )
  return {
    relations,
    customers,
    guides: guides?.map((guide) => ({ ...guide, customersReadAt: null, idsReadAt: null })),
    departments,
    tags,
  }
}

describe('a full sync', () => {
  test('brings directory, guides, relations and tags', async () => {
    const progress = await world.sync.runNow(world.corp)

    expect(progress).toMatchObject({ phase: 'done', done: 3, total: 3, error: null })
    expect(await world.guides.view(xiaomei)).toEqual({
      userId: 'LinXiaoMei',
      name: '林小美',
      storeId: '11',
      storeName: '天河城店',
    })
    expect(await world.guides.counts(world.corpId)).toEqual({ guides: 2, stores: 2 })
    expect(await world.relations.counts(world.corpId)).toEqual({ customers: 2, relations: 3 })
    expect(await world.tags.count(world.corpId)).toBe(3)
    expect(await world.guides.isActive({ corpId: world.corpId, userId: 'TestAdmin' })).toBe(false)
  })

  test('once more without any change writes nothing', async () => {
    await world.sync.runNow(world.corp)
    const before = await copyOfTruth()
    await world.wecom.advanceClock(1)

    await world.sync.runNow(world.corp)

    expect(await copyOfTruth()).toEqual(before)
  })

  test('without a change still tells that the relation was read again', async () => {
    await world.sync.runNow(world.corp)
    const first = await world.relations.contextOf(xiaomei, liNa)

    await world.sync.runNow(world.corp)

    const second = await world.relations.contextOf(xiaomei, liNa)
    expect(Date.parse(second.relation.syncedAt)).toBeGreaterThan(Date.parse(first.relation.syncedAt))
  })

  test('finds what was changed without an event', async () => {
    await world.sync.runNow(world.corp)
    await world.wecom.act('editRelation', { ...xiaomei, externalUserId: liNa, remark: '改名', addTagIds: ['etApple'] })

    await world.sync.runNow(world.corp)

    const { relation } = await world.relations.contextOf(xiaomei, liNa)
    expect(relation).toMatchObject({ remark: '改名', tags: [{ tagId: 'etGold' }, { tagId: 'etApple' }] })
  })
})

describe('a relation that WeCom no longer lists', () => {
  beforeEach(async () => {
    await world.sync.runNow(world.corp)
    await world.wecom.act('guideDeletesCustomer', { ...xiaomei, externalUserId: liNa })
    await world.wecom.clearCalls()
  })
  const status = async () => (await world.relationRow({ ...xiaomei, externalUserId: liNa }))?.['status']

  test('ends when the guide’s list and the customer both say so', async () => {
    await world.sync.runNow(world.corp)

    expect(await status()).toBe('deleted_by_guide')
    expect(await world.wecom.callCounts()).toMatchObject({ [`/cgi-bin/externalcontact/list`]: 1 })
  })

  test('stays when the customer cannot be read', async () => {
    await world.wecom.failNext({ path: 'externalcontact/get', errcode: 40096 })

    await world.sync.runNow(world.corp)

    expect(await status()).toBe('active')
  })

  test('comes back when the guide adds the customer again', async () => {
    await world.sync.runNow(world.corp)
    await world.wecom.load({ relations: [toSeed(xiaomei.userId, liNa)] })

    await world.sync.runNow(world.corp)

    expect(await status()).toBe('active')
  })
})

describe('an interrupted sync', () => {
  test('goes on where it stopped, in another process', async () => {
    await addMany(250)
    const first = world.createProcess({ pageHook: () => void first.sync.stop() })
    await first.sync.runNow(first.corp)
    expect(await world.sync.progress(world.corpId)).toMatchObject({ phase: 'relations' })
    const before = await countBatches()

    const progress = await world.createProcess().sync.runNow(world.corp)

    expect(progress).toMatchObject({ phase: 'done', done: 253 })
    expect((await world.relations.counts(world.corpId)).relations).toBe(253)
    // Two lists: three pages and one; what was read once is read again at most for the page at hand of each.
    expect(before).toBeGreaterThan(0)
    expect(await countBatches()).toBeLessThanOrEqual(4 + 2)
  })

  test('is taken over when its process dies without a word', async () => {
    const dead = world.createProcess()
    await world.db.collection('syncRuns').insertOne({
      corpId: world.corpId,
      isOpen: true,
      step: 'directory',
      done: 0,
      total: null,
      perSec: 0,
      etaSec: null,
      startedAt: new Date(),
      finishedAt: null,
      error: null,
      leaseEndsAt: new Date(Date.now() + 300),
      fence: 1,
    })
    expect(await dead.sync.runNow(dead.corp)).toMatchObject({ phase: 'directory' })
    const { sync } = world.createProcess()

    sync.start()

    await expect.poll(async () => (await sync.progress(world.corpId)).phase, { timeout: 5_000 }).toBe('done')
    await sync.stop()
  })

  test('asked for in two processes at once is made once', async () => {
    const [a, b] = [world.createProcess(), world.createProcess()]

    await Promise.all([a.sync.runNow(a.corp), b.sync.runNow(b.corp)])

    expect(await countBatches()).toBe(2)
    expect(await world.rows('syncRuns')).toHaveLength(1)
  })
})

describe('WeCom in trouble', () => {
  test('a broken line is tried again', async () => {
    await world.wecom.failNext({ path: batchPath, httpFault: 'close', count: 2 })
    const { sync, corp } = world.createProcess()

    expect(await sync.runNow(corp)).toMatchObject({ phase: 'done' })
  })

  test('a missing right fails the run with its name; asked again it goes on from there', async () => {
    await world.wecom.failNext({ path: batchPath, errcode: 48002 })
    const failed = await world.sync.runNow(world.corp)
    const directoryCalls = (await world.wecom.calls({ path: 'department/list' })).length

    const repeated = await world.sync.runNow(world.corp)

    expect(failed).toMatchObject({ phase: 'failed', error: 'WECOM_NOT_SET_UP' })
    expect(repeated).toMatchObject({ phase: 'done', startedAt: failed.startedAt })
    expect((await world.wecom.calls({ path: 'department/list' })).length).toBe(directoryCalls)
  })

  test('a cursor that is no longer good begins its list again', async () => {
    await addMany(250)
    await world.wecom.failNext({ path: batchPath, errcode: 50100, probability: 0.5, count: 2 })

    expect(await world.sync.runNow(world.corp)).toMatchObject({ phase: 'done', done: 253 })
  })

  test('one guide whom WeCom refuses does not keep the others away', async () => {
    await world.wecom.failNext({ path: batchPath, errcode: 60111 })

    expect(await world.sync.runNow(world.corp)).toMatchObject({ phase: 'done' })
    expect((await world.relations.counts(world.corpId)).relations).toBeGreaterThan(0)
  })

  test('a list that WeCom refuses is read guide by guide', async () => {
    const members = Array.from({ length: 40 }, (_, index) => ({
      userId: `Guide${index}`,
      name: `导购${index}`,
      departmentIds: [11],
    }))
    await world.wecom.load({ members })
    await world.wecom.failNext({ path: batchPath, errcode: 60111 })

    expect(await world.sync.runNow(world.corp)).toMatchObject({ phase: 'done', done: 3 })
    expect(await countBatches()).toBe(21 + 2)
  })

  test('a guide without any customer is no failure', async () => {
    await world.wecom.load({ members: [{ userId: 'NewHere', name: '新人', departmentIds: [11] }] })

    expect(await world.sync.runNow(world.corp)).toMatchObject({ phase: 'done', done: 3 })
  })
})

describe('over HTTP', () => {
  test('an admin asks for a sync and sees it done', async () => {
    await world.sync.runNow(world.corp)
    const idle = await world.asAdmin().get('/sync')
    const asked = await world.asAdmin().post('/sync')

    expect(idle.body).toMatchObject({ phase: 'done', done: 3 })
    expect(asked.statusCode).toBe(202)
    await expect.poll(async () => (await world.rows('syncRuns')).filter(({ isOpen }) => isOpen).length).toBe(0)
    expect(await world.rows('syncRuns')).toHaveLength(2)
  })

  test('a guide may not', async () => {
    await world.sync.runNow(world.corp)

    const response = await world.as(xiaomei).post('/api/admin/sync')

    expect(response.statusCode).toBe(401)
    expect(await world.rows('syncRuns')).toHaveLength(1)
  })
})

test('guides are shared out in at most 32 equal lists, as long as 100 are enough for one', () => {
  const guides = (count: number) => Array.from({ length: count }, (_, index) => `guide${index}`)

  expect(toLists(guides(0))).toEqual([])
  expect(toLists(guides(20))).toHaveLength(20)
  expect(toLists(guides(320)).map((list) => list.length)).toEqual(Array.from({ length: 32 }, () => 10))
  expect(toLists(guides(6_400)).every((list) => list.length === 100)).toBe(true)
})
