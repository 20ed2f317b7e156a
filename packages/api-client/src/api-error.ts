import type { ErrorCode } from '@guidebar/contracts'

/** Codes of the server, and three of our own: no network, no answer in time, an answer that is not ours. */
export type ApiErrorCode = ErrorCode | 'OFFLINE' | 'TIMEOUT' | 'BAD_ANSWER'

type Facts = {
  code: ApiErrorCode
  /** HTTP status; 0 when there was no answer. */
  status: number
  requestId?: string
  /** WeCom's own code when WeCom refused. */
  errcode?: number
  /** The doctor's check that explains it. */
  check?: string
  retryAfterSec?: number
  /** JSON pointer to the wrong part of the request. */
  at?: string
  cause?: unknown
}

// The same as `retry` in the contracts' table (a test holds them together), so that no schema library is loaded for it.
const retryable: readonly ApiErrorCode[] = [
  'IDEMPOTENCY_IN_PROGRESS',
  'RATE_LIMITED',
  'WECOM_BUSY',
  'WECOM_UNAVAILABLE',
  'STORAGE_UNAVAILABLE',
  'OVERLOADED',
  'OFFLINE',
  'TIMEOUT',
]

/** How every failed call arrives. `message` is for engineers; screens choose their words by `code`. */
export class ApiError extends Error {
  declare readonly code: ApiErrorCode
  declare readonly status: number
  declare readonly requestId: string | null
  declare readonly errcode: number | null
  declare readonly check: string | null
  declare readonly retryAfterSec: number | null
  declare readonly at: string | null

  constructor(message: string, { code, status, requestId, errcode, check, retryAfterSec, at, cause }: Facts) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.status = status
    this.requestId = requestId ?? null
    this.errcode = errcode ?? null
    this.check = check ?? null
    this.retryAfterSec = retryAfterSec ?? null
    this.at = at ?? null
    if (cause !== undefined) Object.assign(this, { cause })
  }

  /** Whether the same request may simply be tried again. */
  get retry(): boolean {
    return retryable.includes(this.code)
  }
}
