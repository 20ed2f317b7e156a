import { systemClock, type WecomClock } from '../clock.ts'

/**
 * Computes the next state from the present one. May run more than once for one change, so it must do nothing else.
 * To leave the state as it is, return the same object.
 * @param nowMs the clock of the store, the same for all processes
 * @param share this process's part of what all have together: 1 when the state is shared, less while each is alone
 */
export type Change<S, A> = (state: S | null, nowMs: number, share: number) => { state: S | null; answer: A }

/**
 * Small pieces of state that all processes share, such as how many calls of an API are booked. Over MongoDB: one
 * document a key. `S` is plain data (JSON), and the same for every use of one key.
 */
export interface SharedStates {
  /** Changes one state as if nobody else did at the same moment. @returns what `change` answered */
  update<S, A>(key: string, change: Change<S, A>): Promise<A>
}

/** For tests and for a single process. */
export function createMemoryStates({ clock = systemClock }: { clock?: WecomClock } = {}): SharedStates {
  const states = new Map<string, unknown>()
  return {
    update: async <S, A>(key: string, change: Change<S, A>) => {
      const { state, answer } = change((states.get(key) as S | undefined) ?? null, clock.monotonicMs(), 1)
      states.set(key, state)
      return answer
    },
  }
}

export interface LocalFallbackOptions {
  /** How many processes share the store now, as last known. */
  processes: () => number
  clock?: WecomClock
  /** Longest that a change may take; then the store counts as away. */
  timeoutMs?: number
  /** How long an away store is left alone before it is tried again. */
  pauseMs?: number
  onAway?: (error: unknown) => void
}

/**
 * Goes on alone while the shared store is away: from the state last seen, and with an equal part of the whole for each
 * process. Nobody but the first caller waits for a store that is away.
 */
export function withLocalFallback(shared: SharedStates, options: LocalFallbackOptions): SharedStates {
  const { processes, clock = systemClock, timeoutMs = 1_000, pauseMs = 5_000, onAway } = options
  const lastSeen = new Map<string, unknown>()
  /** What the store's clock shows more than ours. */
  let aheadMs = 0
  let awayUntil = -Infinity

  function alone<S, A>(key: string, change: Change<S, A>): A {
    const state = (lastSeen.get(key) as S | undefined) ?? null
    const changed = change(state, clock.monotonicMs() + aheadMs, 1 / Math.max(1, processes()))
    lastSeen.set(key, changed.state)
    return changed.answer
  }

  return {
    async update<S, A>(key: string, change: Change<S, A>) {
      if (clock.monotonicMs() < awayUntil) return alone(key, change)
      let given: S | null = null
      const whole: Change<S, A> = (state, nowMs) => {
        aheadMs = nowMs - clock.monotonicMs()
        const changed = change(state, nowMs, 1)
        given = changed.state
        return changed
      }
      try {
        const answer = await within(timeoutMs, shared.update(key, whole))
        lastSeen.set(key, given)
        return answer
      } catch (error) {
        awayUntil = clock.monotonicMs() + pauseMs
        onAway?.(error)
        return alone(key, change)
      }
    },
  }
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
