import { randomUUID } from 'node:crypto'
import { systemClock, type WecomClock } from './clock.ts'
import { WecomUnavailable } from './errors.ts'
import { createRefusalLatch, type RefusalLatch } from './limits/refusal-latch.ts'
import { createMemoryStates } from './limits/shared-states.ts'
import type { StoredToken, TokenStore } from './token-store.ts'

/** A token as WeCom gives it. */
export interface FetchedToken {
  value: string
  expiresInSec: number
}

export interface TokenSourceOptions {
  store: TokenStore
  /** What is kept under which name, e.g. `access-token:CORP:AGENT`. */
  key: string
  fetchToken: () => Promise<FetchedToken>
  /** Shared by all processes that use the same secret; of this process alone by default. */
  latch?: RefusalLatch
  /** Refreshed when between `least` and `least + spread` of its life is left. */
  refreshShare?: { least: number; spread: number }
  clock?: WecomClock
  /** 0 ≤ n < 1; for tests. */
  random?: () => number
}

export interface TokenSource {
  /**
   * A living token: kept, shared by another process, or fetched; callers at one time share one fetch.
   * @throws WecomError when WeCom refuses to give one; a wrong secret is not tried more than 3 times in 10 minutes
   * @throws WecomUnavailable
   */
  get(): Promise<string>
  /**
   * Says that WeCom refused this token (40014, 42001).
   * @returns whether it is worth calling again with a new one; false when new tokens are refused too
   */
  reject(value: string): Promise<boolean>
  /** Says that WeCom took this token. */
  confirm(value: string): void
}

const LEASE_MS = 5_000
const WAIT_MS = 10_000
const POLL_MS = { least: 50, spread: 100 }
/** Between 75 % and 80 % of its life: spread, so that processes do not march in step. */
const REFRESH_SHARE = { least: 0.2, spread: 0.05 }
const REFRESH_PAUSE_MS = 30_000
const DISTRUST_MS = 60_000

/** A token this close to its end might die on the way. */
const marginMs = (lifetimeMs: number) => Math.min(5_000, lifetimeMs / 10)

interface Held {
  value: string
  deadAt: number
  refreshAt: number
}

/**
 * Gives out one kind of token for one app and keeps it fresh. In the process callers share one promise; between
 * processes a lease in the store lets one fetch while the others wait for what it writes.
 */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { store, key, fetchToken, refreshShare = REFRESH_SHARE, clock = systemClock, random = Math.random } = options
  const { latch = createRefusalLatch({ states: createMemoryStates({ clock }), name: key, secret: '' }) } = options
  const holder = randomUUID()
  let held: Held | null = null
  let pending: Promise<string> | null = null
  /** The last token WeCom refused: another process may still write it down, so it is never taken over again. */
  let refused: string | null = null
  /** A token fetched to replace a refused one, until WeCom has taken it once. */
  let unproven: string | null = null
  let distrustUntil = -Infinity
  let nextRefreshAt = -Infinity

  function hold({ value, expiresInMs, lifetimeMs }: StoredToken, since: number): string {
    const share = refreshShare.least + refreshShare.spread * random()
    held = {
      value,
      deadAt: since + expiresInMs - marginMs(lifetimeMs),
      refreshAt: since + expiresInMs - lifetimeMs * share,
    }
    return value
  }

  /** Takes over what another process left, if it still lives and, when a fresh one is wanted, is not due itself. */
  async function adopt(fresh: boolean): Promise<string | null> {
    const since = clock.monotonicMs()
    const stored = await store.read(key)
    if (!stored || stored.value === refused) return null
    const { expiresInMs, lifetimeMs } = stored
    const dueMs = fresh ? lifetimeMs * (refreshShare.least + refreshShare.spread) : marginMs(lifetimeMs)
    return expiresInMs > dueMs ? hold(stored, since) : null
  }

  async function fetchAndShare(fence: number): Promise<string> {
    const since = clock.monotonicMs()
    const { value, expiresInSec } = await latch.watch(fetchToken).catch(async (error: unknown) => {
      await store.release(key, fence).catch(() => undefined)
      throw error
    })
    const token = { value, expiresInMs: expiresInSec * 1000, lifetimeMs: expiresInSec * 1000 }
    // Asked again while a token lives, WeCom gives the same one: what comes from WeCom itself is always taken.
    unproven = refused === null ? null : value
    refused = null
    const kept = await store.write(key, fence, token)
    const newer = kept ? null : await adopt(true)
    return newer ?? hold(token, since)
  }

  async function obtain(fresh: boolean): Promise<string> {
    const giveUpAt = clock.monotonicMs() + WAIT_MS
    for (;;) {
      const shared = await adopt(fresh)
      if (shared !== null) return shared

      await latch.assertOpen()
      const lease = await store.tryLease(key, holder, LEASE_MS)
      if (lease) {
        // Somebody may have written between our look and our lease.
        return (await adopt(fresh)) ?? (await fetchAndShare(lease.fence))
      }
      if (clock.monotonicMs() >= giveUpAt) {
        throw new WecomUnavailable({ reason: 'token-wait', outcome: 'not-sent', path: key })
      }
      await clock.sleep(POLL_MS.least + POLL_MS.spread * random())
    }
  }

  function share(fresh: boolean): Promise<string> {
    pending ??= obtain(fresh).finally(() => {
      pending = null
    })
    return pending
  }

  return {
    async get() {
      const now = clock.monotonicMs()
      if (!held || now >= held.deadAt) {
        const value = await share(false)
        // It was refused while we waited for it.
        return value === refused ? share(false) : value
      }
      if (now >= held.refreshAt && now >= nextRefreshAt && !pending) {
        nextRefreshAt = now + REFRESH_PAUSE_MS
        // Nobody waits for this one. If it fails the old token still serves, and the failure shows when it is needed.
        share(true).catch(() => undefined)
      }
      return held.value
    },

    async reject(value) {
      const now = clock.monotonicMs()
      if (value === unproven) {
        // The new token is refused as well: fetching more of them would only run into WeCom's limits.
        distrustUntil = now + DISTRUST_MS
        unproven = null
      }
      if (now < distrustUntil) return held !== null && held.value !== value
      refused = value
      if (held?.value === value) held = null
      await store.invalidate(key, value)
      return true
    },

    confirm(value) {
      if (value === unproven) unproven = null
    },
  }
}
