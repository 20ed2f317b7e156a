import { WecomError, WecomUnavailable } from '@guidebar/wecom'
import { ensureIndexes } from '@guidebar/mongo'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'mongoose'
import { expect, test, vi } from 'vitest'

import { createJobs } from '../jobs/jobs.ts'
import { createGate, createTestClock, openTestDb, silentLog } from '../jobs/jobs.world.ts'
import { EffectPending } from './effect-outcome.ts'
import { effectModel, type EffectRow } from './effect.model.ts'
import { createEffects, type Effects, type EffectSettings, type EffectSpec, type IfUnknown } from './effects.ts'

const path = 'externalcontact/add_msg_template'
const lost = new WecomUnavailable({ reason: 'socket', outcome: 'unknown', path })
const notSent = new WecomUnavailable({ reason: 'connect', outcome: 'not-sent', path })
const [quietMs, lookGapMs] = [20_000, 30_000]
const key = 'mass-send:batch-1'

/** A far side that cannot tell a repetition, and several processes that share the log of what they did to it. */
async function openEffectsWorld() {
  const db = await openTestDb('effects')
  const clock = createTestClock()
  const rows = effectModel(db)
  await ensureIndexes(db)
  const made: string[] = []
  const looks: Date[] = []
  return {
    db,
    clock,
    made,
    looks,
    startProcess: (settings?: Partial<EffectSettings>) => createEffects({ db, clock, log: silentLog, settings }),
    row: () => rows.findById(key).lean<EffectRow>().exec(),
    /** The call that works. */
    make: async () => {
      made.push('task')
      return { msgId: `task-${made.length}` }
    },
    lookUp: {
      lookUp: async ({ sentAt }: { sentAt: Date }) => {
        looks.push(sentAt)
        return made.length > 0 ? { msgId: `task-${made.length}` } : null
      },
    },
  }
}

const failWith = (error: Error) => async (): Promise<never> => {
  throw error
}

test('an effect is made once, and its result is known for ever after', async () => {
  const world = await openEffectsWorld()
  const spec = { call: world.make, ifUnknown: 'giveUp' as const }

  const first = await world.startProcess().perform(key, spec)
  const second = await world.startProcess().perform(key, spec)

  expect(first).toEqual({ state: 'done', result: { msgId: 'task-1' } })
  expect(second).toEqual(first)
  expect(world.made).toHaveLength(1)
})

test('the intention is on disk before the call', async () => {
  const world = await openEffectsWorld()
  const seen: (EffectRow | null)[] = []

  await world.startProcess().perform(key, {
    call: async () => {
      seen.push(await world.row())
    },
    ifUnknown: 'giveUp',
  })

  expect(seen).toMatchObject([{ state: 'sending', fence: 1, sentAt: expect.any(Date) }])
})

test('twenty callers in three processes make one call between them', async () => {
  const world = await openEffectsWorld()
  const processes = [1, 2, 3].map(() => world.startProcess())
  const gate = createGate()
  const spec = {
    call: async () => {
      await gate.passed
      return world.make()
    },
    ifUnknown: world.lookUp,
  }

  const racing = Array.from({ length: 20 }, (_, index) => processes[index % 3]!.perform(key, spec))
  const settled = Promise.allSettled(racing)
  await vi.waitFor(async () => expect(await world.row()).toMatchObject({ state: 'sending' }))
  gate.open()
  const ends = await settled

  expect(world.made).toHaveLength(1)
  const pending = ends.filter((end) => end.status === 'rejected')
  expect(pending.every(({ reason }) => reason instanceof EffectPending && reason.afterMs <= quietMs)).toBe(true)
  expect(ends.length - pending.length).toBeGreaterThan(0)
  const later = await Promise.all(processes.map((one) => one.perform(key, spec)))
  for (const end of later) expect(end).toEqual({ state: 'done', result: { msgId: 'task-1' } })
  expect(world.made).toHaveLength(1)
})

test('a refusal is final and without effect', async () => {
  const world = await openEffectsWorld()
  const refusal = new WecomError({ errcode: 40_096, errmsg: '顾客张三', path })
  const call = vi.fn<() => Promise<unknown>>(failWith(refusal))
  const spec = { call, ifUnknown: 'repeat' as const }

  const ends = [await world.startProcess().perform(key, spec), await world.startProcess().perform(key, spec)]

  for (const end of ends) expect(end).toMatchObject({ state: 'failed', failure: { code: 'WECOM_REFUSED' } })
  expect(JSON.stringify(await world.row())).not.toContain('张三')
  expect(call).toHaveBeenCalledOnce()
})

