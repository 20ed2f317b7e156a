import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for work, but no longer than so long. @returns whether it has ended @throws what the work throws */
export async function inTime(work: Promise<unknown>, ms: number): Promise<boolean> {
  const over = new AbortController()
  const late = sleep(ms, false, { signal: over.signal }).catch(() => false)
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    over.abort()
  }
}
