import type { Lane } from '../caller.ts'
import type { WecomClock } from '../clock.ts'
import { WecomError, WecomUnavailable } from '../errors.ts'
import { createAdaptiveWidth, type WidthOptions } from './adaptive-width.ts'
import { bookCalls, noteProbe, noteRefusal, ourQuota, type ApiState, type Booking, type Quota } from './api-state.ts'
import { createFairQueue } from './fair-queue.ts'
import type { CallPermit, CallPlan } from './limiter.ts'
import type { SharedStates } from './shared-states.ts'

export interface ApiQueueOptions {
  path: string
  /** Of the shared state. */
  key: string
  quota: Quota
  states: SharedStates
  clock: WecomClock
  random: () => number
  width: WidthOptions | undefined
  mostWaiting: Record<Lane, number>
  holder: string
}

export interface ApiQueueFigures {
  waiting: number
  running: number
  /** Calls that may run side by side now. */
  width: number
  closedMs: number
  /** Calls that were not sent because of a limit, since the process began. */
  heldBack: number
}

interface Waiter {
  lane: Lane
  go(permit: CallPermit): void
  fail(error: Error): void
}

/** Calls booked ahead. Short-lived, so that a gate closed by another process is noticed within a second. */
interface Slice {
  left: number
  until: number
  isProbe: boolean
}

const LANES = ['interactive', 'background'] as const
const SLICE_MS = 1_000
/** A slice holds at most what the pace brings in this time. */
const SLICE_SHARE_MS = 500
/** Longest a call waits for its turn once it is next; a longer wait is told to the caller instead. */
const PATIENCE_MS: Record<Lane, number> = { interactive: 2_000, background: 30_000 }
const CONCURRENCY_ADVICE_MS = 1_000
const OVERFLOW_ADVICE_MS = 1_000

