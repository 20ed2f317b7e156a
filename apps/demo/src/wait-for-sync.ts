import { setTimeout as wait } from 'node:timers/promises'

import type { RunningServer } from '@guidebar/server/start'

const lookEveryMs = 200
const speakEveryMs = 3_000

/** Follows the first sync; a small corp is through before anybody could read this, a large one speaks every few seconds. */
export async function waitForSync(
  app: RunningServer['app'],
  corpId: string,
  say: (line: string) => void,
): Promise<void> {
  let spokenAt = Date.now()
  while (true) {
    const { phase, done, total, etaSec, error } = await app.services.sync.progress(corpId)
    if (phase === 'done') return say('First sync with WeCom')
    if (phase === 'failed') throw new Error(`The first sync failed: ${error ?? 'no cause given'}`)
    if (Date.now() - spokenAt >= speakEveryMs) {
      const amount = total === null ? String(done) : `${done} of ${total}`
      say(`Sync, ${phase}: ${amount}${etaSec === null ? '' : `, about ${etaSec} s left`}`)
      spokenAt = Date.now()
    }
    await wait(lookEveryMs)
  }
}
