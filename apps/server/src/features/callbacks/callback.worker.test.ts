import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { startCustomers, type CustomerWorld } from '../relations/customer.world.ts'
import { deliver } from './callback.packets.world.ts'

let world: CustomerWorld

beforeAll(async () => {
  world = await startCustomers()
  // Only the processes that a test makes handle events.
  await world.callbacks.stop()
})
afterAll(() => world.close())
beforeEach(() => world.begin())

const inbox = () => world.rows('callbackEvents')

test('forty events about one customer need one read', async () => {
  const process = world.createProcess()
  await Promise.all(Array.from({ length: 40 }, (_, index) => deliver(world, process, { more: { State: `s${index}` } })))
  const waiting = await inbox()

  await process.callbacks.drain()

  expect(waiting).toHaveLength(40)
  expect(await world.wecom.calls({ path: 'externalcontact/get' })).toHaveLength(1)
  expect((await inbox()).every(({ state }) => state === 'done')).toBe(true)
})

test('an event that never works is given up after five tries, with the cause; others go on', async () => {
  const process = world.createProcess()
  await world.wecom.failNext({ path: 'externalcontact/get', errcode: 40096, count: 5 })
  await deliver(world, process)
  await process.callbacks.drain()
  const [dead] = await inbox()

  await deliver(world, process, { at: -100 })
  await process.callbacks.drain()

  expect(dead).toMatchObject({ state: 'dead', attempts: 5, error: 'WECOM_REFUSED' })
  expect((await inbox()).map(({ state }) => String(state)).toSorted()).toEqual(['dead', 'done'])
})

test('with WeCom away events wait without losing a try, and are handled when it is back', async () => {
  const process = world.createProcess()
  await world.wecom.changeSettings({ outage: 'status500' })
  await deliver(world, process)
  await process.callbacks.drain()
  const waiting = await inbox()
  await world.wecom.changeSettings({ outage: 'none' })

  process.callbacks.start()

  expect(waiting).toMatchObject([{ state: 'waiting', attempts: 0, error: 'WECOM_UNAVAILABLE' }])
  await expect.poll(async () => (await inbox())[0]?.['state'], { timeout: 5_000 }).toBe('done')
  await process.callbacks.stop()
})

test('what a process kept before it died is handled by another', async () => {
  await deliver(world, world.createProcess())

  await world.createProcess().callbacks.drain()

  expect(await inbox()).toMatchObject([{ state: 'done' }])
})

test('a process that is asked to stop gives back what it has not begun and what does not end', async () => {
  const process = world.createProcess()
  const { latencyMsByPath } = await world.wecom.settings()
  await world.wecom.changeSettings({ latencyMsByPath: { 'externalcontact/get': 1_000 } })
  const some = Array.from({ length: 20 }, (_, index) => ({ externalUserId: `wmStop${index}` }))
  await Promise.all(some.map((more) => deliver(world, process, more)))
  process.callbacks.start()
  await expect.poll(async () => (await inbox()).filter(({ lease }) => lease).length, { timeout: 5_000 }).toBe(20)

  await process.callbacks.stop()

  expect((await inbox()).map(({ state, lease }) => [state, lease])).toEqual(some.map(() => ['waiting', null]))
  // Those that were under way; four had not been begun.
  await expect
    .poll(async () => (await world.wecom.calls({ path: 'externalcontact/get' })).length, { timeout: 10_000 })
    .toBe(16)
  await world.wecom.changeSettings({ latencyMsByPath })
})

test('what a process took up before it died comes back when its lease is over', async () => {
  const process = world.createProcess()
  await deliver(world, process)
  await world.db
    .collection('callbackEvents')
    .updateMany({}, { $set: { lease: 'of a dead process', runAt: new Date(Date.now() + 60_000) } })
  await process.callbacks.drain()
  const before = await inbox()
  await world.db.collection('callbackEvents').updateMany({}, { $set: { runAt: new Date(Date.now() - 1) } })

  await process.callbacks.drain()

  expect(before).toMatchObject([{ state: 'waiting' }])
  expect(await inbox()).toMatchObject([{ state: 'done' }])
})

