import { type ErrorCode, errorCodes } from '@guidebar/contracts'

/** A failure with a code of ours. It knows its status, so the one error handler needs no ladder of types. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly status: number
  /** JSON pointer to the part of the request that is wrong. */
  readonly at?: string
  /** WeCom's own code, when WeCom refused. */
  readonly errcode?: number
  readonly retryAfterSec?: number

  /** @param message for engineers and logs: ids and codes only, never names, remarks, phone numbers or tokens */
  constructor(
    code: ErrorCode,
    message: string,
    details: { cause?: unknown; at?: string; errcode?: number; retryAfterSec?: number } = {},
  ) {
    super(message, { cause: details.cause })
    this.name = 'AppError'
    this.code = code
    this.status = errorCodes[code].status
    this.at = details.at
    this.errcode = details.errcode
    this.retryAfterSec = details.retryAfterSec
  }
}
