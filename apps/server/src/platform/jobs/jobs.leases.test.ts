import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test, vi } from 'vitest'

import type { JobContext } from './job.context.ts'
import { createGate, openJobsWorld } from './jobs.world.ts'

const neverMs = 3_600_000

/** A runner that has begun the job and gives no sign of life any more, as if it were killed or paused. */
async function openLostHolder() {
  const world = await openJobsWorld()
  const pages = world.db.collection<{ _id: string; by?: string }>('pages')
  await pages.insertOne({ _id: 'page' })
  const [lost, heir] = [world.addRunner({ beatMs: neverMs }), world.addRunner({ beatMs: neverMs })]
  const [begun, woken] = [Promise.withResolvers<JobContext>(), createGate()]
  lost.define('work', {
    leaseMs: 1,
    handler: async (_payload, ctx) => {
      begun.resolve(ctx)
      await woken.passed
      // A holder that was thought dead fails, and would have the job tried again.
      throw new Error('too late')
    },
  })
  await lost.enqueue('work', {}, { key: 'page' })
  const lostDrained = lost.drain()
  const ctx = await begun.promise
  await sleep(20)
  return { world, pages, lost, heir, ctx, wake: woken.open, lostDrained }
}

test('what a killed holder left is taken over, and its late writes are refused', async () => {
  const { world, pages, heir, ctx, wake, lostDrained, lost } = await openLostHolder()
  const fences: number[] = []
  heir.define('work', {
    handler: async (_payload, own) => {
      fences.push(own.fence)
      expect(own.tries).toBe(2)
      expect(await own.guardedUpdate(pages, { _id: 'page' }, { by: 'heir' })).toBe(true)
    },
  })

  await heir.drain()

  expect(fences).toEqual([expect.any(Number)])
  expect(fences[0]).toBeGreaterThan(ctx.fence)
  expect(await ctx.stillMine()).toBe(false)
  expect(await ctx.guardedUpdate(pages, { _id: 'page' }, { by: 'lost' })).toBe(false)
  await heir.enqueue('work', {}, { key: 'page', runAt: new Date(world.clock.now().getTime() + neverMs) })
  wake()
  await lostDrained
  expect(await pages.findOne({ _id: 'page' })).toMatchObject({ by: 'heir' })
  expect(await world.rows()).toMatchObject([{ state: 'waiting', tries: 0 }])
  expect((await lost.stats())[0]).toMatchObject({ lostHere: 1, deadHere: 0 })
})

test.each([
  ['well', async () => undefined],
  ['badly', () => Promise.reject(new Error('too late'))],
])('a lost holder who ends %s while his heir is at work changes nothing', async (_title, end) => {
  const world = await openJobsWorld()
  const [lost, heir] = [world.addRunner({ beatMs: neverMs }), world.addRunner({ beatMs: neverMs })]
  const gates = { lost: createGate(), heir: createGate() }
  const begun = { lost: createGate(), heir: createGate() }
  const handlerOf = (who: 'lost' | 'heir') => async () => {
    begun[who].open()
    await gates[who].passed
    if (who === 'lost') await end()
  }
  lost.define('work', { leaseMs: 1, handler: handlerOf('lost') })
  heir.define('work', { leaseMs: 60_000, handler: handlerOf('heir') })
  await lost.enqueue('work', {})
  const lostDrained = lost.drain()
  await begun.lost.passed
  await sleep(20)
  const heirDrained = heir.drain()
  await begun.heir.passed
  const heirs = await world.rows()

  gates.lost.open()
  await lostDrained

  expect(await world.rows()).toEqual(heirs)
  expect(heirs).toMatchObject([{ state: 'running', tries: 2 }])
  gates.heir.open()
  await heirDrained
  expect(await world.rows()).toEqual([])
})

