import { setTimeout as sleep } from 'node:timers/promises'
import { parseEventXml, WecomError, WecomUnavailable, type WecomEventName } from '@guidebar/wecom'
import type { FastifyBaseLogger } from 'fastify'

import type { Clock, Corps } from '../../platform/deps.ts'
import { classify } from '../../platform/error-handler.ts'
import { inTime } from '../../platform/in-time.ts'
import type { CallbackEvent } from './callback-event.model.ts'
import { groupKey, type CallbackEventRepository } from './callback-event.repository.ts'
import type { CallbackHandler, CallbackHandlers } from './callback-handlers.ts'
import { createGroupCommit } from './group-commit.ts'
import { createLagMeter } from './lag-meter.ts'

export type WorkerSettings = {
  /** Subjects handled side by side. */
  concurrency: number
  /** Subjects taken at a time, each with all that waits about it. */
  batchSize: number
  leaseMs: number
  /** How often to look without being woken: for what another process kept, and for what waits for its next try. */
  pollMs: number
  /** Before the second, third … try; after the last one the event is given up. */
  pausesMs: number[]
  /** While WeCom is busy or away: costs no try. Doubles each time up to the longest. */
  awayPauseMs: number
  longestAwayPauseMs: number
  /** An event that WeCom was never ready for in all this time is given up: the daily full read has overtaken it. */
  mostAwayMs: number
  /** Longest that events under way may take to end when the program stops; giving back the others comes after that. */
  graceMs: number
}

export const defaultWorkerSettings: WorkerSettings = {
  concurrency: 16,
  batchSize: 64,
  leaseMs: 60_000,
  pollMs: 1_000,
  pausesMs: [1_000, 5_000, 30_000, 120_000],
  awayPauseMs: 2_000,
  longestAwayPauseMs: 60_000,
  mostAwayMs: 24 * 3_600_000,
  graceMs: 6_000,
}

const pressedPauseMs = 50

type Deps = {
  events: CallbackEventRepository
  handlers: CallbackHandlers
  corps: Corps
  clock: Clock
  log: FastifyBaseLogger
  /** Whether acknowledging has become slow: then handling steps back. */
  isPressed?: () => boolean
  settings: WorkerSettings
}

