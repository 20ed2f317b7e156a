import type { EmulatorSettings } from '../control-contract.ts'
import { WecomFault } from '../wecom-fault.ts'
import type { EmulatorClock } from './clock.ts'
import type { Ids } from './random.ts'

const LIFE_SEC = 7200
const CODE_LIFE_SEC = 300

interface Timed {
  value: string
  expiresSec: number
}
export type TicketKind = 'corp' | 'agent'
export interface OauthCode {
  id: string
  scope: 'snsapi_base' | 'snsapi_privateinfo'
  expiresSec: number
  used: boolean
}

/** Access tokens, JS tickets and OAuth codes, with WeCom's life times. */
export function createCredentialStore(ids: Ids, clock: EmulatorClock, settings: () => EmulatorSettings) {
  const tokens = new Map<string, Timed>()
  const tickets: Record<TicketKind, Timed[]> = { corp: [], agent: [] }
  const codes = new Map<string, OauthCode>()
  let current: Timed | null = null

  const isAlive = (timed: Timed | null | undefined): timed is Timed => !!timed && timed.expiresSec > clock.nowSec()
  const make = (value: string): Timed => ({ value, expiresSec: clock.nowSec() + LIFE_SEC })

  return {
    tokens,
    currentToken: () => (isAlive(current) ? current : null),
    /** The same token until it ends; then a new one. */
    issueToken(): { value: string; expiresInSec: number } {
      const repeated = isAlive(current)
      if (!isAlive(current)) {
        current = make(ids.token())
        tokens.set(current.value, current)
      }
      const left = current.expiresSec - clock.nowSec()
      return {
        value: current.value,
        expiresInSec: repeated && settings().uncertain.expiresInOnRepeat === 'full' ? LIFE_SEC : left,
      }
    },
    /** @throws WecomFault 41001 without a token, 40014 for a foreign or withdrawn one, 42001 for an ended one */
    checkToken(value: string | null) {
      if (!value) throw new WecomFault(41001)
      const token = tokens.get(value)
      if (!token) throw new WecomFault(40014)
      if (token.expiresSec + settings().uncertain.tokenOverlapSec <= clock.nowSec()) throw new WecomFault(42001)
    },
    expireTokens() {
      for (const token of tokens.values()) token.expiresSec = Math.min(token.expiresSec, clock.nowSec())
    },
    revokeTokens() {
      tokens.clear()
      current = null
    },

    issueTicket(kind: TicketKind): { value: string; expiresInSec: number } {
      const list = tickets[kind]
      let ticket = list.at(-1)
      if (!isAlive(ticket)) {
        ticket = make(ids.ticket())
        list.push(ticket)
      }
      return { value: ticket.value, expiresInSec: ticket.expiresSec - clock.nowSec() }
    },
    liveTickets: (kind: TicketKind) => tickets[kind].filter(isAlive).map((ticket) => ticket.value),

    /** @param id userid of a member, or external id of a customer */
    issueCode(id: string, scope: OauthCode['scope']): string {
      const value = ids.code()
      codes.set(value, { id, scope, expiresSec: clock.nowSec() + CODE_LIFE_SEC, used: false })
      return value
    },
    /** Uses a code up. @throws WecomFault 40029 unknown, used, or older than five minutes */
    redeemCode(value: string): OauthCode {
      const code = codes.get(value)
      if (!code || code.used || code.expiresSec <= clock.nowSec()) throw new WecomFault(40029)
      code.used = true
      return code
    },
  }
}
