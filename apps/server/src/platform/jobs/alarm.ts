/** A nap that can be ended early. Ringing while nobody sleeps ends the next nap at once. */
export function createAlarm() {
  let rung = false
  let wakeSleeper: (() => void) | null = null
  return {
    ring(): void {
      rung = true
      wakeSleeper?.()
    },
    async sleep(ms: number): Promise<void> {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          timer.unref()
          wakeSleeper = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      wakeSleeper = null
      rung = false
    },
  }
}
