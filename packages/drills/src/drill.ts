/** One promise of docs/reliability.md after it was put to the test. */
export interface PromiseResult {
  /** C1, U3, P5 … */
  id: string
  /** The figure that was promised, in words. */
  want: string
  /** What was measured, in words. */
  got: string
  held: boolean
  /** Depends on how busy the machine is; left out for what must hold however slow it is. */
  measures?: 'time'
}

export interface DrillResult {
  promises: PromiseResult[]
  /** Why the drill could not run here; then it has no promises. */
  skipped?: string
}

/** `long`: the full figures · `short`: by hand in a minute or two · `test`: seconds, inside the test run. */
export type DrillSize = 'long' | 'short' | 'test'

export interface DrillOptions {
  size: DrillSize
  seed: number
  say: (line: string) => void
}

export type Drill = (options: DrillOptions) => Promise<DrillResult>

/** Picks what belongs to the size. */
export const bySize = <T>(size: DrillSize, choices: Record<DrillSize, T>): T => choices[size]
