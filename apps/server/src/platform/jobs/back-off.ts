/**
 * Pause before the next try: any length from nothing up to a limit that doubles. «Full» jitter keeps many jobs that
 * failed together from coming back together.
 * @param tries how many failed so far, from 1
 */
export function fullJitter({ firstMs = 2_000, mostMs = 300_000, random = Math.random } = {}) {
  return (tries: number): number => Math.round(random() * Math.min(mostMs, firstMs * 2 ** (tries - 1)))
}
