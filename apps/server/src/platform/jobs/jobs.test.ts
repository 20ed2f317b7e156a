import { expect, test, vi } from 'vitest'

import { AppError } from '../errors.ts'
import { JobPutOff } from './job-failure.ts'
import { createGate, openJobsWorld } from './jobs.world.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => ({ payload: { n: index } }))
const drainAll = (runners: { drain(): Promise<void> }[]) => Promise.all(runners.map((runner) => runner.drain()))

test('three runners do a thousand jobs, each once', async () => {
  const world = await openJobsWorld()
  const done: number[] = []
  const runners = [1, 2, 3].map(() => world.addRunner())
  for (const runner of runners)
    runner.define<{ n: number }>('count', { concurrency: 20, handler: async ({ n }) => done.push(n) })
  await runners[0]!.enqueueMany('count', numbers(1_000))

  await drainAll(runners)

  expect(done.toSorted((a, b) => a - b)).toEqual(numbers(1_000).map(({ payload }) => payload.n))
  expect(await world.rows()).toEqual([])
})

test('a runner that is started hears of its own jobs without looking, and finds those of others by looking', async () => {
  const world = await openJobsWorld()
  const done: string[] = []
  const [asking, deaf, looking] = [
    world.addRunner(),
    world.addRunner({ pollMs: { least: 3_600_000, most: 3_600_000 } }),
    world.addRunner({ pollMs: { least: 10, most: 50 } }),
  ]
  asking.define('greet', { handler: async () => undefined })
  deaf.define<{ to: string }>('greet', { handler: async ({ to }) => done.push(to) })
  deaf.start()

  await deaf.enqueue('greet', { to: 'own' })
  await vi.waitFor(() => expect(done).toEqual(['own']))
  await deaf.stop()
  looking.define<{ to: string }>('greet', { handler: async ({ to }) => done.push(to) })
  looking.start()
  await asking.enqueue('greet', { to: 'other' })

  await vi.waitFor(() => expect(done).toEqual(['own', 'other']))
})

test('a job waits for its moment', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  const handler = vi.fn<() => Promise<unknown>>(async () => undefined)
  runner.define('later', { handler })
  await runner.enqueue('later', {}, { runAt: new Date(world.clock.now().getTime() + 60_000) })

  await runner.drain()
  expect(handler).not.toHaveBeenCalled()
  world.clock.advance(60_000)
  await runner.drain()

  expect(handler).toHaveBeenCalledOnce()
})

test('lower lanes go first, over all names and within one', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  const order: string[] = []
  runner.define('refresh', {
    concurrency: 1,
    lane: 5,
    handler: async (payload: string) => order.push(`refresh ${payload}`),
  })
  runner.define('welcome', { concurrency: 1, lane: 1, handler: async () => order.push('welcome') })
  await runner.enqueue('refresh', 'first')
  await runner.enqueue('refresh', 'second')
  await runner.enqueue('refresh', 'urgent', { lane: 0 })
  await runner.enqueue('welcome', {}, { lane: 1 })

  await runner.drain()

  expect(order.filter((one) => one !== 'welcome')).toEqual(['refresh urgent', 'refresh first', 'refresh second'])
  expect(order.slice(0, 2)).toContain('welcome')
})

test('a poison job is given up after five tries with its cause, while the others go on', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  const done: number[] = []
  let tries = 0
  runner.define<{ n: number }>('write', {
    backOff: () => 0,
    handler: async ({ n }) => {
      if (n === 3 && ++tries <= 5) throw new Error('顾客张三 13800000000')
      done.push(n)
    },
  })
  await runner.enqueueMany('write', numbers(6))

  await runner.drain()

  expect(new Set(done)).toEqual(new Set([0, 1, 2, 4, 5]))
  expect(tries).toBe(5)
  const [dead] = await runner.listDead(10)
  expect(dead).toMatchObject({ name: 'write', tries: 5, failure: { code: 'INTERNAL', message: 'Error' } })
  expect(await runner.stats()).toMatchObject([{ name: 'write', waiting: 0, running: 0, dead: 1, doneHere: 5 }])

  expect(await runner.retryDead(dead!._id)).toBe(true)
  expect(await runner.retryDead(dead!._id)).toBe(false)
  await runner.drain()

  expect(done).toContain(3)
  expect(await world.rows()).toEqual([])
})

