import { setTimeout as delay } from 'node:timers/promises'

/** Time for the client. Lifetimes are measured, never read off the wall: that clock may be wrong or jump. */
export interface WecomClock {
  /** Milliseconds from any fixed point; never goes back. */
  monotonicMs(): number
  /** Rejects when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: WecomClock = {
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
}
