import { describe, expect, test } from 'vitest'
import type { CallPurpose, Lane } from '../caller.ts'
import { WecomUnavailable, type WecomError } from '../errors.ts'
import { createTestTime } from '../test-support/test-time.ts'
import { createLimiter, type CallPermit, type LimiterOptions } from './limiter.ts'
import { createMemoryStates } from './shared-states.ts'

const path = 'externalcontact/get'
const WIDE = { background: 800, interactive: 400 }

function start(options: Partial<LimiterOptions> = {}) {
  const time = createTestTime()
  const states = createMemoryStates({ clock: time.clock })
  const startProcess = () => createLimiter({ corpId: 'ww5', states, clock: time.clock, random: () => 0, ...options })
  return { time, startProcess }
}

const plan = (lane: Lane = 'background', purpose: CallPurpose = 'sync', signal?: AbortSignal) =>
  ({ endpoint: 'externalContact.get', path, lane, purpose, signal }) as const

/** Asks again and again without ever being idle, as a queue of work would. @returns when calls went */
function keepCalling(limiter: ReturnType<typeof createLimiter>, now: () => number, lane: Lane, chains: number) {
  const went: number[] = []
  const over = new AbortController()
  const chain = async () => {
    while (!over.signal.aborted) {
      try {
        const permit = await limiter.admit(plan(lane, lane === 'background' ? 'sync' : 'panel'))
        went.push(now())
        await permit.end(0)
      } catch {
        return
      }
    }
  }
  for (let n = 0; n < chains; n++) void chain()
  return {
    went,
    stop: () => over.abort(),
  }
}

describe('pace', () => {
  test('three processes together stay under 60 % of the quota, and background work under 80 % of that', async () => {
    const quotaOf = () => ({ perMinute: 1_000, perHour: 150_000 })
    const { time, startProcess } = start({ quotaOf, width: WIDE })
    const runs = [1, 2, 3].map(() => keepCalling(startProcess(), time.now, 'background', 20))

    await time.pass(180_000, 100)
    for (const { stop } of runs) stop()

    const all = runs.flatMap(({ went }) => went)
    expect(all.length).toBeGreaterThan(0.85 * 3 * 480)
    for (let minute = 0; minute < 3; minute++) {
      expect(all.filter((at) => at >= minute * 60_000 && at < (minute + 1) * 60_000).length).toBeLessThanOrEqual(
        480 + 20,
      )
    }
  })

  test('people get their fifth at once while background work takes all it can', async () => {
    const quotaOf = () => ({ perMinute: 1_000, perHour: 150_000 })
    const { time, startProcess } = start({ quotaOf, width: WIDE })
    const limiter = startProcess()
    const background = keepCalling(limiter, time.now, 'background', 50)
    await time.pass(120_000, 100)

    const waits: number[] = []
    for (let person = 0; person < 60; person++) {
      const asked = time.now()
      const granted = limiter.admit(plan('interactive', 'panel')).then((permit) => {
        waits.push(time.now() - asked)
        return permit.end(0)
      })
      await time.pass(1_000, 50)
      await granted
    }
    background.stop()

    expect(Math.max(...waits)).toBeLessThanOrEqual(500)
  })

  test('a full hour is told with the time to wait, and not waited for', async () => {
    const { time, startProcess } = start({ quotaOf: () => ({ perMinute: 10_000, perHour: 100 }), width: WIDE })
    const limiter = startProcess()
    for (let n = 0; n < 48; n++) await (await limiter.admit(plan())).end(0)

    const refusal = await limiter.admit(plan()).catch((error: WecomError) => error)

    expect(refusal).toMatchObject({ errcode: 45009, busy: true, heldBack: true })
    expect((refusal as WecomError).retryAfterMs).toBeGreaterThan(3_000_000)
    // The fifth that background work leaves is there for people.
    await expect(limiter.admit(plan('interactive', 'panel'))).resolves.toBeDefined()
    expect(await limiter.standing(path)).toMatchObject({ bookedHour: expect.any(Number), closedMs: 0 })
    expect(time.now()).toBe(0)
  })
})

