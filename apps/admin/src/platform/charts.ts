/** What a chart shows; the same figures stand in a table beside it. */
export type ChartData = {
  kind: 'line' | 'bar'
  labels: string[]
  series: { name: string; values: number[] }[]
  /** How a figure is written. */
  format: (value: number) => string
  isHorizontal?: boolean
  isStacked?: boolean
}
