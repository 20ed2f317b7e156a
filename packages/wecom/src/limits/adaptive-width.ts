export interface WidthOptions {
  /** Calls of background work side by side. */
  background: number
  /** Calls of people side by side, beside those. */
  interactive: number
}

/** WeCom publishes no number, and advises 4 to 8 calls at once. */
export const defaultWidth: WidthOptions = { background: 8, interactive: 4 }

const CALLS_TO_GROW = 25

/** How many calls of one API may run side by side: half as many after WeCom said 45033, then slowly more again. */
export function createAdaptiveWidth({ background, interactive }: WidthOptions = defaultWidth) {
  const most = background + interactive
  let width = most
  let narrowedAt = -Infinity
  let good = 0

  return {
    get total() {
      return width
    },
    /** Background work leaves the rest to people; at its narrowest both share one place. */
    get background() {
      return Math.max(1, Math.floor((width * background) / most))
    },

    /** @param beganAt when the call began: those that ran together count as one sign */
    note(errcode: number | null, beganAt: number, now: number) {
      if (errcode === 45033) {
        good = 0
        if (beganAt < narrowedAt) return
        narrowedAt = now
        width = Math.max(1, Math.floor(width / 2))
      } else if (errcode !== null && width < most && ++good >= CALLS_TO_GROW) {
        good = 0
        width += 1
      }
    },
  }
}
