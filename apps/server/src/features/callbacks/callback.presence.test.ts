import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { createCorps } from '../../platform/deps.ts'
import { startCustomers, type CustomerWorld } from '../relations/customer.world.ts'
import { createCallbackAddressRepository } from './callback-address.repository.ts'
import { createCallbackPresence } from './callback.presence.ts'

let world: CustomerWorld
let asked: number
let nowMs: number

beforeAll(async () => {
  world = await startCustomers()
  await world.callbacks.stop()
  await world.begin()
})
afterAll(() => world.close())
beforeEach(async () => {
  asked = 0
  nowMs = Date.now()
  await Promise.all(['callbackAddresses', 'callbackGaps'].map((name) => world.db.collection(name).deleteMany({})))
})

function startPresence({ reconcile = async () => void (asked += 1) } = {}) {
  return createCallbackPresence({
    addresses: createCallbackAddressRepository(world.db),
    corps: createCorps(world.corp),
    clock: { now: () => new Date(nowMs) },
    log: world.app.log,
    reconcile,
  })
}
const gaps = () => world.rows('callbackGaps')

test('while marks come in time there is no gap, however long WeCom is silent', async () => {
  const presence = startPresence()
  for (let beat = 0; beat < 5; beat++) {
    await presence.beat()
    nowMs += 5_000
  }

  expect(await gaps()).toEqual([])
  expect(asked).toBe(0)
})

test('a server that was away leaves a gap with start and end, and everything is compared once', async () => {
  await startPresence().beat()
  const startAt = new Date(nowMs)
  nowMs += 600_000
  const presence = startPresence()

  await presence.beat()
  nowMs += 5_000
  await presence.beat()

  expect(await gaps()).toMatchObject([{ cause: 'silence', startAt, endAt: new Date(startAt.getTime() + 600_000) }])
  expect(asked).toBe(1)
})

test('another process that was there all the time makes it no gap', async () => {
  await startPresence().beat()
  nowMs += 10_000
  await startPresence().beat()
  nowMs += 10_000

  await startPresence().beat()

  expect(await gaps()).toEqual([])
})

test('events that could not be kept are a gap, although somebody was there', async () => {
  const presence = startPresence()
  await presence.beat()
  nowMs += 1_000
  presence.noteNotKept(world.corpId)
  presence.noteNotKept(world.corpId)
  nowMs += 4_000

  await presence.beat()
  await presence.beat()

  expect(await gaps()).toMatchObject([{ cause: 'not-kept', startAt: new Date(nowMs - 4_000), endAt: new Date(nowMs) }])
  expect(asked).toBe(1)
})

test('a comparison that could not be asked for is asked for again', async () => {
  await startPresence().beat()
  nowMs += 60_000
  const failing = startPresence({ reconcile: () => Promise.reject(new Error('database away')) })
  await failing.beat()
  const open = await gaps()

  await startPresence().beat()

  expect(open).toMatchObject([{ reconcileAskedAt: null }])
  expect(await gaps()).toMatchObject([{ reconcileAskedAt: new Date(nowMs) }])
  expect(asked).toBe(1)
})

test('an admin sees the gap, what waits, and what was refused', async () => {
  await startPresence().beat()
  nowMs += 60_000
  await startPresence().beat()

  const { body } = await world.asAdmin().get('/callbacks')

  expect(body).toMatchObject({
    waiting: 0,
    oldestWaitingSec: null,
    dead: 0,
    alarms: [],
    unknown: [],
    welcomes: [],
    gaps: [{ cause: 'silence', endAt: new Date(nowMs).toISOString() }],
  })
})
