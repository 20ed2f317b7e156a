import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseEventXml } from '@guidebar/wecom'
import type { FastifyBaseLogger } from 'fastify'

import type { Clock, Corp, Corps } from '../../platform/deps.ts'
import { EffectPending, judgeWecomCall } from '../../platform/effects/effect-outcome.ts'
import type { EffectEnd, Effects } from '../../platform/effects/effects.ts'
import type { CallbackEvent } from './callback-event.model.ts'
import type { CallbackEventRepository } from './callback-event.repository.ts'
import type { WelcomeState } from './welcome.model.ts'
import type { WelcomeSendRepository, WelcomeTexts } from './welcome.repository.ts'

export type WelcomeLaneSettings = {
  /** Codes at hand side by side: a slow answer holds up only its own place. */
  concurrency: number
  /** WeCom takes a code for twenty seconds; beyond this it is not worth a call. */
  mostAgeMs: number
  /** Before a call that had no effect is made again. */
  retryMs: number
  /** Codes older than this that nobody has settled were left by a process that died. */
  leftMs: number
  pollMs: number
}

export const defaultWelcomeLaneSettings: WelcomeLaneSettings = {
  concurrency: 16,
  mostAgeMs: 18_000,
  retryMs: 1_000,
  leftMs: 3_000,
  pollMs: 1_000,
}

type Deps = {
  events: CallbackEventRepository
  sends: WelcomeSendRepository
  texts: WelcomeTexts
  effects: Pick<Effects, 'perform'>
  corps: Corps
  clock: Clock
  /** WeCom's time, as far as it is known: codes age by it. */
  now: (corpId: string) => Date
  log: FastifyBaseLogger
  settings?: Partial<WelcomeLaneSettings>
}

type Job = Pick<CallbackEvent, '_id' | 'corpId' | 'body' | 'happenedAt' | 'receivedAt'>
type Welcome = Job & { code: string; userId: string; externalUserId: string; state?: string }

const mostWaiting = 5_000
const mostPolled = 200

/** The code that an event brings, if any. */
export const hasWelcomeCode = (event: object): boolean =>
  'WelcomeCode' in event && typeof event.WelcomeCode === 'string' && event.WelcomeCode !== ''

/**
 * Welcomes new customers, ahead of all re-reading and apart from it: a code lives for twenty seconds. Each code is
 * called at most once, whatever dies in between, since nobody can ask WeCom whether a welcome went out.
 */