test.each([
  ['never left us', notSent],
  ['came while WeCom was busy', new WecomError({ errcode: 45_009, path })],
  ['met a wrong set-up', new WecomError({ errcode: 60_020, path })],
])('a call that %s may be made later, even one that must not be repeated', async (_title, error) => {
  const world = await openEffectsWorld()
  const effects = world.startProcess()

  await expect(effects.perform(key, { call: failWith(error), ifUnknown: 'giveUp' })).rejects.toBe(error)
  expect(await world.row()).toMatchObject({ state: 'planned', fence: 1 })
  const end = await effects.perform(key, { call: world.make, ifUnknown: 'giveUp' })

  expect(end).toEqual({ state: 'done', result: { msgId: 'task-1' } })
})

test('what can be neither repeated nor looked up is given up, and never called again', async () => {
  const world = await openEffectsWorld()
  const call = vi.fn<() => Promise<unknown>>(failWith(lost))
  const spec = { call, ifUnknown: 'giveUp' as const }

  const first = await world.startProcess().perform(key, spec)
  world.clock.advance(3_600_000)
  const second = await world.startProcess().perform(key, spec)

  expect([first, second]).toEqual([{ state: 'unknown' }, { state: 'unknown' }])
  expect(call).toHaveBeenCalledOnce()
  expect(await world.row()).toMatchObject({ state: 'unknown', settledAt: expect.any(Date) })
})

test('what may be repeated is called again', async () => {
  const world = await openEffectsWorld()
  const effects = world.startProcess()

  await expect(effects.perform(key, { call: failWith(lost), ifUnknown: 'repeat' })).rejects.toBe(lost)
  expect(await world.row()).toMatchObject({ state: 'retried', fence: 1 })
  const end = await effects.perform(key, { call: world.make, ifUnknown: 'repeat' })

  expect(end).toMatchObject({ state: 'done' })
  expect(await world.row()).toMatchObject({ state: 'done', fence: 2 })
})

test('a lost answer is looked up once no call can be under way, and what is found is adopted', async () => {
  const world = await openEffectsWorld()
  const effects = world.startProcess()
  const call = vi.fn<() => Promise<unknown>>(async () => {
    await world.make()
    throw lost
  })
  const spec = { call, ifUnknown: world.lookUp }

  await expect(effects.perform(key, spec)).rejects.toMatchObject({ afterMs: quietMs })
  await expect(effects.perform(key, spec)).rejects.toBeInstanceOf(EffectPending)
  expect(world.looks).toEqual([])
  world.clock.advance(quietMs)
  const end = await effects.perform(key, spec)

  expect(end).toEqual({ state: 'adopted', result: { msgId: 'task-1' } })
  expect(await world.startProcess().perform(key, spec)).toEqual(end)
  expect(call).toHaveBeenCalledOnce()
  expect(world.looks).toEqual([(await world.row())?.sentAt])
})

test('only what two looks did not find is called again', async () => {
  const world = await openEffectsWorld()
  const effects = world.startProcess()
  const call = vi.fn<() => Promise<unknown>>(world.make).mockRejectedValueOnce(lost)
  const spec = { call, ifUnknown: world.lookUp }

  await expect(effects.perform(key, spec)).rejects.toBeInstanceOf(EffectPending)
  world.clock.advance(quietMs)
  await expect(effects.perform(key, spec)).rejects.toMatchObject({ afterMs: lookGapMs })
  world.clock.advance(lookGapMs / 2)
  await expect(effects.perform(key, spec)).rejects.toBeInstanceOf(EffectPending)
  expect(world.looks).toHaveLength(1)
  world.clock.advance(lookGapMs / 2)
  const end = await effects.perform(key, spec)

  expect(end).toEqual({ state: 'done', result: { msgId: 'task-1' } })
  expect([world.looks.length, call.mock.calls.length]).toEqual([2, 2])
})

test('an effect that shows late is found by the second look', async () => {
  const world = await openEffectsWorld()
  const effects = world.startProcess()
  const call = vi.fn<() => Promise<unknown>>(failWith(lost))
  const spec = { call, ifUnknown: world.lookUp }
  await expect(effects.perform(key, spec)).rejects.toBeInstanceOf(EffectPending)
  world.clock.advance(quietMs)
  await expect(effects.perform(key, spec)).rejects.toBeInstanceOf(EffectPending)

  world.made.push('shows late')
  world.clock.advance(lookGapMs)
  const end = await effects.perform(key, spec)

  expect(end.state).toBe('adopted')
  expect(call).toHaveBeenCalledOnce()
})

