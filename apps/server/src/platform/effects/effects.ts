import { randomUUID } from 'node:crypto'

import type { FastifyBaseLogger } from 'fastify'
import type { Connection } from 'mongoose'

import type { Clock } from '../deps.ts'
import { toJobFailure } from '../jobs/job-failure.ts'
import type { JobFailure } from '../jobs/job.model.ts'
import { EffectPending, judgeWecomCall, type Verdict } from './effect-outcome.ts'
import { createEffectRepository, type Effect } from './effect.repository.ts'

/**
 * What to do when nobody knows whether the call had its effect:
 * `repeat` where a second time is harmless · `giveUp` where it is not and nothing can be asked · `lookUp` where the far
 * side can be asked: what it finds is adopted, and only after two empty looks is the call made again.
 */
export type IfUnknown<R> = 'repeat' | 'giveUp' | { lookUp: (sent: { sentAt: Date }) => Promise<R | null> }

export type EffectSpec<R> = {
  /** The call. Its result is kept: ids, no personal data. */
  call: (signal: AbortSignal) => Promise<R>
  ifUnknown: IfUnknown<R>
  /** What an error of the call says about its effect. */
  judge?: (error: unknown) => Verdict
}

export type EffectEnd<R> =
  | { state: 'done' | 'adopted'; result: R }
  | { state: 'failed'; failure: JobFailure }
  /** Nobody knows whether it happened, and it is not tried again. */
  | { state: 'unknown' }

export type EffectSettings = {
  /** Longest a call may take. */
  callMs: number
  /** So long after its beginning no call can be under way any more; more than `callMs`. */
  quietMs: number
  /** Between the two looks: what was done may show late. */
  lookGapMs: number
  /** How long an ended effect is remembered, and with it not done again. */
  keepMs: number
}

const usualSettings: EffectSettings = {
  callMs: 15_000,
  quietMs: 20_000,
  lookGapMs: 30_000,
  keepMs: 90 * 24 * 3_600_000,
}
const looksNeeded = 2

type Deps = { db: Connection; clock: Clock; log: FastifyBaseLogger; settings?: Partial<EffectSettings> }

