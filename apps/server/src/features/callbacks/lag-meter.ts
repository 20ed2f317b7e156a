const kept = 2_000

/** How long the last events took from receipt until they were handled, by this process. */
export function createLagMeter() {
  const lags: number[] = []
  let place = 0
  let count = 0

  return {
    note(lagMs: number): void {
      lags[place] = lagMs
      place = (place + 1) % kept
      count += 1
    },
    read(): { count: number; p50Ms: number; p99Ms: number } {
      const sorted = lags.toSorted((a, b) => a - b)
      const at = (share: number) =>
        Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
      return { count, p50Ms: at(0.5), p99Ms: at(0.99) }
    },
  }
}
