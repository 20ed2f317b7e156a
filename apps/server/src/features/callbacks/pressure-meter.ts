/** An acknowledgement that took longer than this says that the machine has too much to do. */
const longMs = 100
/** What was longer ago says nothing about now. */
const recentMs = 500

/** Whether events come in faster than they can comfortably be acknowledged: WeCom waits for that, and for nothing else. */
export function createPressureMeter(nowMs: () => number = () => performance.now()) {
  let last = { at: -Infinity, tookMs: 0 }
  return {
    note(tookMs: number): void {
      last = { at: nowMs(), tookMs }
    },
    isPressed: (): boolean => last.tookMs > longMs && nowMs() - last.at < recentMs,
  }
}