/** The log of what must not happen twice although the far side cannot tell a repetition. */
export function createEffects({ db, clock, log, settings }: Deps) {
  const { callMs, quietMs, lookGapMs, keepMs } = { ...usualSettings, ...settings }
  const effects = createEffectRepository(db, { keepMs, offsetMs: () => clock.now().getTime() - Date.now() })
  const underWay = new Map<string, Promise<EffectEnd<unknown>>>()

  async function callInTime<R>(call: EffectSpec<R>['call']): Promise<R> {
    const signal = AbortSignal.timeout(callMs)
    const tooLate = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    })
    return Promise.race([call(signal), tooLate])
  }

  /** @returns null when somebody has decided otherwise meanwhile */
  async function send<R>(effect: Effect, spec: EffectSpec<R>): Promise<EffectEnd<R> | null> {
    let result: R
    try {
      result = await callInTime(spec.call)
    } catch (error) {
      return settleFailed(effect, spec, error)
    }
    // Whoever comes back late with a certain answer may still correct a doubt, but not what was found or sent since.
    const isNoted = await effects.change(effect, ['sending', 'unknown'], { state: 'done', result })
    if (isNoted) return { state: 'done', result }
    log.warn({ effect: effect._id, fence: effect.fence }, 'the end of a call came too late')
    return null
  }

  async function settleFailed<R>(effect: Effect, spec: EffectSpec<R>, error: unknown): Promise<EffectEnd<R> | null> {
    const failure = toJobFailure(error, clock.now())
    const verdict = (spec.judge ?? judgeWecomCall)(error)
    const from = ['sending' as const]
    log.warn({ effect: effect._id, verdict, code: failure.code, err: error }, 'effect not confirmed')
    if (verdict === 'refused') {
      return (await effects.change(effect, from, { state: 'failed', failure })) ? { state: 'failed', failure } : null
    }
    if (verdict === 'notSent' || spec.ifUnknown === 'repeat') {
      await effects.change(effect, from, { state: verdict === 'notSent' ? 'planned' : 'retried', failure })
      throw error
    }
    if (spec.ifUnknown === 'giveUp') {
      const isGivenUp = await effects.change(effect, from, { state: 'unknown', failure, isGivenUp: true })
      return isGivenUp ? { state: 'unknown' } : null
    }
    await effects.change(effect, from, { state: 'unknown', failure, looks: 0, lookInMs: quietMs })
    throw new EffectPending(quietMs, 'outcome unknown, looked up later')
  }

  /** @returns null when the effect has moved on: look at it anew */
  async function resolve<R>(effect: Effect, { ifUnknown }: EffectSpec<R>): Promise<EffectEnd<R> | null> {
    const from = ['unknown' as const]
    if (effect.settledAt || ifUnknown === 'giveUp') {
      if (!effect.settledAt) await effects.change(effect, from, { state: 'unknown', isGivenUp: true })
      return { state: 'unknown' }
    }
    if (ifUnknown === 'repeat') {
      await effects.change(effect, from, { state: 'retried' })
      return null
    }
    if ((effect.lookInMs ?? 0) > 0) throw new EffectPending(effect.lookInMs ?? 0, 'outcome unknown, looked up later')
    const result = await ifUnknown.lookUp({ sentAt: effect.sentAt! })
    if (result !== null) {
      const isAdopted = await effects.change(effect, from, { state: 'adopted', result })
      return isAdopted ? { state: 'adopted', result } : null
    }
    if (effect.looks + 1 >= looksNeeded) {
      await effects.change(effect, from, { state: 'retried' })
      return null
    }
    await effects.change(effect, from, { state: 'unknown', looks: effect.looks + 1, lookInMs: lookGapMs })
    throw new EffectPending(lookGapMs, 'not found yet, looked up once more')
  }

  /** One step from where the effect stands. @returns null when it has to be looked at anew */
  async function step<R>(key: string, spec: EffectSpec<R>): Promise<EffectEnd<R> | null> {
    const sender = randomUUID()
    const effect = await effects.begin(key, sender)
    switch (effect.state) {
      case 'done':
      case 'adopted':
        return { state: effect.state, result: effect.result as R }
      case 'failed':
        return { state: 'failed', failure: effect.failure! }
      case 'unknown':
        return resolve(effect, spec)
      default: {
        if (effect.sender === sender) return send(effect, spec)
        const leftMs = quietMs - (effect.sentMsAgo ?? 0)
        if (leftMs > 0) throw new EffectPending(leftMs, 'somebody else is at it')
        await effects.change(effect, ['sending'], { state: 'unknown', looks: 0, lookInMs: 0 })
        return null
      }
    }
  }

  async function run<R>(key: string, spec: EffectSpec<R>): Promise<EffectEnd<R>> {
    for (;;) {
      const end = await step(key, spec)
      if (end) return end
    }
  }

  return {
    /** Notes effects that are to happen, before anything is sent. */
    plan: effects.plan,

    /**
     * Makes the call, once for each key, whoever asks and however often: the intention is on disk before it. Asked
     * again after a crash, it finds out what became of the call as `ifUnknown` says.
     * @param key `kind:…`, the same for the same intention
     * @throws EffectPending when the outcome is not known yet: ask again after `afterMs`; the call's own error when it
     *   had no effect and may be made later
     */
    perform<R>(key: string, spec: EffectSpec<R>): Promise<EffectEnd<R>> {
      const running = underWay.get(key)
      if (running) return running as Promise<EffectEnd<R>>
      const begun = run(key, spec).finally(() => underWay.delete(key))
      underWay.set(key, begun)
      return begun
    },

    /** Finds calls whose process died in them, and removes what was kept long enough. */
    async sweep(): Promise<{ left: number; removed: number }> {
      return { left: await effects.markLeft(quietMs), removed: await effects.sweep(clock.now()) }
    },

    /** How many of each kind are in each state; a settled `unknown` was given up. */
    stats: effects.count,
  }
}

export type Effects = ReturnType<typeof createEffects>
