import type { WecomClock } from '../clock.ts'

/** A clock that stands still until it is moved; sleeping moves it and records for how long. */
export function createManualClock() {
  let now = 0
  const slept: number[] = []
  return {
    slept,
    advance: (ms: number) => {
      now += ms
    },
    monotonicMs: () => now,
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted()
      slept.push(ms)
      now += ms
      await new Promise((resolve) => setImmediate(resolve))
    },
  } satisfies WecomClock & Record<string, unknown>
}
