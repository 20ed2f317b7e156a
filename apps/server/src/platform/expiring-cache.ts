/**
 * Keeps answers for a short while, so that the same few rows are not read for every request.
 * @param ttlMs how long another process's change may go unseen here
 */
export function createExpiringCache<V>({ ttlMs, most, now }: { ttlMs: number; most: number; now: () => number }) {
  const entries = new Map<string, { value: V; until: number }>()
  return {
    get(key: string): V | undefined {
      const entry = entries.get(key)
      return entry && entry.until > now() ? entry.value : undefined
    },
    set(key: string, value: V): V {
      // Starting over is cheap and keeps memory bounded.
      if (entries.size >= most) entries.clear()
      entries.set(key, { value, until: now() + ttlMs })
      return value
    },
    delete(key: string): void {
      entries.delete(key)
    },
    clear(): void {
      entries.clear()
    },
  }
}
