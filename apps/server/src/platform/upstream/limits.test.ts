import { setTimeout as sleep } from 'node:timers/promises'

import { WecomError } from '@guidebar/wecom'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'

import type { Corp } from '../deps.ts'
import { createMongoSharedStates } from './mongo-shared-states.ts'
import { createUpstreamShare } from './upstream-share.ts'
import { startUpstreamWorld, type UpstreamWorld } from './upstream.world.ts'

let world: UpstreamWorld

beforeEach(async () => {
  world = await startUpstreamWorld(inject('mongoUri'))
})
afterEach(() => world.close())

const outcomeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'ok' as const,
    (error: unknown) => (error instanceof WecomError ? (error.heldBack ? 'held back' : error.errcode) : 'other'),
  )

describe('states in MongoDB', () => {
  test('forty changes at once, from several processes, are all made', async () => {
    const stores = [1, 2, 3, 4].map(() => createMongoSharedStates(world.db))
    const add = (_: unknown, turn: number) =>
      stores[turn % 4]!.update<{ count: number }, number>('counter', (state) => {
        const count = (state?.count ?? 0) + 1
        return { state: { count }, answer: count }
      })

    const answers: number[] = []
    for (let round = 0; round < 10; round++) answers.push(...(await Promise.all(Array.from({ length: 4 }, add))))

    expect(answers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
  })

  test('times are those of the database, and a look writes nothing', async () => {
    const states = createMongoSharedStates(world.db)
    const nowMs = await states.update('look', (state, now) => ({ state, answer: now }))
    const row = await world.db.collection('upstreamStates').findOne({ _id: 'look' as never })

    await states.update('look', (state) => ({ state, answer: null }))

    expect(Math.abs(nowMs - Date.now())).toBeLessThan(10_000)
    expect(await world.db.collection('upstreamStates').findOne({ _id: 'look' as never })).toEqual(row)
  })

  test('processes find each other, and lose who is gone', async () => {
    const shares = [1, 2, 3].map(() => createUpstreamShare(world.db))
    for (const share of shares) await share.beat()
    await shares[0]?.beat()
    expect(shares[0]?.processes()).toBe(3)

    await world.db
      .collection('serverProcesses')
      .updateOne({ _id: shares[2]?.processId as never }, [{ $set: { seenAt: { $subtract: ['$$NOW', 31_000] } } }])
    await shares[0]?.beat()

    expect(shares[0]?.processes()).toBe(2)
  })
})

describe('one budget for all processes', () => {
  test('three of them together keep the pace', async () => {
    // 60 % of 500 a minute are 5 a second, of which background work may take 4; 10 of them saved up.
    const corps = [1, 2, 3].map(() => world.startCorp({ quotaOf: () => ({ perMinute: 500, perHour: 150_000 }) }))
    const over = new AbortController()
    const keepCalling = async (corp: Corp) => {
      while (!over.signal.aborted) await outcomeOf(corp.wecom.callbacks.getIps({ lane: 'background' }))
    }
    const began = performance.now()
    const chains = corps.flatMap((corp) => [keepCalling(corp), keepCalling(corp), keepCalling(corp)])

    await sleep(5_000)
    over.abort()
    await Promise.all(chains)
    const seconds = (performance.now() - began) / 1_000

    const calls = await world.callsOf('getcallbackip')
    expect(calls).toBeGreaterThanOrEqual(10)
    expect(calls).toBeLessThanOrEqual(10 + Math.ceil(4 * seconds))
  })

  test('without MongoDB each goes on with its part', async () => {
    const quotaOf = () => ({ perMinute: 500, perHour: 150_000 })
    const corp = world.startCorp({ quotaOf })
    await corp.upstream.share.beat()
    await corp.wecom.callbacks.getIps()
    await world.db.close()

    const outcomes = await Promise.all([1, 2, 3].map(() => outcomeOf(corp.wecom.callbacks.getIps())))

    expect(outcomes).toEqual(['ok', 'ok', 'ok'])
  })
})

describe('45009', () => {
  test('stops every process, whichever met it, and background and people alike', async () => {
    const corps = [1, 2, 3].map(() => world.startCorp())
    for (const corp of corps) await corp.wecom.callbacks.getIps()
    await world.wecom.failNext({ path: 'getcallbackip', errcode: 45009 })
    const before = await world.callsOf('getcallbackip')

    expect(await outcomeOf(corps[0]!.wecom.callbacks.getIps({ lane: 'background' }))).toBe(45009)
    await sleep(1_200)
    const outcomes: unknown[] = []
    for (let turn = 0; turn < 20; turn++) {
      for (const corp of corps) {
        outcomes.push(await outcomeOf(corp.wecom.callbacks.getIps({ lane: turn % 2 ? 'interactive' : 'background' })))
      }
    }

    expect(new Set(outcomes)).toEqual(new Set(['held back']))
    expect(await world.callsOf('getcallbackip')).toBe(before + 1)
    const standing = await corps[2]!.upstream.limiter.standing('getcallbackip')
    expect(standing.closedMs).toBeGreaterThan(50_000)
    // Another API of the same corp is not concerned.
    expect(await outcomeOf(corps[1]!.wecom.department.list())).toBe('ok')
  })

  test('after the pause exactly one call of all processes probes', async () => {
    const corps = [1, 2, 3].map(() => world.startCorp())
    await corps[0]!.wecom.callbacks.getIps()
    await world.wecom.failNext({ path: 'getcallbackip', errcode: 45009 })
    await outcomeOf(corps[0]!.wecom.callbacks.getIps())
    const before = await world.callsOf('getcallbackip')
    // The minute passes: the gate's moment is moved into the past of the database.
    await world.db
      .collection('upstreamStates')
      .updateOne({ 'state.gate.until': { $gt: 0 } }, { $inc: { 'state.gate.until': -120_000, version: 1 } })
    await world.wecom.changeSettings({ latencyMsByPath: { getcallbackip: 500 } })

    const others = corps.slice(1)
    const outcomes = await Promise.all(
      others.flatMap((corp) => Array.from({ length: 10 }, () => outcomeOf(corp.wecom.callbacks.getIps()))),
    )

    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'held back')).toHaveLength(19)
    expect(await world.callsOf('getcallbackip')).toBe(before + 1)
    await sleep(1_100)
    expect(await outcomeOf(others[1]!.wecom.callbacks.getIps())).toBe('ok')
  })
})

