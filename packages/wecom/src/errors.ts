import { redactUrl } from './redact.ts'

/** Codes that say «too much at once»: the call was not done and may be tried after a while. */
const BUSY_CODES = new Set([-1, 45009, 45033])

/** Set-up is wrong (secret, corp, app, trusted IP, right): trying again cannot help, and wrong secrets shut out our IP. */
const CONFIGURATION_CODES = new Set([40001, 40013, 40056, 40091, 41002, 41004, 48002, 50003, 60020, 301002])

const UNTRUSTED_IP = 60020

/** Whether only an admin of the corp can mend what this code says. */
export const isConfigurationErrcode = (errcode: number): boolean => CONFIGURATION_CODES.has(errcode)

/**
 * WeCom answered and refused: the call had no effect.
 * `errcode` decides; `errmsg` is for people, freed of the hint and of our own IP address.
 */
export class WecomError extends Error {
  override readonly name = 'WecomError'
  readonly errcode: number
  readonly errmsg: string
  /** The endpoint, without its query. */
  readonly path: string
  /** Too many calls, or WeCom's own overload (-1, 45009, 45033). */
  readonly busy: boolean
  /** Wrong secret, app, IP or right: an admin must act; never retry. */
  readonly configuration: boolean
  /** Advice: wait this long before the next call of this endpoint. */
  readonly retryAfterMs: number | undefined
  /** Our address as WeCom saw it; only where that is why it refused (60020). For an admin's eyes, never for the log. */
  readonly callerIp: string | undefined
  /** Our own limits stopped the call: WeCom was not even asked. */
  readonly heldBack: boolean

  constructor({ errcode, errmsg, path, retryAfterMs, heldBack = false }: Refusal) {
    const text = trimErrmsg(errmsg ?? '')
    super(`WeCom refused ${path}: ${errcode} ${text}`.trimEnd())
    this.errcode = errcode
    this.errmsg = text
    this.path = path
    this.busy = BUSY_CODES.has(errcode)
    this.configuration = isConfigurationErrcode(errcode)
    this.retryAfterMs = retryAfterMs
    this.callerIp = errcode === UNTRUSTED_IP ? /from ip:\s*([0-9a-f.:]{3,45})/i.exec(errmsg ?? '')?.[1] : undefined
    this.heldBack = heldBack
  }
}

export interface Refusal {
  errcode: number
  errmsg?: string | undefined
  path: string
  retryAfterMs?: number | undefined
  heldBack?: boolean
}

/**
 * - `connect`: no connection; `timeout`, `socket`: it broke on the way; `aborted`: the caller gave up
 * - `late`: no answer within the time that a person waits
 * - `redirect`, `status`, `too-large`, `not-json`, `shape`: an answer that cannot be WeCom's
 * - `circuit-open`: not even tried, since too many calls failed just now
 * - `token-wait`: another process holds the refresh and does not finish
 */
export type UnavailableReason =
  | 'connect'
  | 'timeout'
  | 'socket'
  | 'aborted'
  | 'late'
  | 'redirect'
  | 'status'
  | 'too-large'
  | 'not-json'
  | 'shape'
  | 'circuit-open'
  | 'token-wait'

/**
 * No usable answer. With `outcome: 'unknown'` the call may have had its effect: a call that must not happen twice has
 * to be looked up, not repeated.
 */
export class WecomUnavailable extends Error {
  override readonly name = 'WecomUnavailable'
  readonly reason: UnavailableReason
  readonly outcome: 'not-sent' | 'unknown'
  /** The endpoint, without its query. */
  readonly path: string

  constructor({ reason, outcome, path, detail }: Unavailability) {
    // The cause is left out on purpose: errors of the transport may hold the address, and with it the token.
    super(`WeCom unavailable for ${path}: ${reason}${detail ? ` (${redactUrl(detail)})` : ''}`)
    this.reason = reason
    this.outcome = outcome
    this.path = path
  }
}

export interface Unavailability {
  reason: UnavailableReason
  outcome: 'not-sent' | 'unknown'
  path: string
  /** An error code, status or field name; never a value. */
  detail?: string | undefined
}

/** Cuts the hint, our IP address and the link that WeCom appends. */
export const trimErrmsg = (errmsg: string): string =>
  redactUrl((errmsg.split(/,?\s*(?:hint:|from ip:|more info at)/i)[0] ?? '').trim()).slice(0, 200)
