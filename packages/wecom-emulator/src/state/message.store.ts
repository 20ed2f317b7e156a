import type { MessageView } from '../control-contract.ts'
import type { EmulatorClock } from './clock.ts'
import type { Ids } from './random.ts'
import { createRing } from './ring.ts'

/** Messages the app sent to members. */
export function createMessageStore(ids: Ids, clock: EmulatorClock) {
  const messages = createRing<MessageView>(2000)
  const seenUntilSec = new Map<string, number>()
  return {
    messages,
    add(message: Omit<MessageView, 'msgId' | 'at'>): MessageView {
      const stored = { msgId: ids.message(), at: clock.nowIso(), ...message }
      messages.push(stored)
      return stored
    },
    newId: ids.message,
    /** @returns true when the same JSON came within the interval */
    isDuplicate(json: string, intervalSec: number): boolean {
      const duplicate = (seenUntilSec.get(json) ?? 0) > clock.nowSec()
      if (!duplicate) seenUntilSec.set(json, clock.nowSec() + intervalSec)
      return duplicate
    },
  }
}