test('twenty callers at the moment of a look send at most once more', async () => {
  const world = await openEffectsWorld()
  const call = vi.fn<() => Promise<unknown>>(world.make).mockRejectedValueOnce(lost)
  const spec = { call, ifUnknown: { lookUp: async () => null } }
  const processes = Array.from({ length: 20 }, () => world.startProcess())
  await expect(processes[0]!.perform(key, spec)).rejects.toBeInstanceOf(EffectPending)

  for (const pauseMs of [quietMs, lookGapMs, 0]) {
    world.clock.advance(pauseMs)
    await Promise.allSettled(processes.map((one) => one.perform(key, spec)))
  }

  expect(world.made).toHaveLength(1)
  expect(await processes[0]!.perform(key, spec)).toMatchObject({ state: 'done' })
})

/**
 * A process that dies at its nth step: a write to the database, the call, or a look-up. It dies before the step or
 * after it; either way nothing of it is heard again.
 */
function createMortal({ db, diesAt, when }: { db: Connection; diesAt: number; when: 'before' | 'after' }) {
  const died = createGate()
  let steps = 0
  async function step<T>(work: () => Promise<T>): Promise<T> {
    const isLast = ++steps === diesAt
    if (isLast && when === 'before') died.open()
    const result = isLast && when === 'before' ? undefined : await work()
    if (isLast) died.open()
    return isLast ? new Promise<never>(() => undefined) : (result as T)
  }
  const real = effectModel(db).collection
  const collection = {
    findOneAndUpdate: (...args: Parameters<typeof real.findOneAndUpdate>) => step(() => real.findOneAndUpdate(...args)),
    updateOne: (...args: Parameters<typeof real.updateOne>) => step(() => real.updateOne(...args)),
  }
  return { db: { model: () => ({ collection }) } as unknown as Connection, step, died: died.passed }
}

test.each([
  ['is answered', { hasEffect: true, error: null }],
  ['has its effect and loses the answer', { hasEffect: true, error: lost }],
  ['is lost on its way', { hasEffect: false, error: lost }],
  ['never leaves us', { hasEffect: false, error: notSent }],
])('wherever its process dies, a first call that %s leaves one effect in the end', async (_title, first) => {
  const fates: string[] = []
  for (const when of ['before', 'after'] as const) {
    for (let [diesAt, hasDied] = [1, true]; hasDied; diesAt++) {
      const world = await openEffectsWorld()
      const mortal = createMortal({ db: world.db, diesAt, when })
      hasDied = false
      let calls = 0
      const call = async () => {
        if (++calls > 1) return world.make()
        if (first.hasEffect) await world.make()
        if (first.error) throw first.error
        return { msgId: 'task-1' }
      }
      /** Asks until the end is known, as a job does. */
      const ask = async (effects: Effects, spec: EffectSpec<unknown>): Promise<string> => {
        try {
          return (await effects.perform(key, spec)).state
        } catch (error) {
          world.clock.advance(error instanceof EffectPending ? error.afterMs : 0)
          return ask(effects, spec)
        }
      }
      const { lookUp } = world.lookUp
      const dying = createEffects({
        db: mortal.db,
        clock: world.clock,
        log: silentLog,
        settings: { callMs: 3_600_000 },
      })
      const dyingSpec = {
        call: () => mortal.step(call),
        ifUnknown: { lookUp: (sent: { sentAt: Date }) => mortal.step(() => lookUp(sent)) },
      }

      await Promise.race([ask(dying, dyingSpec), mortal.died.then(() => (hasDied = true))])
      const fate = await ask(world.startProcess(), { call, ifUnknown: world.lookUp })

      expect(world.made, `died ${when} step ${diesAt}`).toHaveLength(1)
      fates.push(fate)
    }
  }

  // Each life has at least its beginning, its call and its end to die at.
  expect(fates.length).toBeGreaterThanOrEqual(8)
  expect(new Set([...fates, 'done', 'adopted'])).toEqual(new Set(['done', 'adopted']))
})

test('a welcome whose process died is not sent again by the next', async () => {
  const world = await openEffectsWorld()
  const begun = createGate()
  const hang = async () => {
    begun.open()
    return new Promise<never>(() => undefined)
  }
  void world.startProcess({ callMs: 3_600_000 }).perform(key, { call: hang, ifUnknown: 'giveUp' })
  await begun.passed
  world.clock.advance(quietMs)

  const end = await world.startProcess().perform(key, { call: world.make, ifUnknown: 'giveUp' })

  expect(end).toEqual({ state: 'unknown' })
  expect(world.made).toEqual([])
})

