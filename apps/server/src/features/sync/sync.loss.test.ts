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
beforeEach(() => world.begin({ synced: false }))

const listPath = 'externalcontact/list'
const batchPath = 'externalcontact/batch/get_by_user'
const ids = (count: number) => Array.from({ length: count }, (_, index) => `wmMany${String(index).padStart(3, '0')}`)

/** 陈杰 serves so many more customers, and all is synced. */
async function serveMany(count: number) {
  await world.wecom.load({
    customers: ids(count).map((externalUserId) => ({ externalUserId, name: externalUserId })),
    relations: ids(count).map((externalUserId) => toSeed(chenjie.userId, externalUserId)),
  })
  await world.sync.runNow(world.corp)
  await world.wecom.clearCalls()
}

/** Without an event: nobody tells us. */
async function deleteSome(count: number) {
  for (const externalUserId of ids(count)) await world.wecom.act('guideDeletesCustomer', { ...chenjie, externalUserId })
}

const current = async () => (await world.relations.listByGuide(world.corpId, chenjie.userId)).length
const report = async () => (await world.sync.report(world.corpId, {})).guides[0]

describe('of 21 customers', () => {
  beforeEach(() => serveMany(20))

  test('four are gone: each is read directly, and ends', async () => {
    await deleteSome(4)

    await world.sync.runNow(world.corp)

    expect(await current()).toBe(17)
    expect(await world.wecom.calls({ path: 'externalcontact/get' })).toHaveLength(4)
    expect(await report()).toBeUndefined()
    expect((await world.history({ ...chenjie, externalUserId: 'wmMany000' })).map(({ kind }) => kind)).toEqual([
      'added',
      'ended',
    ])
  })

  test('five are gone: all stay, and an admin is asked', async () => {
    await deleteSome(5)

    await world.sync.runNow(world.corp)

    expect(await current()).toBe(21)
    expect(await world.wecom.calls({ path: 'externalcontact/get' })).toEqual([])
    expect((await world.asAdmin().get('/sync/report')).body).toMatchObject({
      dryRun: null,
      guides: [{ userId: 'ChenJie', name: '陈杰', cause: 'shrunk', state: 'open', stored: 21, listed: 16, missing: 5 }],
      next: null,
    })
  })

  test('confirmed, they end by proof; the same click twice ends nothing twice', async () => {
    await deleteSome(5)
    await world.sync.runNow(world.corp)

    const confirmed = await world.asAdmin().post('/sync/report/ChenJie/confirm')

    expect(confirmed.body).toMatchObject({ state: 'confirmed', decidedBy: 'TestAdmin' })
    await expect.poll(async () => (await report())?.state).toBe('done')
    expect((await world.asAdmin().post('/sync/report/ChenJie/confirm')).statusCode).toBe(200)
    expect(await report()).toMatchObject({ ended: 5 })
    expect(await current()).toBe(16)
    expect(await world.wecom.calls({ path: 'externalcontact/get' })).toHaveLength(5)
  })

  test('rejected, they stay and nobody is asked again, until one more is gone', async () => {
    await deleteSome(5)
    await world.sync.runNow(world.corp)
    await world.asAdmin().post('/sync/report/ChenJie/reject')
    await world.sync.runNow(world.corp)
    const before = await report()

    await deleteSome(0)
    await world.wecom.act('guideDeletesCustomer', { ...chenjie, externalUserId: 'wmMany010' })
    await world.sync.runNow(world.corp)

    expect(before).toMatchObject({ state: 'rejected', missing: 5 })
    expect(await report()).toMatchObject({ state: 'open', missing: 6 })
    expect(await current()).toBe(21)
  })

  test('a report is over once the list is whole again', async () => {
    await deleteSome(5)
    await world.sync.runNow(world.corp)
    await world.wecom.load({ relations: ids(5).map((id) => toSeed(chenjie.userId, id)) })

    await world.sync.runNow(world.corp)

    expect(await report()).toBeUndefined()
  })

  test('a guide without a list: all stay, with WeCom’s code', async () => {
    await deleteSome(1)
    await world.wecom.failNext({ path: listPath, errcode: 40029 })

    await world.sync.runNow(world.corp)

    expect(await report()).toMatchObject({ cause: 'failed', errcode: 40029, stored: 21 })
    expect(await current()).toBe(21)
  })

  test('pages that hold far less than the list are taken for a part', async () => {
    await world.wecom.failNext({ path: batchPath, listLagMs: 600_000 })
    for (const externalUserId of ids(26).slice(20)) {
      await world.wecom.act('addCustomer', { ...chenjie, externalUserId })
      await world.relations.refresh({ corpId: world.corpId, externalUserId })
    }

    await world.sync.runNow(world.corp)

    expect(await report()).toMatchObject({ cause: 'partial', stored: 27, listed: 27, missing: 6 })
    expect(await current()).toBe(27)
  })

  test('a guide out of the visible range keeps all, until an admin says that this is meant', async () => {
    await world.wecom.changeSettings({ visibleRange: { userIds: [xiaomei.userId], departmentIds: [] } })
    await world.sync.runNow(world.corp)
    const [asked, before] = [await report(), await current()]

    await world.asAdmin().post('/sync/report/ChenJie/confirm')
    await expect.poll(async () => (await report())?.state).toBe('done')

    expect([asked?.cause, asked?.missing, before, await current()]).toEqual(['left_range', 21, 21, 0])
    expect(await world.wecom.digest()).toEqual(await world.digest())
    await world.wecom.changeSettings({ visibleRange: null })
    await world.sync.runNow(world.corp)
    expect(await current()).toBe(21)
    expect((await world.history({ ...chenjie, externalUserId: liNa })).map(({ kind, to }) => [kind, to])).toEqual([
      ['added', 'store_11'],
      ['ended', 'left_range'],
      ['restored', 'active'],
    ])
  })

  test.each(['confirm', 'reject'])('nobody but an admin may %s, and only what is there', async (decision) => {
    const byGuide = await world.as(xiaomei).post(`/api/admin/sync/report/ChenJie/${decision}`)
    const ofNobody = await world.asAdmin().post(`/sync/report/Nobody/${decision}`)

    expect([byGuide.statusCode, ofNobody.statusCode]).toEqual([401, 404])
  })
})

describe('lists that have not heard yet', () => {
  test('a customer added seconds ago does not end because the lists do not show him', async () => {
    await world.sync.runNow(world.corp)
    await world.wecom.failNext({ path: '*', listLagMs: 600_000 })
    const { externalUserId } = await world.wecom.act('addCustomer', { ...xiaomei, customer: { name: '新客' } })
    await world.relations.refresh({ corpId: world.corpId, externalUserId })

    await world.sync.runNow(world.corp)

    expect(await world.relationRow({ ...xiaomei, externalUserId })).toMatchObject({ status: 'active' })
  })

  test('a customer who is gone does not come back because the lists still show him', async () => {
    await world.sync.runNow(world.corp)
    await world.wecom.failNext({ path: '*', listLagMs: 600_000 })
    const key = { ...xiaomei, externalUserId: wangWei }
    await world.wecom.act('guideDeletesCustomer', key)
    await world.relations.refresh(key, { endedBy: [xiaomei.userId] })

    await world.sync.runNow(world.corp)

    expect(await world.relationRow(key)).toMatchObject({ status: 'deleted_by_guide' })
    expect((await world.history(key)).map(({ kind }) => kind)).toEqual(['added', 'ended'])
  })
})
