import type { Clock } from './deps.ts'

/** Whether WeCom answers one corp at the moment, as its latest calls showed. */
export type WecomHealth = {
  readonly reachable: boolean
  readonly lastAnswerAt: Date | null
  readonly lastFailureAt: Date | null
  /** WeCom answered, whatever it said. */
  answered(): void
  /** WeCom could not be reached or gave no readable answer. */
  failed(): void
}

/** Starts out as reachable: nothing is known against it. */
export function createWecomHealth(clock: Clock): WecomHealth {
  let lastAnswerAt: Date | null = null
  let lastFailureAt: Date | null = null
  let reachable = true
  return {
    get reachable() {
      return reachable
    },
    get lastAnswerAt() {
      return lastAnswerAt
    },
    get lastFailureAt() {
      return lastFailureAt
    },
    answered() {
      lastAnswerAt = clock.now()
      reachable = true
    },
    failed() {
      lastFailureAt = clock.now()
      reachable = false
    },
  }
}