test('a holder paused between asking and writing changes nothing once his heir has written', async () => {
  const world = await openJobsWorld()
  const pages = world.db.collection<{ _id: string; by?: string }>('pages')
  await pages.insertOne({ _id: 'page' })
  const [paused, heir] = [world.addRunner({ beatMs: neverMs }), world.addRunner({ beatMs: neverMs })]
  const pausedPages = {
    async updateOne(filter: object, update: object) {
      await sleep(1_500)
      await heir.drain()
      return pages.updateOne(filter, update)
    },
  }
  const written: boolean[] = []
  paused.define('work', {
    leaseMs: 1_000,
    handler: async (_payload, ctx) =>
      written.push(await ctx.guardedUpdate(pausedPages, { _id: 'page' }, { by: 'paused' })),
  })
  heir.define('work', {
    handler: async (_payload, ctx) => written.push(await ctx.guardedUpdate(pages, { _id: 'page' }, { by: 'heir' })),
  })
  await paused.enqueue('work', {}, { key: 'page' })

  await paused.drain()

  expect(written).toEqual([true, false])
  expect(await pages.findOne({ _id: 'page' })).toMatchObject({ by: 'heir' })
})

test('a holder that lives keeps his job beyond the lease', async () => {
  const world = await openJobsWorld()
  const [living, other] = [world.addRunner({ beatMs: 100 }), world.addRunner({ beatMs: neverMs })]
  const gate = createGate()
  const ran: string[] = []
  living.define('work', {
    leaseMs: 1_500,
    handler: async () => {
      ran.push('living')
      await gate.passed
    },
  })
  other.define('work', { handler: async () => ran.push('other') })
  await living.enqueue('work', {})
  living.start()
  await vi.waitFor(() => expect(ran).toEqual(['living']))

  await sleep(2_000)
  await other.drain()

  expect(ran).toEqual(['living'])
  gate.open()
  await vi.waitFor(async () => expect(await world.rows()).toEqual([]))
})

test('a holder whose job was taken over is told at the next beat', async () => {
  const world = await openJobsWorld()
  const [slow, heir] = [world.addRunner({ beatMs: 300 }), world.addRunner({ beatMs: neverMs })]
  const [begun, told] = [createGate(), createGate()]
  slow.define('work', {
    leaseMs: 1,
    handler: async (_payload, { signal }) => {
      begun.open()
      signal.addEventListener('abort', told.open)
      await told.passed
    },
  })
  const handler = vi.fn<() => Promise<unknown>>(async () => undefined)
  heir.define('work', { handler })
  await slow.enqueue('work', {})
  void slow.drain()
  await begun.passed
  await sleep(20)
  await heir.drain()
  expect(handler).toHaveBeenCalledOnce()
  slow.start()

  await told.passed

  expect((await slow.stats())[0]).toMatchObject({ lostHere: 1, failedHere: 0 })
})

test('a job that kills every holder is given up', async () => {
  const world = await openJobsWorld()
  for (let times = 0; times < 2; times++) {
    const begun = createGate()
    const victim = world.addRunner({ beatMs: neverMs })
    victim.define('deadly', {
      leaseMs: 1,
      handler: async () => {
        begun.open()
        await new Promise(() => undefined)
      },
    })
    if (times === 0) await victim.enqueue('deadly', {})
    void victim.drain()
    await begun.passed
    await sleep(20)
  }
  const survivor = world.addRunner()
  const handler = vi.fn<() => Promise<unknown>>(async () => undefined)
  survivor.define('deadly', { maxTries: 2, handler })

  await survivor.drain()

  expect(handler).not.toHaveBeenCalled()
  expect(await survivor.listDead(1)).toMatchObject([{ failure: { code: 'HOLDER_LOST' } }])
})

test('the fence grows also over a job that was removed and asked for again', async () => {
  const world = await openJobsWorld()
  const runner = world.addRunner()
  const fences: number[] = []
  runner.define('refresh', { handler: async (_payload, ctx) => fences.push(ctx.fence) })

  for (let times = 0; times < 3; times++) {
    await runner.enqueue('refresh', {}, { key: 'customer' })
    await runner.drain()
    await sleep(2)
  }

  expect(fences).toEqual([...new Set(fences)].toSorted((a, b) => a - b))
})