test('the cause of a known failure is our code and our words', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  runner.define('tag', {
    maxTries: 1,
    handler: async () => {
      throw new AppError('TAG_UNKNOWN', 'WeCom refused mark_tag with 40068')
    },
  })
  await runner.enqueue('tag', {})

  await runner.drain()

  expect((await runner.listDead(1))[0]?.failure).toEqual({
    code: 'TAG_UNKNOWN',
    message: 'WeCom refused mark_tag with 40068',
    at: world.clock.now(),
  })
})

test('given up jobs are listed newest first, page by page, and removed after thirty days', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  runner.define('fail', { maxTries: 1, handler: () => Promise.reject(new TypeError('no')) })
  for (const key of ['a', 'b', 'c']) {
    await runner.enqueue('fail', {}, { key })
    await runner.drain()
    world.clock.advance(1_000)
  }

  const [first, second] = await runner.listDead(2)
  const rest = await runner.listDead(2, { _id: second!._id, at: second!.failure!.at })

  expect([first, second, ...rest].map((job) => job?.key)).toEqual(['c', 'b', 'a'])
  expect(await runner.sweep()).toBe(0)
  world.clock.advance(30 * 24 * 3_600_000)
  expect(await runner.sweep()).toBe(3)
})

test('the pause after a failure holds, also when the same is asked for again', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  const seen: unknown[] = []
  runner.define('refresh', {
    backOff: (tries) => tries * 60_000,
    handler: async (payload) => {
      seen.push(payload)
      if (seen.length === 1) throw new Error('once')
    },
  })
  await runner.enqueue('refresh', { n: 1 }, { key: 'customer' })
  await runner.drain()

  expect(await runner.enqueue('refresh', { n: 2 }, { key: 'customer' })).toBe('coalesced')
  await runner.drain()
  expect(seen).toEqual([{ n: 1 }])
  world.clock.advance(60_000)
  await runner.drain()

  expect(seen).toEqual([{ n: 1 }, { n: 2 }])
})

test('a job that is put off costs no try', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  const tries: number[] = []
  runner.define('call', {
    maxTries: 1,
    handler: async (_payload, ctx) => {
      tries.push(ctx.tries)
      if (tries.length < 4) throw new JobPutOff(1_000)
    },
  })
  await runner.enqueue('call', {})

  for (let times = 0; times < 5; times++) {
    await runner.drain()
    world.clock.advance(1_000)
  }

  expect(tries).toEqual([1, 1, 1, 1])
  expect(await world.rows()).toEqual([])
})

test('what is asked for several times while it waits is done once, with the newest payload', async () => {
  const world = await openJobsWorld()
  const [one, two] = [world.addRunner(), world.addRunner()]
  const seen: unknown[] = []
  for (const runner of [one, two]) runner.define('refresh', { handler: async (payload) => seen.push(payload) })

  const asked = [
    await one.enqueue('refresh', { n: 1 }, { key: 'customer' }),
    await two.enqueue('refresh', { $n: '$2' }, { key: 'customer' }),
  ]
  await drainAll([one, two])

  expect(asked).toEqual(['queued', 'coalesced'])
  expect(seen).toEqual([{ $n: '$2' }])
})

test('twenty first comers with one key make one job', async () => {
  const world = await openJobsWorld()
  const runners = [1, 2, 3].map(() => world.addRunner())
  for (const runner of runners) runner.define('refresh', { handler: async () => undefined })

  const asked = await Promise.all(
    Array.from({ length: 20 }, (_, index) => runners[index % 3]!.enqueue('refresh', {}, { key: 'customer' })),
  )

  expect(asked.filter((one) => one === 'queued')).toHaveLength(1)
  expect(await world.rows()).toHaveLength(1)
})

