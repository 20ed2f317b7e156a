import { setTimeout as sleep } from 'node:timers/promises'

import { WecomError, WecomUnavailable } from '@guidebar/wecom'

export type Patience = {
  /** Tries of one call before the run counts as failed. */
  tries: number
  /** First pause; each next one is twice as long, up to `mostMs`. */
  firstMs: number
  mostMs: number
}

/**
 * Repeats a read while WeCom is busy or away. A wrong set-up is not repeated: only an admin can help. While WeCom's
 * limits are used up no call is even made, so waiting for that costs no try.
 * @throws what the last try threw
 */
export async function patiently<T>(call: () => Promise<T>, patience: Patience, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ;) {
    signal.throwIfAborted()
    try {
      return await call()
    } catch (error) {
      signal.throwIfAborted()
      if (attempt >= patience.tries || !mayPass(error)) throw error
      const pauseMs = Math.min(patience.mostMs, patience.firstMs * 2 ** (attempt - 1))
      // Jitter, so that side-by-side readers do not come back all at once.
      const jitteredMs = pauseMs * (0.5 + Math.random() / 2)
      await sleep(Math.max(jitteredMs, retryAfterMs(error)), undefined, { signal })
      if (!(error instanceof WecomError && error.heldBack)) attempt++
    }
  }
}

const mayPass = (error: unknown) => (error instanceof WecomError ? error.busy : error instanceof WecomUnavailable)

const retryAfterMs = (error: unknown) => (error instanceof WecomError ? (error.retryAfterMs ?? 0) : 0)
