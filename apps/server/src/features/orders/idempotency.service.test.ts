import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type SellingWorld, startSelling } from '../sends/selling.world.ts'

let world: SellingWorld
beforeAll(async () => {
  world = await startSelling()
})
afterAll(() => world.close())

const request = (change: { key?: string; body?: unknown; corpId?: string } = {}) => ({
  corpId: world.corpId,
  operation: 'takeOrder',
  key: randomUUID(),
  body: { orderNo: '1' } as unknown,
  ...change,
})

/** The key stands in the database: the work has begun. */
const isUnderWay = ({ key }: { key: string }) =>
  expect.poll(() => world.db.collection('idempotencyKeys').countDocuments({ _id: new RegExp(key) as never })).toBe(1)

function countingWork() {
  const work = Object.assign(async () => ({ status: 200, body: { times: ++work.times } }), { times: 0 })
  return work
}

test('the same key and body gives the first answer for a day', async () => {
  const work = countingWork()
  const again = request()

  await world.services.idempotency.run(again, work)
  expect(await world.services.idempotency.run(again, work)).toEqual({ status: 200, body: { times: 1 } })
  await world.services.idempotency.run({ ...again, corpId: world.foreigner.corpId }, work)
  expect(work.times).toBe(2)

  world.passDays(1.01)
  await world.services.idempotency.run(again, work)
  expect(work.times).toBe(3)
})

test('the same key with another body is refused', async () => {
  const first = request()
  await world.services.idempotency.run(first, countingWork())

  await expect(
    world.services.idempotency.run({ ...first, body: { orderNo: '2' } }, countingWork()),
  ).rejects.toMatchObject({
    code: 'IDEMPOTENCY_MISMATCH',
  })
})

test('while the first runs, a twin is told to come back', async () => {
  const first = request()
  const gate = Promise.withResolvers<void>()
  const running = world.services.idempotency.run(first, async () => {
    await gate.promise
    return { status: 200, body: null }
  })
  await isUnderWay(first)

  await expect(world.services.idempotency.run(first, countingWork())).rejects.toMatchObject({
    code: 'IDEMPOTENCY_IN_PROGRESS',
    retryAfterSec: 1,
  })

  gate.resolve()
  await running
})

test('after a process died in the middle, the next one with that key does the work', async () => {
  const first = request()
  void world.services.idempotency.run(first, () => new Promise(() => {}))
  await isUnderWay(first)
  const work = countingWork()

  world.passDays(1 / 24 / 60)
  await world.twin.idempotency.run(first, work)

  expect(work.times).toBe(1)
})

test('a failure is not kept as an answer, and old keys are swept', async () => {
  const first = request()
  const failing = world.services.idempotency.run(first, () => Promise.reject(new Error('storage')))
  await expect(failing).rejects.toThrow('storage')

  expect(await world.services.idempotency.run(first, countingWork())).toMatchObject({ status: 200 })
  world.passDays(2)
  expect(await world.services.idempotency.sweep()).toBeGreaterThan(0)
})

test('of many who find a dead run, one does the work', async () => {
  const first = request()
  void world.services.idempotency.run(first, () => new Promise(() => {}))
  await isUnderWay(first)
  const work = countingWork()

  world.passDays(1 / 24 / 60)
  await Promise.allSettled(
    Array.from({ length: 16 }, (_, index) => (index % 2 ? world.services : world.twin).idempotency.run(first, work)),
  )

  expect(work.times).toBe(1)
})

test('a run that was taken over changes no answer when it wakes', async () => {
  const first = request()
  const gate = Promise.withResolvers<void>()
  const paused = world.services.idempotency.run(first, async () => {
    await gate.promise
    return { status: 200, body: 'late' }
  })
  await isUnderWay(first)
  world.passDays(1 / 24 / 60)
  await world.twin.idempotency.run(first, async () => ({ status: 200, body: 'in time' }))

  gate.resolve()
  await paused

  expect((await world.services.idempotency.run(first, countingWork())).body).toBe('in time')
})
