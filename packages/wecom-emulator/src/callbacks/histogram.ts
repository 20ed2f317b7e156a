import type { LatencyHistogram } from '../control-contract.ts'

const BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000]

/** Times of any number of events; the quantiles are exact. */
export function createHistogram() {
  let times = new Float64Array(1024)
  let count = 0
  return {
    add(ms: number) {
      if (count === times.length) {
        const larger = new Float64Array(count * 2)
        larger.set(times)
        times = larger
      }
      times[count] = ms
      count += 1
    },
    result(): LatencyHistogram {
      const sorted = times.slice(0, count).sort()
      const round = (ms: number) => Math.round(ms * 10) / 10
      const quantile = (share: number) => round(sorted[Math.max(0, Math.ceil(count * share) - 1)] ?? 0)
      const upTo = BOUNDS_MS.map((bound) => countUpTo(sorted, bound))
      return {
        count,
        p50Ms: quantile(0.5),
        p90Ms: quantile(0.9),
        p99Ms: quantile(0.99),
        maxMs: quantile(1),
        buckets: [...BOUNDS_MS, null].map((uptoMs, index) => ({
          uptoMs,
          count: (upTo[index] ?? count) - (upTo[index - 1] ?? 0),
        })),
      }
    },
  }
}

function countUpTo(sorted: Float64Array, bound: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) <= bound) low = middle + 1
    else high = middle
  }
  return low
}
