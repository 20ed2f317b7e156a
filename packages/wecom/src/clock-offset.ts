/** How far our clock is from WeCom's, from the `Date` headers of its answers. */
export interface ClockOffset {
  /** @param at our clock when the answer came */
  note(serverDate: Date, at: Date, callMs: number): void
  /** What WeCom's clock shows more than ours, milliseconds; 0 while nothing is known. */
  offsetMs(): number
  /** Ours is off by more than 30 seconds. */
  readonly isOff: boolean
}

const SAMPLES = { most: 15, least: 3 }
const OFF_MS = 30_000
/** Moves of the wall clock against the monotonic one by more than this are corrections, not drift. */
const STEP_MS = 5_000
/** The header has whole seconds: on average it is half a second behind. */
const HEADER_ROUNDING_MS = 500

interface Sample {
  offsetMs: number
  wallMinusMonotonicMs: number
}

/**
 * Keeps the median of the latest headers: one wrong answer moves nothing. When somebody sets our clock, what was
 * learnt before says nothing any more and is forgotten.
 * @param now our wall clock
 */
export function createClockOffset({
  now,
  monotonicMs = () => performance.now(),
}: {
  now: () => Date
  monotonicMs?: () => number
}): ClockOffset {
  let samples: Sample[] = []

  const wallMinusMonotonic = () => now().getTime() - monotonicMs()
  const good = () => {
    const base = wallMinusMonotonic()
    return samples.filter((sample) => Math.abs(sample.wallMinusMonotonicMs - base) < STEP_MS)
  }

  function offsetMs(): number {
    const sorted = good()
      .map((sample) => sample.offsetMs)
      .toSorted((a, b) => a - b)
    if (sorted.length < SAMPLES.least) return 0
    return sorted[Math.floor(sorted.length / 2)] ?? 0
  }

  return {
    note(serverDate, at, callMs) {
      const middleMs = at.getTime() - callMs / 2
      const sample = {
        offsetMs: serverDate.getTime() + HEADER_ROUNDING_MS - middleMs,
        wallMinusMonotonicMs: wallMinusMonotonic(),
      }
      samples = [...good(), sample].slice(-SAMPLES.most)
    },
    offsetMs,
    get isOff() {
      return Math.abs(offsetMs()) > OFF_MS
    },
  }
}
