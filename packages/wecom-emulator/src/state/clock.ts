/** The emulator's own time: the outer clock plus what a test moved it forward. */
export function createEmulatorClock(base: () => Date) {
  let offsetMs = 0
  const now = () => base().getTime() + offsetMs
  return {
    now,
    nowSec: () => Math.floor(now() / 1000),
    nowIso: () => new Date(now()).toISOString(),
    advance(seconds: number) {
      offsetMs += seconds * 1000
    },
    reset() {
      offsetMs = 0
    },
  }
}

export type EmulatorClock = ReturnType<typeof createEmulatorClock>

/** @returns whole seconds of a moment in ISO 8601 */
export const toSeconds = (iso: string) => Math.floor(Date.parse(iso) / 1000)

/** @returns the moment in ISO 8601 */
export const toIso = (seconds: number) => new Date(seconds * 1000).toISOString()