/** Handles kept events until it is stopped. Several processes may do so side by side. */
export function createCallbackWorker(deps: Deps) {
  const { events, handlers, corps, clock, log, settings, isPressed = () => false } = deps
  const { concurrency, batchSize, leaseMs, pollMs, pausesMs, awayPauseMs, longestAwayPauseMs, mostAwayMs, graceMs } =
    settings
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  /** What this process has taken and not settled, by subject. Only this is in memory; all else lies in the inbox. */
  const inHand = new Map<string, CallbackEvent[]>()
  const lags = createLagMeter()
  let nap = new AbortController()
  let lastTurn: Promise<unknown> = Promise.resolve()
  let loop: Promise<void> | null = null
  let isStopping = false
  let heart: NodeJS.Timeout | undefined

  const inMs = (ms: number) => new Date(clock.now().getTime() + ms)
  const settleDone = createGroupCommit<CallbackEvent>({
    write: (rows) => events.settle(rows, { state: 'done', attempts: 0, putOffs: 0, error: null, errcode: null }),
  })

  async function handle(rows: CallbackEvent[]): Promise<void> {
    const [first] = rows
    const corp = first && corps.get(first.corpId)
    const handler: CallbackHandler<unknown> | undefined = handlers[first?.name as WecomEventName]
    if (!corp || !handler) return events.settle(rows, { state: 'unknown' })
    const received = rows
      .map(({ name, body, happenedAt }) => ({
        name: name as WecomEventName,
        event: parseEventXml(body).event,
        happenedAt,
      }))
      .toSorted((a, b) => a.happenedAt.getTime() - b.happenedAt.getTime())
    await handler.handle({ corp, subject: first.subject, events: received })
    await Promise.all(rows.map(settleDone))
    const now = clock.now().getTime()
    for (const { receivedAt } of rows) lags.note(now - receivedAt.getTime())
  }

  /** Each event counts its own tries: one that never works holds nobody up for long. */
  async function noteFailure(rows: CallbackEvent[], error: unknown): Promise<void> {
    const { code, errcode = null } = classify(error as Error)
    // Neither WeCom nor the database being away is the event's fault.
    const isAway =
      code === 'STORAGE_UNAVAILABLE' || (error instanceof WecomError ? error.busy : error instanceof WecomUnavailable)
    if (!isAway) log.warn({ ids: rows.map(({ _id }) => _id), code, errcode, err: error }, 'callback not handled')
    const advisedMs = error instanceof WecomError ? (error.retryAfterMs ?? 0) : 0
    const outcomes = Map.groupBy(rows, (row) => JSON.stringify(isAway ? [row.putOffs, isTooOld(row)] : row.attempts))
    for (const alike of outcomes.values()) {
      const { attempts, putOffs } = alike[0]!
      const waitMs = isAway
        ? Math.max(advisedMs, Math.min(longestAwayPauseMs, awayPauseMs * 2 ** Math.min(putOffs, 20)))
        : pausesMs[attempts]
      const isOver = isAway ? isTooOld(alike[0]!) : waitMs === undefined
      await events.settle(alike, {
        error: code,
        errcode,
        ...(isAway ? { putOffs: putOffs + 1 } : { attempts: attempts + 1 }),
        ...(isOver ? { state: 'dead' } : { runAt: inMs(waitMs ?? 0) }),
      })
    }
  }

  const isTooOld = ({ receivedAt }: CallbackEvent) => clock.now().getTime() - receivedAt.getTime() > mostAwayMs

  async function process(key: string, rows: CallbackEvent[]): Promise<void> {
    try {
      await handle(rows)
    } catch (error) {
      // When even this cannot be written, the lease runs out and the events come back.
      await noteFailure(rows, error).catch((cause: unknown) => log.warn({ err: cause }, 'callbacks come back later'))
    }
    inHand.delete(key)
  }

  /** Starts what is due, one claim after another. @returns whether there was anything */
  function takeUp(): Promise<boolean> {
    const turn = lastTurn.then(startDue)
    lastTurn = turn.catch(() => undefined)
    return turn
  }

  async function startDue(): Promise<boolean> {
    const { rows, skipped } = await events.claim({
      subjects: batchSize,
      now: clock.now(),
      leaseMs,
      isBusy: (key) => inHand.has(key),
    })
    const groups = Map.groupBy(rows, groupKey)
    for (const [key, some] of groups) inHand.set(key, some)
    for (const [key, some] of groups) {
      await room()
      // What is not begun lies in hand until it is given back.
      if (isStopping) return false
      const work = process(key, some).finally(() => running.delete(work))
      running.add(work)
    }
    // What was left out is due as soon as its subject is free.
    if (skipped && rows.length === 0) await Promise.race(running)
    return rows.length > 0 || skipped
  }

  /** Waits for a place. While acknowledging is slow there is only one, and a pause before it. */
  async function room(): Promise<void> {
    if (isPressed()) {
      await Promise.all(running)
      await sleep(pressedPauseMs, undefined, { ref: false })
    }
    while (running.size >= concurrency) await Promise.race(running)
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      nap = new AbortController()
      const found = await takeUp().catch((error: unknown) => {
        log.warn({ err: error }, 'callbacks not looked up')
        return false
      })
      const signal = AbortSignal.any([nap.signal, stopping.signal])
      if (!found) await sleep(pollMs, undefined, { signal, ref: false }).catch(() => undefined)
    }
    await Promise.all(running)
  }

  /** What was taken and has not ended is somebody else's from now on. */
  async function giveBack(): Promise<void> {
    const rows = [...inHand.values()].flat()
    inHand.clear()
    if (rows.length > 0) await events.settle(rows, { runAt: clock.now() })
  }

  async function beat(): Promise<void> {
    await events.renew([...inHand.values()].flat(), inMs(leaseMs))
  }

  return {
    /** Something new is kept. */
    wake: () => nap.abort(),

    start(): void {
      if (loop) return
      loop = watch()
      heart = setInterval(() => {
        beat().catch((error: unknown) => log.warn({ err: error }, 'leases of callbacks not lengthened'))
      }, leaseMs / 3)
      heart.unref()
    },

    /** Begins nothing new, waits for what is under way, and gives back what is not begun or does not end in time. */
    async stop(): Promise<void> {
      stopping.abort()
      isStopping = true
      await inTime(Promise.all([loop, lastTurn, ...running]), graceMs)
      clearInterval(heart)
      await giveBack()
      isStopping = false
    },

    /** Handles what is due now and waits until it is handled, with or without the loop. */
    async drain(): Promise<void> {
      while ((await takeUp()) || running.size > 0) await Promise.all(running)
    },

    lags: lags.read,
    inHand: () => inHand.size,
  }
}

export type CallbackWorker = ReturnType<typeof createCallbackWorker>
