import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import {
  chenjie,
  liNa,
  startCustomers,
  toSeed,
  wangWei,
  xiaomei,
  type CustomerWorld,
} from '../relations/customer.world.ts'

let world: CustomerWorld

beforeAll(async () => {
  world = await startCustomers()
  // It takes a clock that jumps for an outage, and asks for syncs of its own.
  await world.callbacks.stop()
})
afterAll(() => world.close())
beforeEach(() => world.begin())

const batchPath = '/cgi-bin/externalcontact/batch/get_by_user'
const hourMs = 3_600_000
const done = (sync = world.sync) =>
  expect.poll(async () => (await sync.progress(world.corpId)).phase, { timeout: 5_000 }).toBe('done')
const kinds = async () => (await world.rows('syncRuns')).map(({ kind }) => kind)

describe('reconcile', () => {
  test('within the hour does nothing', async () => {
    await world.sync.reconcile(world.corp, 'start')

    expect(await kinds()).toEqual(['full'])
  })

  test('an hour later finds what no event told, in every guide of a small corp', async () => {
    await world.wecom.act('editRelation', { ...xiaomei, externalUserId: liNa, remark: '改名' })
    await world.wecom.act('guideDeletesCustomer', { ...chenjie, externalUserId: liNa })
    world.clock.advance(hourMs)

    await world.sync.reconcile(world.corp, 'hourly')

    await done()
    expect(await kinds()).toEqual(['full', 'slice'])
    expect(await world.digest()).toEqual(await world.wecom.digest())
  })

  test('of a larger corp reads the longest unread, and the ids of others', async () => {
    const slice = { smallGuides: 1, slices: 2, idsGuides: 10 }
    const { sync, corp } = world.createProcess({ settings: { slice } })
    await world.db
      .collection('guides')
      .updateOne({ userId: chenjie.userId }, { $set: { customersReadAt: new Date(0) } })
    await world.wecom.load({ customers: [{ externalUserId: 'wmNew', name: '新' }] })
    await world.wecom.load({ relations: [toSeed(xiaomei.userId, 'wmNew')] })
    await world.wecom.act('guideDeletesCustomer', { ...xiaomei, externalUserId: wangWei })
    world.clock.advance(hourMs)

    await sync.reconcile(corp, 'hourly')

    await done(sync)
    expect(await world.digest()).toEqual(await world.wecom.digest())
    // 陈杰 in one page; 林小美 by her ids, and the two that differ one by one.
    expect(await world.wecom.callCounts()).toMatchObject({ [batchPath]: 1, '/cgi-bin/externalcontact/list': 1 })
  })

  test('reads whole pages of a guide who has many new ones', async () => {
    const { sync, corp } = world.createProcess({ settings: { slice: { smallGuides: 1, slices: 2, idsGuides: 10 } } })
    const ids = Array.from({ length: 10 }, (_, index) => `wmNew${index}`)
    await world.db
      .collection('guides')
      .updateOne({ userId: chenjie.userId }, { $set: { customersReadAt: new Date(0) } })
    await world.wecom.load({
      customers: ids.map((externalUserId) => ({ externalUserId, name: externalUserId })),
      relations: ids.map((externalUserId) => toSeed(xiaomei.userId, externalUserId)),
    })
    world.clock.advance(hourMs)

    await sync.reconcile(corp, 'hourly')

    await done(sync)
    expect(await world.digest()).toEqual(await world.wecom.digest())
    expect(await world.wecom.callCounts()).not.toHaveProperty('/cgi-bin/externalcontact/get')
  })

  test('after a gap reads everything, however fresh it is', async () => {
    await world.wecom.act('editRelation', { ...xiaomei, externalUserId: liNa, remark: '改名' })

    await world.sync.reconcile(world.corp, 'gap')

    await done()
    expect(await kinds()).toEqual(['full', 'full'])
    expect(await world.digest()).toEqual(await world.wecom.digest())
  })

  test('a gap while a sync reads is followed by another one', async () => {
    await world.wecom.changeSettings({ latencyMs: 60 })
    const { sync, corp } = world.createProcess()
    const running = sync.runNow(corp)
    await expect.poll(async () => (await sync.progress(world.corpId)).phase).not.toBe('done')

    await sync.reconcile(corp, 'gap')

    await running
    await expect.poll(async () => (await kinds()).length, { timeout: 5_000 }).toBe(3)
    await done(sync)
  })

  test('a process that begins takes up what is due by itself', async () => {
    world.clock.advance(2 * hourMs)
    const { sync } = world.createProcess()

    sync.start()

    await expect.poll(kinds, { timeout: 5_000 }).toEqual(['full', 'slice'])
    await sync.stop()
  })
})

describe('a dry run', () => {
  test('tells what a sync would do, and does nothing', async () => {
    await world.wecom.act('editRelation', { ...xiaomei, externalUserId: liNa, remark: '改名' })
    await world.wecom.act('guideDeletesCustomer', { ...xiaomei, externalUserId: wangWei })
    await world.wecom.act('addCustomer', { ...chenjie, externalUserId: wangWei })
    await world.wecom.act('updateTag', { id: 'etGold', name: '黑金卡' })
    const names = ['relations', 'relationEvents', 'customers', 'guides', 'departments', 'taglibraries', 'syncReports']
    const before = await Promise.all(names.map(world.rows))

    const asked = await world.asAdmin().post('/sync', { dryRun: true })

    expect(asked.statusCode).toBe(202)
    await done()
    expect(await Promise.all(names.map(world.rows))).toEqual(before)
    expect((await world.asAdmin().get('/sync/report')).body).toMatchObject({
      dryRun: {
        changes: { read: 3, added: 1, changed: 1, restored: 0, missing: 1 },
        directory: { added: 0, changed: 0, missing: 0 },
        tagsDiffer: true,
        suspicious: [],
        sample: expect.arrayContaining([
          { kind: 'added', userId: 'ChenJie', externalUserId: wangWei },
          { kind: 'changed', userId: 'LinXiaoMei', externalUserId: liNa },
        ]),
      },
    })
  })

  test('does not run beside a sync', async () => {
    await world.wecom.changeSettings({ latencyMs: 50 })
    const running = world.sync.runNow(world.corp)
    await expect.poll(async () => (await world.sync.progress(world.corpId)).phase).not.toBe('done')

    const asked = await world.asAdmin().post('/sync', { dryRun: true })

    expect(asked.body).toMatchObject({ error: { code: 'CONFLICT' } })
    await running
  })
})

describe('how old the knowledge of each guide is', () => {
  test('comes in pages, the longest unread first', async () => {
    await world.db.collection('guides').updateOne({ userId: xiaomei.userId }, { $set: { customersReadAt: null } })
    world.clock.advance(10_000)

    const first = await world.asAdmin().get('/sync/guides?limit=1')
    const { next } = first.body as { next: string }
    const second = await world.asAdmin().get(`/sync/guides?limit=1&after=${encodeURIComponent(next)}`)

    expect(first.body).toMatchObject({
      guides: [{ userId: 'LinXiaoMei', storeName: '天河城店', relations: 2, readAt: null, ageSec: null }],
    })
    expect(second.body).toMatchObject({ guides: [{ userId: 'ChenJie', relations: 1 }], next: null })
    expect((second.body as { guides: { ageSec: number }[] }).guides[0]?.ageSec).toBeGreaterThanOrEqual(10)
  })

  test('a page that never was is a bad request', async () => {
    expect((await world.asAdmin().get('/sync/guides?after=x')).statusCode).toBe(400)
  })
})