test('45033 makes the queue narrower, and all work gets done', async () => {
  const corp = world.startCorp()
  await corp.wecom.callbacks.getIps()
  await world.wecom.changeSettings({ limits: { concurrent: 3 }, latencyMs: 30 })
  const patiently = async () => {
    for (;;) {
      const outcome = await outcomeOf(corp.wecom.callbacks.getIps({ lane: 'background' }))
      if (outcome === 'ok') return
      expect([45033, 'held back']).toContain(outcome)
      await sleep(20)
    }
  }

  await Promise.all(Array.from({ length: 40 }, patiently))

  expect(corp.upstream.limiter.figures().find(({ path }) => path === 'getcallbackip')?.width).toBeLessThanOrEqual(6)
})

describe("WeCom's clock", () => {
  test.each([600_000, -600_000])(
    'a server whose clock is wrong by %i ms knows the time, and says so',
    async (wrongMs) => {
      const corp = world.startCorp({ clock: { now: () => new Date(Date.now() + wrongMs) } })

      for (let n = 0; n < 5; n++) await corp.wecom.callbacks.getIps()

      expect(corp.upstream.clockOffset.isOff).toBe(true)
      expect(Math.abs(corp.upstream.correctedNow().getTime() - Date.now())).toBeLessThan(5_000)
    },
  )

  test('a server whose clock is right believes no single wrong header', async () => {
    const corp = world.startCorp()
    await world.wecom.failNext({ path: 'getcallbackip', dateOffsetSec: 3_600, count: 2 })

    for (let n = 0; n < 8; n++) await corp.wecom.callbacks.getIps()

    expect(corp.upstream.clockOffset.isOff).toBe(false)
  })
})
