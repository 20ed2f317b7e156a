/** The world's time: the machine's, moved on by tests. */
export type TestClock = { now(): Date; advance(ms: number): void }

export function createTestClock(): TestClock {
  let offsetMs = 0
  return {
    now: () => new Date(Date.now() + offsetMs),
    advance(ms) {
      offsetMs += ms
    },
  }
}
