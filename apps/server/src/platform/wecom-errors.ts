import type { ErrorCode } from '@guidebar/contracts'
import { WecomError, WecomUnavailable } from '@guidebar/wecom'

import { AppError } from './errors.ts'

/** WeCom's codes that mean something particular here; every other refusal is `WECOM_REFUSED` with its errcode. */
const codeOfErrcode = new Map<number, ErrorCode>([
  ...each('WECOM_BUSY', [-1, 45009, 45033, 45035]),
  ...each('TAG_UNKNOWN', [40068]),
  ...each('RELATION_NOT_FOUND', [84061]),
  // Secret, app, range, rights, trusted IP or trusted domain: only an admin of the corp can change these.
  ...each(
    'WECOM_NOT_SET_UP',
    [
      40001, 40013, 40056, 40091, 41002, 41004, 43012, 48001, 48002, 48003, 48004, 48005, 48006, 48009, 50001, 50002,
      50003, 60011, 60020, 60021, 60030, 60031, 81013, 84074, 85005, 301002,
    ],
  ),
])

/**
 * What a failed call to WeCom is called here. Errors that are not WeCom's come back as they are, or as `INTERNAL`.
 * The cause is kept for the log; the message holds path and errcode, never what WeCom wrote.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof WecomError) {
    const code = codeOfErrcode.get(error.errcode) ?? 'WECOM_REFUSED'
    const retryAfterSec =
      code === 'WECOM_BUSY' ? Math.max(1, Math.ceil((error.retryAfterMs ?? 1_000) / 1_000)) : undefined
    return new AppError(code, `WeCom refused ${error.path} with ${error.errcode}`, {
      cause: error,
      errcode: error.errcode,
      retryAfterSec,
    })
  }
  if (error instanceof WecomUnavailable)
    return new AppError('WECOM_UNAVAILABLE', `WeCom gave no usable answer to ${error.path}: ${error.reason}`, {
      cause: error,
      retryAfterSec: 5,
    })
  return new AppError('INTERNAL', 'unexpected failure', { cause: error })
}

function each(code: ErrorCode, errcodes: number[]): [number, ErrorCode][] {
  return errcodes.map((errcode) => [errcode, code])
}
