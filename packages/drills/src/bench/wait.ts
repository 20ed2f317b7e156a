import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks again until it is so.
 * @returns after how many milliseconds it was; null when it was not in time
 */
export async function waitUntil(
  isSo: () => Promise<boolean> | boolean,
  { mostMs, everyMs = 100 }: { mostMs: number; everyMs?: number },
): Promise<number | null> {
  const startedAt = performance.now()
  for (;;) {
    if (await isSo()) return Math.round(performance.now() - startedAt)
    if (performance.now() - startedAt > mostMs) return null
    await sleep(everyMs)
  }
}