test('what is asked for while it runs is done once more afterwards, however often it was asked', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  const gate = createGate()
  const seen: unknown[] = []
  runner.define('refresh', {
    handler: async (payload) => {
      seen.push(payload)
      await gate.passed
    },
  })
  await runner.enqueue('refresh', { n: 1 }, { key: 'customer' })
  const drained = runner.drain()
  await vi.waitFor(() => expect(seen).toHaveLength(1))

  const asked = [
    await runner.enqueue('refresh', { n: 2 }, { key: 'customer' }),
    await runner.enqueue('refresh', { n: 3 }, { key: 'customer' }),
  ]
  gate.open()
  await drained
  await runner.drain()

  expect(asked).toEqual(['again', 'again'])
  expect(seen).toEqual([{ n: 1 }, { n: 3 }])
  expect(await world.rows()).toEqual([])
})

test('a key that is done once is not done again until it is forgotten', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  const handler = vi.fn<() => Promise<unknown>>(async () => undefined)
  runner.define('welcome', { keepDoneMs: 60_000, handler })
  await runner.enqueue('welcome', {}, { key: 'code' })
  await runner.drain()

  expect(await runner.enqueue('welcome', {}, { key: 'code' })).toBe('known')
  await runner.enqueueMany('welcome', [{ payload: {}, options: { key: 'code' } }])
  await runner.drain()
  expect(handler).toHaveBeenCalledOnce()
  world.clock.advance(60_000)
  expect(await runner.sweep()).toBe(1)

  expect(await runner.enqueue('welcome', {}, { key: 'code' })).toBe('queued')
})

test('a key that was given up comes back when it is asked for anew', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  const handler = vi.fn<() => Promise<unknown>>(async () => undefined).mockRejectedValueOnce(new Error('once'))
  runner.define('refresh', { maxTries: 1, handler })
  await runner.enqueue('refresh', {}, { key: 'customer' })
  await runner.drain()

  expect(await runner.enqueue('refresh', {}, { key: 'customer' })).toBe('queued')
  await runner.drain()

  expect(handler).toHaveBeenCalledTimes(2)
  expect(await world.rows()).toEqual([])
})

test('many are asked for at once, with and without keys', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  const seen: string[] = []
  runner.define<string>('refresh', { handler: async (payload) => seen.push(payload) })
  await runner.enqueue('refresh', 'old a', { key: 'a' })

  await runner.enqueueMany('refresh', [
    { payload: 'a', options: { key: 'a' } },
    { payload: 'b', options: { key: 'b' } },
    { payload: 'newer b', options: { key: 'b' } },
    { payload: 'c' },
    { payload: 'c' },
  ])
  await runner.drain()

  expect(seen.toSorted()).toEqual(['a', 'c', 'c', 'newer b'])
})

test('a batch comes at once, and of one that fails only the poisonous job is given up', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  const sizes: number[] = []
  const done: number[] = []
  runner.define<{ n: number }>('refresh', {
    batch: 100,
    backOff: () => 0,
    handler: async (runs) => {
      sizes.push(runs.length)
      if (runs.some(({ payload }) => payload.n === 7)) throw new Error('poison')
      done.push(...runs.map(({ payload }) => payload.n))
    },
  })
  await runner.enqueueMany('refresh', numbers(250))

  await runner.drain()

  expect(sizes.slice(0, 3)).toEqual([100, 100, 50])
  expect(new Set(done).size).toBe(249)
  expect(done).toHaveLength(249)
  expect(await world.rows()).toMatchObject([{ state: 'dead', payload: { n: 7 } }])
})

test('no more calls than agreed run side by side', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  let now = 0
  let most = 0
  runner.define('slow', {
    concurrency: 3,
    handler: async () => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setImmediate(resolve))
      now -= 1
    },
  })
  await runner.enqueueMany('slow', numbers(50))

  await runner.drain()

  expect(most).toBe(3)
})

test('stopping waits for what is under way and leaves the rest to others', async () => {
  const world = await openJobsWorld()
  const [leaving, staying] = [world.addRunner({ graceMs: 60_000 }), world.addRunner()]
  const gate = createGate()
  const begun: number[] = []
  const ended: number[] = []
  leaving.define<{ n: number }>('work', {
    concurrency: 2,
    handler: async ({ n }) => {
      begun.push(n)
      await gate.passed
      ended.push(n)
    },
  })
  staying.define<{ n: number }>('work', { handler: async ({ n }) => ended.push(n) })
  leaving.start()
  await leaving.enqueueMany('work', numbers(6))
  await vi.waitFor(() => expect(begun).toHaveLength(2))

  const stopped = leaving.stop()
  gate.open()
  await stopped

  expect(new Set(ended)).toEqual(new Set(begun))
  expect(await world.rows({ state: 'running' })).toEqual([])
  await staying.drain()
  expect(ended).toHaveLength(6)
  expect(new Set(ended)).toEqual(new Set([0, 1, 2, 3, 4, 5]))
})

