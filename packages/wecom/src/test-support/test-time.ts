import type { WecomClock } from '../clock.ts'

/** Time that passes only when a test lets it; sleepers wake at their moment, in order. */
export function createTestTime() {
  let now = 0
  let sleepers: { at: number; wake: () => void }[] = []
  const settle = async () => {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
  }

  const clock: WecomClock = {
    monotonicMs: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: now + ms, wake: resolve }
        sleepers.push(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter((one) => one !== sleeper)
          reject(signal.reason as Error)
        })
      }),
  }

  return {
    clock,
    now: () => now,
    async pass(ms: number, stepMs: number) {
      const end = now + ms
      await settle()
      while (now < end) {
        now = Math.min(end, now + stepMs)
        const due = sleepers.filter(({ at }) => at <= now).toSorted((a, b) => a.at - b.at)
        sleepers = sleepers.filter(({ at }) => at > now)
        for (const { wake } of due) wake()
        await settle()
      }
    },
  }
}