describe('side by side', () => {
  test('eight of the background, four more for people, and people go first', async () => {
    const { startProcess } = start()
    const limiter = startProcess()
    const went: string[] = []
    const permits: CallPermit[] = []
    const ask = (lane: Lane, purpose: CallPurpose) =>
      void limiter.admit(plan(lane, purpose)).then((permit) => {
        went.push(purpose)
        permits.push(permit)
      })
    for (let n = 0; n < 12; n++) ask('background', 'sync')
    await settle()
    expect(went).toHaveLength(8)
    for (let n = 0; n < 6; n++) ask('interactive', 'panel')
    await settle()
    expect(went.filter((one) => one === 'panel')).toHaveLength(4)

    await permits[0]?.end(0)
    await settle()

    expect(went.at(-1)).toBe('panel')
    expect(went).toHaveLength(13)
    expect(limiter.figures()).toMatchObject([{ path, waiting: 5, running: 12 }])
  })

  test('a long queue of one purpose does not hold up another', async () => {
    const { startProcess } = start({ width: { background: 1, interactive: 1 } })
    const limiter = startProcess()
    const went: string[] = []
    for (let n = 0; n < 20; n++) {
      void limiter.admit(plan('background', 'sync')).then((permit) => (went.push('sync'), permit.end(0)))
    }
    const callback = limiter
      .admit(plan('background', 'callback'))
      .then((permit) => (went.push('callback'), permit.end(0)))

    await callback

    expect(went.length).toBeLessThanOrEqual(6)
  })

  test('more than may wait are held back at once, and who gives up leaves the queue', async () => {
    const { startProcess } = start({
      mostWaiting: { interactive: 2, background: 2 },
      width: { background: 1, interactive: 1 },
    })
    const limiter = startProcess()
    const first = await limiter.admit(plan())
    const giveUp = new AbortController()
    const second = limiter.admit(plan('background', 'sync', giveUp.signal)).catch((error: unknown) => error)
    const third = limiter.admit(plan())

    await expect(limiter.admit(plan())).rejects.toMatchObject({ heldBack: true, retryAfterMs: 1_000 })
    giveUp.abort()
    expect(await second).toBeInstanceOf(WecomUnavailable)
    expect(await second).toMatchObject({ reason: 'aborted', outcome: 'not-sent' })
    await first.end(0)

    await expect(third).resolves.toBeDefined()
  })

  test('45033 halves the width once for all calls that ran together, and good calls widen it again', async () => {
    const { startProcess, time } = start()
    const limiter = startProcess()
    const width = () => limiter.figures()[0]?.width
    const permits = await Promise.all(Array.from({ length: 8 }, () => limiter.admit(plan())))
    await time.pass(10, 10)

    const advice = await Promise.all(permits.map((permit) => permit.end(45033)))

    expect(advice).toContain(1_000)
    expect(width()).toBe(6)
    for (let n = 0; n < 150; n++) await (await limiter.admit(plan('interactive', 'panel'))).end(0)
    expect(width()).toBe(12)
  })
})

describe('45009', () => {
  test('all processes stop for a minute, one call probes, and when that is refused all rest out the hour', async () => {
    const { time, startProcess } = start()
    const processes = [startProcess(), startProcess(), startProcess()]
    const sent: number[] = []
    const askAll = async (errcode: number) => {
      const results = await Promise.allSettled(
        processes.flatMap((one) => [one.admit(plan()), one.admit(plan('interactive', 'panel'))]),
      )
      for (const result of results) {
        if (result.status === 'rejected') continue
        sent.push(time.now())
        await result.value.end(errcode)
      }
    }
    const first = await processes[0]!.admit(plan())

    expect(await first.end(45009)).toBe(60_000)
    for (let second = 0; second < 59; second++) {
      await time.pass(1_000, 500)
      await askAll(0)
    }
    expect(sent).toEqual([])

    await time.pass(2_000, 500)
    await askAll(45009)
    expect(sent).toHaveLength(1)

    await time.pass(3_500_000, 50_000)
    await askAll(0)
    expect(sent).toHaveLength(1)
    await time.pass(100_000, 1_000)
    await askAll(0)
    expect(sent).toHaveLength(2)

    await time.pass(2_000, 500)
    await askAll(0)
    expect(sent).toHaveLength(8)
  })

  test('calls under way when the gate closed do not lengthen it, and other APIs go on', async () => {
    const { time, startProcess } = start()
    const limiter = startProcess()
    const permits = await Promise.all([1, 2, 3].map(() => limiter.admit(plan())))

    const advice = []
    for (const permit of permits) {
      advice.push(await permit.end(45009))
      await time.pass(1_000, 500)
    }

    expect(advice).toEqual([60_000, 59_000, 58_000])
    await expect(limiter.admit({ ...plan(), path: 'user/get' })).resolves.toBeDefined()
  })

  test('a probe without an answer proves nothing: the next call is the probe', async () => {
    const { time, startProcess } = start()
    const limiter = startProcess()
    await (await limiter.admit(plan())).end(45009)
    await time.pass(61_000, 1_000)

    const [probe, other] = await Promise.allSettled([limiter.admit(plan()), limiter.admit(plan())])
    if (probe.status === 'fulfilled') await probe.value.end(null)

    expect([probe.status, other.status]).toEqual(['fulfilled', 'rejected'])
    const [next, after] = await Promise.allSettled([limiter.admit(plan()), limiter.admit(plan())])
    expect([next.status, after.status]).toEqual(['fulfilled', 'rejected'])
  })

  test('a probe that died with its process is made again by another one', async () => {
    const { time, startProcess } = start()
    const [dying, other] = [startProcess(), startProcess()]
    await (await dying.admit(plan())).end(45009)
    await time.pass(61_000, 1_000)
    await dying.admit(plan())

    await expect(other.admit(plan())).rejects.toMatchObject({ heldBack: true })
    await time.pass(16_000, 1_000)

    await expect(other.admit(plan())).resolves.toBeDefined()
  })
})

const settle = () => new Promise((resolve) => setImmediate(resolve))
