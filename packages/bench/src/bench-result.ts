/** Each bench gives one JSON answer and the sentences that say whether its bars hold. */
export interface BenchResult {
  figures: Record<string, unknown>
  bars: { bar: string; got: string; held: boolean }[]
}