/** Calls of one API of one corp in this process: who waits, who runs, and what is booked for them. */
export function createApiQueue(options: ApiQueueOptions) {
  const { path, key, quota, states, clock, random, mostWaiting, holder } = options
  const width = createAdaptiveWidth(options.width)
  const mostInSlice = Math.max(1, Math.floor((ourQuota(quota).perMinute / 60_000) * SLICE_SHARE_MS))
  const lanes = {
    interactive: { waiting: createFairQueue<Waiter>(), running: 0, slice: null as Slice | null, isBooking: false },
    background: { waiting: createFairQueue<Waiter>(), running: 0, slice: null as Slice | null, isBooking: false },
  }
  const begun: Record<Lane, number[]> = { interactive: [], background: [] }
  let closedUntil = -Infinity
  let heldBack = 0

  const holdBack = (retryAfterMs: number) => {
    heldBack += 1
    return new WecomError({ errcode: 45009, errmsg: 'held back', path, retryAfterMs, heldBack: true })
  }

  function hasPlace(lane: Lane): boolean {
    const { interactive, background } = lanes
    const running = interactive.running + background.running
    if (running >= width.total) return false
    if (lane === 'background') return background.running < width.background
    // Somebody must go on with the rest of the work, however many people there are.
    const kept = width.total > 1 && background.waiting.size > 0 && background.running === 0 ? 1 : 0
    return running + kept < width.total
  }

  /** Takes one call out of what is booked. @returns null when nothing is */
  function useSlice(lane: Lane): { isProbe: boolean } | null {
    const { slice } = lanes[lane]
    if (!slice || slice.left < 1 || clock.monotonicMs() >= slice.until) return null
    slice.left -= 1
    return { isProbe: slice.isProbe }
  }

  function pump(): void {
    for (const lane of LANES) {
      const one = lanes[lane]
      while (one.waiting.size > 0 && hasPlace(lane)) {
        const leave = useSlice(lane)
        if (!leave) {
          void book(lane)
          break
        }
        one.running += 1
        one.waiting.take()?.go(toPermit(lane, leave.isProbe))
      }
    }
  }

  /** What is needed now, or was needed lately: one booking for many calls. */
  function wanted(lane: Lane): number {
    const since = clock.monotonicMs() - SLICE_SHARE_MS
    begun[lane] = begun[lane].filter((at) => at > since)
    return Math.max(1, Math.min(mostInSlice, Math.max(lanes[lane].waiting.size, begun[lane].length)))
  }

  async function book(lane: Lane): Promise<void> {
    const one = lanes[lane]
    if (one.isBooking) return
    one.isBooking = true
    try {
      const request = { lane, want: wanted(lane), holder, quota }
      const booking = await states.update<ApiState, Booking>(key, (state, nowMs, share) =>
        bookCalls(state, request, nowMs, share),
      )
      await settle(lane, booking)
    } catch (error) {
      for (const waiter of one.waiting.takeAll()) waiter.fail(error as Error)
    } finally {
      one.isBooking = false
    }
    pump()
  }

  async function settle(lane: Lane, { granted, isProbe, waitMs, closedMs }: Booking): Promise<void> {
    if (closedMs > 0) return close(closedMs)
    if (granted > 0) {
      lanes[lane].slice = { left: granted, until: clock.monotonicMs() + SLICE_MS, isProbe }
      // At once: the other lane may be told meanwhile that the gate is closed but for this very probe.
      pump()
      return
    }
    if (waitMs > PATIENCE_MS[lane]) {
      for (const waiter of lanes[lane].waiting.takeAll()) waiter.fail(holdBack(waitMs))
      return
    }
    // Spread a little, so that processes do not ask in step.
    await clock.sleep(waitMs * (1 + random() / 4))
  }

  /** Nobody goes for so long; those who wait are told. */
  function close(ms: number): void {
    closedUntil = Math.max(closedUntil, clock.monotonicMs() + ms)
    const retryAfterMs = closedUntil - clock.monotonicMs()
    for (const lane of LANES) {
      lanes[lane].slice = null
      for (const waiter of lanes[lane].waiting.takeAll()) waiter.fail(holdBack(retryAfterMs))
    }
  }

  function toPermit(lane: Lane, isProbe: boolean): CallPermit {
    const beganAt = clock.monotonicMs()
    begun[lane].push(beganAt)
    let hasEnded = false
    return {
      async end(errcode) {
        if (hasEnded) return undefined
        hasEnded = true
        lanes[lane].running -= 1
        width.note(errcode, beganAt, clock.monotonicMs())
        try {
          if (errcode === 45009) return await refused(isProbe)
          if (isProbe) await probed(errcode !== null)
          return errcode === 45033 ? CONCURRENCY_ADVICE_MS : undefined
        } finally {
          pump()
        }
      },
    }
  }

  async function refused(isProbe: boolean): Promise<number> {
    // At once for this process; the others learn it within a second.
    close(CONCURRENCY_ADVICE_MS)
    const jitter = random()
    const { closedMs } = await states.update<ApiState, { closedMs: number }>(key, (state, nowMs) =>
      noteRefusal(state, { isProbe, jitter }, nowMs),
    )
    close(closedMs)
    return Math.ceil(closedMs)
  }

  async function probed(letIn: boolean): Promise<void> {
    await states.update<ApiState, null>(key, (state) => noteProbe(state, { holder, letIn }))
    closedUntil = -Infinity
  }

  return {
    /** @throws WecomError 45009 `heldBack`, or WecomUnavailable `aborted`: nothing was sent */
    admit({ lane, purpose, signal }: CallPlan): Promise<CallPermit> {
      const { waiting } = lanes[lane]
      const aborted = () => new WecomUnavailable({ reason: 'aborted', outcome: 'not-sent', path })
      if (signal?.aborted) return Promise.reject(aborted())
      const leftMs = closedUntil - clock.monotonicMs()
      if (leftMs > 0) return Promise.reject(holdBack(Math.ceil(Math.max(leftMs, CONCURRENCY_ADVICE_MS))))
      if (waiting.size >= mostWaiting[lane]) return Promise.reject(holdBack(OVERFLOW_ADVICE_MS))

      return new Promise((resolve, reject) => {
        const giveUp = () => {
          waiting.remove(purpose, waiter)
          reject(aborted())
        }
        const waiter: Waiter = {
          lane,
          go: (permit) => {
            signal?.removeEventListener('abort', giveUp)
            resolve(permit)
          },
          fail: (error) => {
            signal?.removeEventListener('abort', giveUp)
            reject(error)
          },
        }
        signal?.addEventListener('abort', giveUp, { once: true })
        waiting.add(purpose, waiter)
        pump()
      })
    },

    figures: (): ApiQueueFigures => ({
      waiting: lanes.interactive.waiting.size + lanes.background.waiting.size,
      running: lanes.interactive.running + lanes.background.running,
      width: width.total,
      closedMs: Math.max(0, closedUntil - clock.monotonicMs()),
      heldBack,
    }),
  }
}

export type ApiQueue = ReturnType<typeof createApiQueue>
