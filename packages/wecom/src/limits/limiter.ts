import { randomUUID } from 'node:crypto'
import type { CallPurpose, Lane } from '../caller.ts'
import { systemClock, type WecomClock } from '../clock.ts'
import type { EndpointName } from '../endpoints.ts'
import type { WidthOptions } from './adaptive-width.ts'
import { createApiQueue, type ApiQueue, type ApiQueueFigures } from './api-queue.ts'
import { ourQuota, publishedQuota, readStanding, type ApiStanding, type ApiState, type Quota } from './api-state.ts'
import { createMemoryStates, type SharedStates } from './shared-states.ts'

/** A call that is about to be made. */
export interface CallPlan {
  endpoint: EndpointName | 'raw'
  /** Below `/cgi-bin/`: what WeCom counts calls by. */
  path: string
  lane: Lane
  purpose: CallPurpose
  signal?: AbortSignal | undefined
}

/** One call's leave to go. */
export interface CallPermit {
  /**
   * Gives the place back; once, whatever became of the call.
   * @param errcode 0 = ok; null = no usable answer
   * @returns advice: how long to wait before the next call of this API, if at all
   */
  end(errcode: number | null): Promise<number | undefined>
}

/** Decides when a call may go. */
export interface CallLimiter {
  /** @throws WecomError 45009 `heldBack`, or WecomUnavailable `aborted`: nothing was sent */
  admit(plan: CallPlan): Promise<CallPermit>
}

export interface LimiterOptions {
  corpId: string
  /** Shared by all processes that serve this corp; in memory by default. */
  states?: SharedStates
  clock?: WecomClock
  /** 0 ≤ n < 1; for tests. */
  random?: () => number
  /** What WeCom grants for an API, if not what is published. */
  quotaOf?: (path: string) => Quota
  width?: WidthOptions
  /** Calls that may wait for one API; one more is held back at once. */
  mostWaiting?: Record<Lane, number>
  /** Name of this process among those that share the states. */
  holder?: string
}

/**
 * Keeps one corp's calls within what WeCom allows for each API: pace, minute, hour, calls side by side. People at the
 * panel go before background work and have a share that it cannot use up. After 45009 all processes stop together,
 * and one call finds out when it is over.
 */
export function createLimiter(options: LimiterOptions) {
  const {
    corpId,
    clock = systemClock,
    states = createMemoryStates({ clock }),
    random = Math.random,
    quotaOf = () => publishedQuota,
    width,
    mostWaiting = { interactive: 200, background: 1_000 },
    holder = randomUUID(),
  } = options
  const queues = new Map<string, ApiQueue>()
  const keyOf = (path: string) => `api:${corpId}:${path}`

  function queueOf(path: string): ApiQueue {
    const known = queues.get(path)
    if (known) return known
    const quota = quotaOf(path)
    const queue = createApiQueue({ path, key: keyOf(path), quota, states, clock, random, width, mostWaiting, holder })
    queues.set(path, queue)
    return queue
  }

  /** How one API stands over all processes. */
  const standing = (path: string): Promise<ApiStanding> =>
    states.update<ApiState, ApiStanding>(keyOf(path), (state, nowMs) => ({
      state,
      answer: readStanding(state, nowMs),
    }))

  return {
    admit: (plan: CallPlan): Promise<CallPermit> => queueOf(plan.path).admit(plan),

    quotaOf,

    /** APIs called by this process so far, with how they stand in it. */
    figures: (): (ApiQueueFigures & { path: string })[] =>
      [...queues].map(([path, queue]) => ({ path, ...queue.figures() })),

    standing,

    /** What all processes may still call. */
    async left(path: string): Promise<{ minute: number; hour: number }> {
      const { perMinute, perHour } = ourQuota(quotaOf(path))
      const { bookedMinute, bookedHour, closedMs } = await standing(path)
      const left = (most: number, booked: number) => Math.max(0, Math.floor(most - booked))
      return { minute: closedMs > 0 ? 0 : left(perMinute, bookedMinute), hour: left(perHour, bookedHour) }
    },
  } satisfies CallLimiter & Record<string, unknown>
}

export type Limiter = ReturnType<typeof createLimiter>