export function createWelcomeLane(deps: Deps) {
  const { events, sends, texts, effects, corps, clock, now, log } = deps
  const settings = { ...defaultWelcomeLaneSettings, ...deps.settings }
  const { concurrency, mostAgeMs, retryMs, leftMs, pollMs } = settings
  const stopping = new AbortController()
  const waiting: Job[] = []
  const atHand = new Set<string>()
  const running = new Set<Promise<void>>()
  let loop: Promise<void> | null = null

  const ageMs = ({ corpId, happenedAt }: Job) => now(corpId).getTime() - happenedAt.getTime()

  async function welcome(job: Job): Promise<void> {
    const corp = corps.get(job.corpId)
    const whom = toWelcome(job)
    const text = corp && whom && (await texts.find(whom))
    if (corp && whom && text) {
      const outcome = await send(corp, whom, text)
      if (outcome === 'later') return
      await sends.record(toRow(whom, outcome, clock.now()))
    }
    await events.settleWelcome(job._id)
  }

  /** @returns `later` when somebody else is at this code */
  async function send(corp: Corp, whom: Welcome, text: string): Promise<Outcome | 'later'> {
    for (;;) {
      let waitedMs: number | null = null
      try {
        const end = await effects.perform(effectKey(whom), {
          ifUnknown: 'giveUp',
          judge: (error) => (error instanceof WelcomeTooLate ? 'refused' : judgeWecomCall(error)),
          // The age is judged in here: whether a process that died has called with an old code is for the log to say.
          async call(signal) {
            if (ageMs(whom) > mostAgeMs) throw new WelcomeTooLate()
            waitedMs = clock.now().getTime() - whom.receivedAt.getTime()
            await callWecom(corp, whom, text, signal)
            return {}
          },
        })
        return toOutcome(end, waitedMs)
      } catch (error) {
        if (error instanceof EffectPending) return 'later'
        log.info({ eventId: whom._id, err: error }, 'welcome not sent yet')
      }
      await sleep(retryMs, undefined, { signal: stopping.signal })
    }
  }

  /** @see https://developer.work.weixin.qq.com/document/path/92137 */
  function callWecom(corp: Corp, { code, ...job }: Welcome, text: string, signal: AbortSignal) {
    const budgetMs = Math.max(1, mostAgeMs - ageMs(job))
    return corp.wecom.raw(
      {
        method: 'POST',
        path: 'externalcontact/send_welcome_msg',
        json: { welcome_code: code, text: { content: text } },
      },
      { lane: 'interactive', purpose: 'welcome', budgetMs, signal },
    )
  }

  function pump(): void {
    while (running.size < concurrency && !stopping.signal.aborted) {
      const job = waiting.shift()
      if (!job) return
      const work = welcome(job)
        // Left as it is: it is found again, by this process or another.
        .catch((error: unknown) => {
          if (!stopping.signal.aborted) log.warn({ eventId: job._id, err: error }, 'welcome comes back later')
        })
        .finally(() => {
          atHand.delete(job._id)
          running.delete(work)
          pump()
        })
      running.add(work)
    }
  }

  function add(job: Job): void {
    // What does not fit here lies in the inbox, and is found there.
    if (atHand.has(job._id) || waiting.length >= mostWaiting) return
    atHand.add(job._id)
    waiting.push(job)
    pump()
  }

  async function takeUpLeft(olderThanMs: number): Promise<void> {
    const before = new Date(clock.now().getTime() - olderThanMs)
    for (const row of await events.listWelcomes(before, mostPolled)) add(row)
  }

  async function watch(): Promise<void> {
    const { signal } = stopping
    while (!signal.aborted) {
      await takeUpLeft(leftMs).catch((error: unknown) => log.warn({ err: error }, 'welcomes not looked up'))
      await sleep(pollMs, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  return {
    /** An event with a code is kept. */
    add,

    start(): void {
      loop ??= watch()
    },

    /** Takes nothing new; what is being called ends, the rest is left to whoever comes next. */
    async stop(): Promise<void> {
      stopping.abort()
      await loop
      await Promise.all(running)
    },

    /** Settles all codes that are known now. */
    async drain(): Promise<void> {
      await takeUpLeft(0)
      while (running.size > 0) await Promise.all(running)
    },

    countByState: (corpId: string) => sends.countByState(corpId, clock.now()),
    sweep: (): Promise<number> => sends.sweep(clock.now()),
  }
}

export type WelcomeLane = ReturnType<typeof createWelcomeLane>

type Outcome = { state: WelcomeState; error: string | null; waitedMs: number | null }

class WelcomeTooLate extends Error {
  override readonly name = 'WelcomeTooLate'
}

function toOutcome(end: EffectEnd<unknown>, waitedMs: number | null): Outcome {
  if (end.state === 'failed') {
    const isTooLate = end.failure.message.startsWith('WelcomeTooLate')
    return isTooLate
      ? { state: 'too-late', error: null, waitedMs: null }
      : { state: 'refused', error: end.failure.code, waitedMs }
  }
  return { state: end.state === 'unknown' ? 'unknown' : 'sent', error: null, waitedMs }
}

function toWelcome(job: Job): Welcome | null {
  const { event } = parseEventXml(job.body)
  if (!('WelcomeCode' in event) || !('ExternalUserID' in event) || !event.WelcomeCode) return null
  const { WelcomeCode: code, UserID: userId, ExternalUserID: externalUserId } = event
  return { ...job, code, userId, externalUserId, ...('State' in event && event.State && { state: event.State }) }
}

const welcomeId = ({ corpId, code }: Welcome) => createHash('sha256').update(`${corpId}\n${code}`).digest('hex')
const effectKey = (whom: Welcome) => `welcome:${welcomeId(whom)}`

const toRow = (whom: Welcome, outcome: Outcome, settledAt: Date) => {
  const { corpId, _id: eventId, userId, externalUserId, happenedAt, receivedAt } = whom
  return {
    _id: welcomeId(whom),
    corpId,
    eventId,
    userId,
    externalUserId,
    happenedAt,
    receivedAt,
    settledAt,
    ...outcome,
  }
}
