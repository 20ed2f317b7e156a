import { systemClock, type WecomClock } from './clock.ts'

/** A token or ticket as it lies in the store. Durations, not moments: no two clocks have to agree. */
export interface StoredToken {
  value: string
  /** Life left: at `write` as WeCom said it, at `read` what the store's own clock leaves of it (may be ≤ 0). */
  expiresInMs: number
  /** Whole life as WeCom said it; decides when a refresh ahead of time is due. */
  lifetimeMs: number
}

/**
 * Where processes share their tokens, so that all of them together make one fetch. Over MongoDB: one document a key;
 * `$$NOW` of the database gives every time.
 */
export interface TokenStore {
  /** @returns null when nothing is kept, or it was invalidated */
  read(key: string): Promise<StoredToken | null>
  /**
   * Tries to become the only one who may fetch. The fence grows with each lease of a key, for ever.
   * A holder may renew its own lease.
   * @returns null while another holder's lease runs
   */
  tryLease(key: string, holder: string, leaseMs: number): Promise<{ fence: number } | null>
  /**
   * Keeps the token and ends the lease.
   * @returns false, and keeps nothing, when a later lease was given meanwhile
   */
  write(key: string, fence: number, token: StoredToken): Promise<boolean>
  /** Ends a lease without a token, so that others need not wait for its time to run out. */
  release(key: string, fence: number): Promise<void>
  /** Forgets the token, but only if it is still this one. */
  invalidate(key: string, value: string): Promise<void>
}

/** For tests and for a single process. */
export function createMemoryTokenStore({ clock = systemClock }: { clock?: WecomClock } = {}): TokenStore {
  interface Entry {
    token?: { value: string; lifetimeMs: number; deadAt: number }
    fence: number
    lease?: { holder: string; until: number }
  }
  const entries = new Map<string, Entry>()
  const entryOf = (key: string) => {
    const entry = entries.get(key) ?? { fence: 0 }
    entries.set(key, entry)
    return entry
  }

  return {
    async read(key) {
      const token = entries.get(key)?.token
      if (!token) return null
      return { value: token.value, lifetimeMs: token.lifetimeMs, expiresInMs: token.deadAt - clock.monotonicMs() }
    },

    async tryLease(key, holder, leaseMs) {
      const entry = entryOf(key)
      const now = clock.monotonicMs()
      if (entry.lease && entry.lease.until > now && entry.lease.holder !== holder) return null
      entry.lease = { holder, until: now + leaseMs }
      entry.fence += 1
      return { fence: entry.fence }
    },

    async write(key, fence, { value, expiresInMs, lifetimeMs }) {
      const entry = entryOf(key)
      if (entry.fence !== fence) return false
      entry.token = { value, lifetimeMs, deadAt: clock.monotonicMs() + expiresInMs }
      delete entry.lease
      return true
    },

    async release(key, fence) {
      const entry = entryOf(key)
      if (entry.fence === fence) delete entry.lease
    },

    async invalidate(key, value) {
      const entry = entries.get(key)
      if (entry?.token?.value === value) delete entry.token
    },
  }
}
