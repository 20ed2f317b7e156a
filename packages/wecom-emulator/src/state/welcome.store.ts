import type { WelcomeCallView } from '../control-contract.ts'
import { WecomFault } from '../wecom-fault.ts'
import type { EmulatorClock } from './clock.ts'
import type { Random } from './random.ts'
import { createRing } from './ring.ts'

const LIFE_MS = 20_000
const CODE_LENGTH = 43
const CODES_KEPT = 200_000

interface WelcomeCode {
  userId: string
  externalUserId: string
  issuedMs: number
  state: 'open' | 'used' | 'otherAppSending' | 'over'
}

const pairOf = (userId: string, externalUserId: string) => `${userId.toLowerCase()} ${externalUserId}`

/** Welcome codes: good for 20 seconds and one message; of several apps the first wins. */
export function createWelcomeStore(random: Random, clock: EmulatorClock, usedErrcode: () => number) {
  const codes = new Map<string, WelcomeCode>()
  const lastOfPair = new Map<string, WelcomeCode>()
  const calls = createRing<WelcomeCallView>(100_000)

  return {
    calls,
    issue(userId: string, externalUserId: string): string {
      const value = random.text(CODE_LENGTH)
      const code: WelcomeCode = { userId, externalUserId, issuedMs: clock.now(), state: 'open' }
      codes.set(value, code)
      lastOfPair.set(pairOf(userId, externalUserId), code)
      const [oldest] = codes.size > CODES_KEPT ? codes : []
      if (oldest) {
        codes.delete(oldest[0])
        lastOfPair.delete(pairOf(oldest[1].userId, oldest[1].externalUserId))
      }
      return value
    },
    find: (value: string) => codes.get(value),
    ageMs: (code: WelcomeCode) => clock.now() - code.issuedMs,
    /** Whether a welcome of this pair went out: then another addition brings no code. */
    wasWelcomed: (userId: string, externalUserId: string) =>
      lastOfPair.get(pairOf(userId, externalUserId))?.state === 'used',
    /** @throws WecomFault 41050 unknown, used or too old, 41051 the chat has begun, 41096 another app is sending */
    redeem(value: string) {
      const code = codes.get(value)
      if (!code) throw new WecomFault(41050)
      if (code.state === 'used') throw new WecomFault(usedErrcode())
      if (code.state === 'over') throw new WecomFault(41051)
      if (clock.now() - code.issuedMs > LIFE_MS) throw new WecomFault(41050)
      if (code.state === 'otherAppSending') throw new WecomFault(41096)
      code.state = 'used'
    },
    /** The pair talks: nothing is left to welcome. */
    beginChat(userId: string, externalUserId: string) {
      const code = lastOfPair.get(pairOf(userId, externalUserId))
      if (code && code.state !== 'used') code.state = 'over'
    },
  }
}
