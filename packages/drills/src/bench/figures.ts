import { loadavg } from 'node:os'

export type Latencies = { count: number; p50Ms: number; p95Ms: number; p99Ms: number; maxMs: number }

export function toLatencies(times: number[]): Latencies {
  const sorted = Float64Array.from(times).toSorted()
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  return {
    count: sorted.length,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    maxMs: Math.round(sorted.at(-1) ?? 0),
  }
}

/** How busy the machine was, to stand beside a figure of time. */
export const loadNow = (): string => `load ${loadavg()[0]?.toFixed(1)}`

/** Random numbers that a seed repeats: 0 ≤ n < 1. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