test('what was kept long enough is removed, what waits is not', async () => {
  const process = world.createProcess()
  await deliver(world, process)
  await process.callbacks.drain()
  await deliver(world, process, { at: -100 })
  const longAgo = new Date(Date.now() - 8 * 24 * 3_600_000)
  await world.db.collection('callbackEvents').updateMany({}, { $set: { receivedAt: longAgo } })

  expect(await process.callbacks.sweep()).toBe(1)
  expect(await inbox()).toMatchObject([{ state: 'waiting' }])
})

test('an event that comes while its customer is being read has the customer read once more, not at the same time', async () => {
  const process = world.createProcess()
  await world.wecom.failNext({ path: 'externalcontact/get', latencyMs: 300 })
  await deliver(world, process)
  const draining = process.callbacks.drain()
  await Promise.all([deliver(world, process, { at: -100 }), deliver(world, process, { at: -200 })])

  await draining
  await process.callbacks.drain()

  expect((await inbox()).map(({ state }) => String(state))).toEqual(['done', 'done', 'done'])
  expect((await world.wecom.calls({ path: 'externalcontact/get' })).length).toBeLessThanOrEqual(2)
})

test('an admin sees what was given up without what it says, page by page, and lets it be tried again', async () => {
  const process = world.createProcess()
  await world.wecom.failNext({ path: 'externalcontact/get', errcode: 40096, count: 5 })
  await Promise.all([deliver(world, process), deliver(world, process, { at: -100 })])
  await process.callbacks.drain()
  const admin = world.asAdmin()

  const first = (await admin.get('/callbacks/dead-letters?limit=1')).body
  const second = (await admin.get(`/callbacks/dead-letters?limit=1&after=${first.next}`)).body
  const retried = await admin.post(`/callbacks/dead-letters/${first.letters[0].id}/retry`)
  const again = await admin.post(`/callbacks/dead-letters/${first.letters[0].id}/retry`)
  await process.callbacks.drain()

  expect(first.letters).toMatchObject([{ attempts: 5, cause: 'WECOM_REFUSED', errcode: 40096 }])
  expect(first.letters[0].id).not.toBe(second.letters[0].id)
  expect(JSON.stringify([first, second])).not.toMatch(/xml|CDATA/)
  expect([retried.statusCode, again.statusCode]).toEqual([204, 404])
  expect((await inbox()).map(({ state }) => String(state)).toSorted()).toEqual(['dead', 'done'])
})

test('one customer for whom WeCom is always busy is tried ever more seldom, and others are not held up', async () => {
  const process = world.createProcess()
  await world.wecom.failNext({ path: 'externalcontact/get', errcode: 45033, count: 1_000 })
  await deliver(world, process)
  await process.callbacks.drain()
  const [first] = await inbox()

  expect(first).toMatchObject({ state: 'waiting', attempts: 0, putOffs: 1, error: 'WECOM_BUSY' })
})

test('events about a chat are followed, and a missing one is noticed', async () => {
  await world.db.collection('chats').deleteMany({})
  const chat = { ChatId: 'wrChat1', UpdateDetail: 'add_member' }
  const change = { event: 'change_external_chat', changeType: 'update' }
  await deliver(world, world, { ...change, more: { ...chat, LastMemVer: 'v1', CurMemVer: 'v2' } })
  await world.callbacks.drain()
  const known = await world.rows('chats')
  await deliver(world, world, { ...change, more: { ...chat, LastMemVer: 'v3', CurMemVer: 'v4' } })
  await world.callbacks.drain()

  expect(known).toMatchObject([{ chatId: 'wrChat1', memberVersion: 'v2', staleSince: null }])
  expect(await world.rows('chats')).toMatchObject([{ memberVersion: 'v4', staleSince: expect.any(Date) }])
})

test('a hand-over that failed has the customer read again; what nobody handles is kept and counted', async () => {
  const process = world.createProcess()
  const failed = { changeType: 'transfer_fail', more: { FailReason: 'customer_refused' } }
  await deliver(world, process, failed)
  await deliver(world, process, { event: 'customer_acquisition', changeType: 'balance_low' })
  await process.callbacks.drain()

  expect(await world.wecom.calls({ path: 'externalcontact/get' })).toHaveLength(1)
  expect((await world.asAdmin().get('/callbacks')).body).toMatchObject({
    waiting: 0,
    unknown: [{ name: 'customer_acquisition.balance_low', count: 1 }],
  })
})