test('what does not end in time is given back at once, told so, and has lost no try', async () => {
  const world = await openJobsWorld()
  const [leaving, staying] = [world.addRunner({ graceMs: 1 }), world.addRunner()]
  const told = createGate()
  const tries: number[] = []
  leaving.define('work', {
    handler: (_payload, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason as Error)
          told.open()
        })
      }),
  })
  staying.define('work', { handler: async (_payload, ctx) => tries.push(ctx.tries) })
  await leaving.enqueue('work', {})
  leaving.start()
  await vi.waitFor(async () => expect(await world.rows({ state: 'running' })).toHaveLength(1))

  await leaving.stop()
  await told.passed
  await staying.drain()

  expect(tries).toEqual([1])
  expect(await world.rows()).toEqual([])
  expect((await leaving.stats())[0]).toMatchObject({ failedHere: 0, lostHere: 0 })
})

test('what is being taken while the program stops is given back and not begun', async () => {
  const world = await openJobsWorld()
  const leaving = world.addRunner()
  const handler = vi.fn<() => Promise<unknown>>(async () => undefined)
  leaving.define('work', { handler })
  await leaving.enqueueMany('work', numbers(3))
  let stopped: Promise<void> | undefined
  world.afterTaking(() => {
    stopped = leaving.stop()
  })

  await leaving.drain()
  await stopped

  const rows = await world.rows()
  expect(rows.map(({ state, tries, holder }) => ({ state, tries, holder }))).toEqual(
    rows.map(() => ({ state: 'waiting', tries: 0, holder: undefined })),
  )
  expect(rows).toHaveLength(3)
  expect(handler).not.toHaveBeenCalled()
})

test('a taking whose answer was lost is given back when the program stops', async () => {
  const world = await openJobsWorld()
  const leaving = world.addRunner()
  leaving.define('work', { handler: async () => undefined })
  await leaving.enqueueMany('work', numbers(3))
  world.afterTaking(() => {
    throw new Error('the connection was cut')
  })
  await expect(leaving.drain()).rejects.toThrow('cut')
  const taken = await world.rows({ state: 'running' })

  await leaving.stop()

  expect(taken).toHaveLength(3)
  expect(await world.rows({ state: 'waiting', tries: 0 })).toHaveLength(3)
})

test('a name is defined once and before it is used', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  runner.define('known', { handler: async () => undefined })

  expect(() => runner.define('known', { handler: async () => undefined })).toThrow(TypeError)
  expect(() => runner.define('Not/good', { handler: async () => undefined })).toThrow(TypeError)
  await expect(runner.enqueue('unknown', {})).rejects.toThrow('unknown')
  expect(() => runner.schedule('unknown', '* * * * *')).toThrow('unknown')
})

test('looking for due jobs and for lost holders reads an index, and sorts nothing', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  for (const name of ['one', 'two']) runner.define(name, { handler: async () => undefined })
  await runner.enqueueMany('one', numbers(200))
  await runner.enqueueMany('two', numbers(200))
  const jobs = world.db.collection('jobs')

  const claim = await jobs
    .find({ state: 'waiting', name: { $in: ['one', 'two'] }, runAt: { $lte: world.clock.now() } })
    .sort({ lane: 1, runAt: 1 })
    .limit(10)
    .explain()
  const rescue = await jobs.find({ state: 'running', $expr: { $lte: ['$leaseEndsAt', '$$NOW'] } }).explain()

  const plans = [claim, rescue].map((plan) =>
    JSON.stringify((plan as { queryPlanner: { winningPlan: unknown } }).queryPlanner.winningPlan),
  )
  expect(plans[0]).toContain('"indexName":"claim"')
  expect(plans[0]).not.toMatch(/"stage":"(SORT|COLLSCAN)"/)
  expect(plans[1]).toContain('"indexName":"rescue"')
})
