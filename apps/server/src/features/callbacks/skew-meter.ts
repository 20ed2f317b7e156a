const minuteMs = 60_000
/** Below this share a wrong time is somebody's replay; above, one of the clocks is wrong. */
const alarmShare = 0.01

/** Of the packets with a good signature, how many came with a time far from ours: in the last whole minute or so far in this one. */
export function createSkewMeter(nowMs: () => number) {
  let minute = { startedAt: nowMs(), all: 0, skewed: 0 }
  let before = { all: 0, skewed: 0 }

  function turn(): void {
    const elapsedMs = nowMs() - minute.startedAt
    if (elapsedMs < minuteMs) return
    before = elapsedMs < 2 * minuteMs ? minute : { all: 0, skewed: 0 }
    minute = { startedAt: nowMs(), all: 0, skewed: 0 }
  }

  return {
    note(isSkewed: boolean): void {
      turn()
      minute.all += 1
      if (isSkewed) minute.skewed += 1
    },
    read(): { share: number; isAlarming: boolean } {
      turn()
      const all = minute.all + before.all
      const share = all === 0 ? 0 : (minute.skewed + before.skewed) / all
      return { share, isAlarming: share > alarmShare }
    },
  }
}
