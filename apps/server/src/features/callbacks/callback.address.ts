import type { Clock } from '../../platform/deps.ts'
import type { CallbackAddressRepository } from './callback-address.repository.ts'

const armedMs = 15 * 60_000
const attemptPauseMs = 1_000

/**
 * Decides whether WeCom's check of the address may be answered. It is signed by the same formula as events, so one that
 * is always answered would be a decoder: open only until WeCom has proven itself, and after that for a quarter of an
 * hour when an admin is about to save the address anew.
 */
export function createCallbackAddress({ addresses, clock }: { addresses: CallbackAddressRepository; clock: Clock }) {
  const proven = new Set<string>()
  const notedAt = new Map<string, number>()

  return {
    /** Whether a check may be answered now. The first one leaves the address open for a while: saving may need another. */
    async mayAnswer(corpId: string): Promise<boolean> {
      const now = clock.now()
      const { verifiedAt, armedUntil } = (await addresses.find(corpId)) ?? {}
      if (armedUntil && armedUntil > now) return true
      if (verifiedAt) return false
      await addresses.noteVerified(corpId, now, new Date(now.getTime() + armedMs))
      return true
    },

    /**
     * What became of a check of the address, or why a packet was refused: for whoever sets it up. At most one a second
     * is written, since anybody can send something.
     */
    async noteAttempt(corpId: string, verdict: string): Promise<void> {
      const at = clock.now()
      if (at.getTime() - (notedAt.get(corpId) ?? -Infinity) < attemptPauseMs) return
      notedAt.set(corpId, at.getTime())
      await addresses.noteAttempt(corpId, { at, verdict })
    },

    /** A genuine event came in: nobody has to prove the address any more. Writes once for each corp and process. */
    async noteEvent(corpId: string): Promise<void> {
      if (proven.has(corpId)) return
      proven.add(corpId)
      try {
        await addresses.noteVerified(corpId, clock.now(), null)
      } catch (error) {
        proven.delete(corpId)
        throw error
      }
    },

    async arm(corpId: string): Promise<Date> {
      const armedUntil = new Date(clock.now().getTime() + armedMs)
      await addresses.arm(corpId, armedUntil)
      return armedUntil
    },
  }
}

export type CallbackAddressDesk = ReturnType<typeof createCallbackAddress>
