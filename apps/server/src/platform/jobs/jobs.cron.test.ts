import { expect, test } from 'vitest'

import { nextTick } from './cron.ts'
import { openJobsWorld } from './jobs.world.ts'

const hourMs = 3_600_000
const hourly = '0 * * * *'

test('three runners do each tick once', async () => {
  const world = await openJobsWorld()
  const runners = [1, 2, 3].map(() => world.addRunner())
  const ticks: string[] = []
  for (const runner of runners) {
    runner.define('reconcile', { handler: async (_payload, { dueAt }) => ticks.push(dueAt.toISOString()) })
    runner.schedule('reconcile', hourly)
  }
  const drainAll = () => Promise.all(runners.map((runner) => runner.drain()))
  await drainAll()

  for (let times = 0; times < 24; times++) {
    world.clock.advance(hourMs)
    await drainAll()
    await drainAll()
  }

  expect(ticks).toHaveLength(24)
  expect(new Set(ticks).size).toBe(24)
  expect([ticks[0], ticks.at(-1)]).toEqual(['2026-11-21T03:00:00.000Z', '2026-11-22T02:00:00.000Z'])
  expect(await world.rows()).toHaveLength(1)
})

test('a clock that is set back meanwhile makes no second tick', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  let ticks = 0
  runner.define('reconcile', {
    handler: async () => {
      ticks += 1
      world.clock.advance(-1_000)
    },
  })
  runner.schedule('reconcile', hourly)
  await runner.drain()

  world.clock.advance(hourMs)
  await runner.drain()
  world.clock.advance(2_000)
  await runner.drain()

  expect(ticks).toBe(1)
})

test('ticks that came while all were down are made up for once', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  let ticks = 0
  runner.define('reconcile', { handler: async () => ++ticks })
  runner.schedule('reconcile', hourly)
  await runner.drain()

  world.clock.advance(10.5 * hourMs)
  await runner.drain()
  expect(ticks).toBe(1)
  world.clock.advance(hourMs / 2)
  await runner.drain()

  expect(ticks).toBe(2)
})

test('a repeating job that fails for good goes on with the next tick, and says why', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  let tries = 0
  runner.define('reconcile', {
    maxTries: 2,
    backOff: () => 0,
    handler: async () => {
      if (++tries <= 2) throw new TypeError('broken')
    },
  })
  runner.schedule('reconcile', hourly)
  await runner.drain()

  world.clock.advance(hourMs)
  await runner.drain()
  expect(tries).toBe(2)
  expect(await world.rows()).toMatchObject([{ state: 'waiting', tries: 0, failure: { message: 'TypeError broken' } }])
  world.clock.advance(hourMs)
  await runner.drain()

  expect(tries).toBe(3)
  expect((await world.rows())[0]?.failure).toBeUndefined()
})

test('another cron text holds from the next start, and a job that no longer repeats goes away', async () => {
  const world = await openJobsWorld()
  const ticks: string[] = []
  const start = async (text?: string) => {
    const runner = world.addRunner()
    runner.define('reconcile', { handler: async (_payload, { dueAt }) => ticks.push(dueAt.toISOString()) })
    if (text) runner.schedule('reconcile', text)
    await runner.drain()
    return runner
  }

  await start(hourly)
  const daily = await start('0 3 * * *')
  world.clock.advance(24 * hourMs)
  await daily.drain()
  world.clock.advance(24 * hourMs)
  await start()

  expect(ticks).toEqual(['2026-11-21T19:00:00.000Z'])
  expect(await world.rows()).toEqual([])
})

test('cron texts are read in the time of Shanghai', () => {
  const after = new Date('2026-11-21T02:00:00Z')

  expect(nextTick({ text: '0 3 * * *', timeZone: 'Asia/Shanghai' }, after)).toEqual(new Date('2026-11-21T19:00:00Z'))
  expect(() => nextTick({ text: 'soon', timeZone: 'Asia/Shanghai' }, after)).toThrow(TypeError)
  expect(() => nextTick({ text: '0 0 0 1 1 * 2020', timeZone: 'UTC' }, after)).toThrow('no moment')
})
