/** The middle value; of an even number of values the lower middle, so that it is one that was really seen. */
export function median(values: number[]): number {
  return quantile(values, 0.5)
}

/** @param share 0 to 1 */
export function quantile(values: number[], share: number): number {
  if (values.length === 0) throw new Error('No values to measure')
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0
}

export function round(value: number, digits = 0): number {
  return Number(value.toFixed(digits))
}
