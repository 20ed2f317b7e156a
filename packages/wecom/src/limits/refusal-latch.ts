import { createHash } from 'node:crypto'
import { WecomError } from '../errors.ts'
import { createMemoryStates, type SharedStates } from './shared-states.ts'

const TRIES = { most: 3, withinMs: 10 * 60_000, pauseMs: 30_000 }
/** These say that the secret itself is wrong: only another secret helps. */
const SECRET_CODES = new Set([40001, 40013, 40091, 41002, 41004])

/** What all processes know about one secret. */
export interface LatchState {
  refusedAt: number[]
  last: { errcode: number; errmsg: string; path: string; at: number }
}

export interface LatchOptions {
  states?: SharedStates
  /** What is refused, e.g. `access-token:CORP:AGENT`. */
  name: string
  /** Another secret starts anew. Only its digest is kept. */
  secret: string
  /** Refusals of something else on the way, which has a latch of its own. */
  ignores?: (refusal: WecomError) => boolean
}

export interface RefusalLatch {
  /** @throws WecomError the last refusal, while nobody may try */
  assertOpen(): Promise<void>
  /** Makes one try and notes how it ended. */
  watch<T>(attempt: () => Promise<T>): Promise<T>
  /** The refusal that stands, if any. */
  fault(): Promise<TokenFault | null>
}

/** Why no token can be had. */
export interface TokenFault {
  errcode: number
  path: string
  /** How long ago it was said last. */
  agoMs: number
  /** Nothing is tried any more until the secret is changed. */
  isStopped: boolean
}

/**
 * Stops a refused secret from being tried again and again by several processes: WeCom shuts out the address for an
 * hour. At most 3 tries in 10 minutes in all; a wrong secret then rests until it is changed. A process that somebody
 * starts after that may try it once more: an app that was switched off and on again keeps its secret.
 */
export function createRefusalLatch(options: LatchOptions): RefusalLatch {
  const { states = createMemoryStates(), name, secret, ignores = () => false } = options
  const digest = createHash('sha256').update(`${name}\n${secret}`).digest('hex').slice(0, 32)
  const key = `latch:${name}:${digest}`
  /** null = not looked yet. */
  let mayRetryStopped: boolean | null = null

  return {
    async assertOpen() {
      const known = await states.update<LatchState, Known>(key, (state, nowMs) => ({
        state,
        answer: toKnown(state, nowMs),
      }))
      mayRetryStopped ??= known.isStopped
      const isClosed = known.isPaused || (known.isStopped && !mayRetryStopped)
      if (known.last && isClosed) throw new WecomError(known.last)
    },

    fault: () =>
      states.update<LatchState, TokenFault | null>(key, (state, nowMs) => {
        const { isStopped, last } = toKnown(state, nowMs)
        const answer = last && { errcode: last.errcode, path: last.path, agoMs: nowMs - last.at, isStopped }
        return { state, answer }
      }),

    async watch(attempt) {
      try {
        const result = await attempt()
        await states.update<LatchState, null>(key, () => ({ state: null, answer: null }))
        return result
      } catch (error) {
        if (error instanceof WecomError && error.configuration && !ignores(error)) {
          mayRetryStopped = false
          const { errcode, errmsg, path } = error
          await states.update<LatchState, null>(key, (state, nowMs) => ({
            state: {
              refusedAt: [...(state?.refusedAt ?? []), nowMs].slice(-TRIES.most),
              last: { errcode, errmsg, path, at: nowMs },
            },
            answer: null,
          }))
        }
        throw error
      }
    },
  }
}

type Known = { isStopped: boolean; isPaused: boolean; last: LatchState['last'] | null }

function toKnown(state: LatchState | null, nowMs: number): Known {
  if (!state) return { isStopped: false, isPaused: false, last: null }
  const { refusedAt, last } = state
  const recent = refusedAt.filter((at) => nowMs - at < TRIES.withinMs)
  return {
    isStopped: SECRET_CODES.has(last.errcode) && refusedAt.length >= TRIES.most,
    isPaused: recent.length >= TRIES.most || nowMs - last.at < TRIES.pauseMs,
    last,
  }
}