test.each<[string, IfUnknown<unknown>, string]>([
  ['corrects a doubt', 'giveUp', 'done'],
  ['changes nothing that was sent anew', 'repeat', 'done'],
])('an answer that comes back after a long pause %s', async (_title, ifUnknown, state) => {
  const world = await openEffectsWorld()
  const [begun, paused] = [createGate(), createGate()]
  const late = world.startProcess({ callMs: 3_600_000 }).perform(key, {
    ifUnknown,
    call: async () => {
      begun.open()
      await paused.passed
      return 'late'
    },
  })
  await begun.passed
  world.clock.advance(quietMs)
  const other = await world.startProcess().perform(key, { call: async () => 'other', ifUnknown })

  paused.open()
  const end = await late

  expect(other).toEqual(ifUnknown === 'giveUp' ? { state: 'unknown' } : { state: 'done', result: 'other' })
  expect(end).toEqual({ state, result: ifUnknown === 'giveUp' ? 'late' : 'other' })
  expect(await world.row()).toMatchObject({ state, result: ifUnknown === 'giveUp' ? 'late' : 'other' })
})

test('an answer that comes back while somebody else sends anew is not taken for his', async () => {
  const world = await openEffectsWorld()
  const [first, second] = [createGate(), createGate()]
  const [firstBegun, secondBegun] = [createGate(), createGate()]
  const send = (result: string, begun: typeof first, gate: typeof first) =>
    world.startProcess({ callMs: 3_600_000 }).perform(key, {
      ifUnknown: 'repeat',
      call: async () => {
        begun.open()
        await gate.passed
        return result
      },
    })
  const late = send('late', firstBegun, first)
  await firstBegun.passed
  world.clock.advance(quietMs)
  const anew = send('anew', secondBegun, second)
  await secondBegun.passed

  first.open()
  await expect(late).rejects.toBeInstanceOf(EffectPending)
  expect(await world.row()).toMatchObject({ state: 'sending', fence: 2 })
  second.open()

  expect(await anew).toEqual({ state: 'done', result: 'anew' })
})

test('a call that takes too long counts as unknown, and is told to end', async () => {
  const world = await openEffectsWorld()
  const told = createGate()

  const end = await world.startProcess({ callMs: 10 }).perform(key, {
    ifUnknown: 'giveUp',
    call: (signal) => {
      signal.addEventListener('abort', () => told.open())
      return new Promise(() => undefined)
    },
  })
  await told.passed

  expect(end).toEqual({ state: 'unknown' })
})

test('what is planned ahead is kept, and planning again changes nothing', async () => {
  const world = await openEffectsWorld()
  const effects = world.startProcess()
  await effects.plan([key, 'mass-send:batch-2'])
  expect(await world.row()).toMatchObject({ state: 'planned', fence: 0 })
  await effects.perform(key, { call: world.make, ifUnknown: 'giveUp' })

  await effects.plan([key, 'mass-send:batch-2'])

  expect(await world.row()).toMatchObject({ state: 'done', fence: 1 })
  expect((await effects.stats()).toSorted((a, b) => a.state.localeCompare(b.state))).toEqual([
    { kind: 'mass-send', state: 'done', isSettled: true, count: 1 },
    { kind: 'mass-send', state: 'planned', isSettled: false, count: 1 },
  ])
})

test('an ended effect is forgotten after its time', async () => {
  const world = await openEffectsWorld()
  const effects = world.startProcess({ keepMs: 60_000 })
  await effects.perform(key, { call: world.make, ifUnknown: 'giveUp' })

  expect(await effects.sweep()).toEqual({ left: 0, removed: 0 })
  world.clock.advance(61_000)

  expect(await effects.sweep()).toEqual({ left: 0, removed: 1 })
})

test('a job whose effect is in doubt is put off, not failed, and ends with what was found', async () => {
  const world = await openEffectsWorld()
  const effects = world.startProcess()
  const jobs = createJobs({ db: world.db, clock: world.clock, log: silentLog, holder: 'test' })
  const ends: unknown[] = []
  const call = async () => {
    await world.make()
    throw lost
  }
  jobs.define('mass-send', {
    maxTries: 1,
    handler: async () => ends.push(await effects.perform(key, { call, ifUnknown: world.lookUp })),
  })
  await jobs.enqueue('mass-send', {})

  await jobs.drain()
  expect(ends).toEqual([])
  world.clock.advance(quietMs)
  await sleep(5)
  await jobs.drain()

  expect(ends).toEqual([{ state: 'adopted', result: { msgId: 'task-1' } }])
  expect(world.made).toHaveLength(1)
})
