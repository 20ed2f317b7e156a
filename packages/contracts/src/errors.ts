import { Type, type Static } from 'typebox'

/**
 * Every code an answer of ours can carry: its HTTP status, and whether the same request may simply be tried again.
 * `docs/errors.md` lists the same codes with cause and next step; a test keeps the two alike.
 */
export const errorCodes = {
  BAD_REQUEST: { status: 400, retry: false },
  UNAUTHENTICATED: { status: 401, retry: false },
  FORBIDDEN: { status: 403, retry: false },
  CROSS_SITE_REQUEST: { status: 403, retry: false },
  REAUTH_REQUIRED: { status: 403, retry: false },
  VIEW_ONLY: { status: 403, retry: false },
  NOT_A_GUIDE: { status: 403, retry: false },
  NOT_FOUND: { status: 404, retry: false },
  RELATION_NOT_FOUND: { status: 404, retry: false },
  QUICK_REPLY_NOT_FOUND: { status: 404, retry: false },
  CARD_NOT_FOUND: { status: 404, retry: false },
  GROUP_NOT_FOUND: { status: 404, retry: false },
  SEND_NOT_FOUND: { status: 404, retry: false },
  CUSTOMER_NOT_FOUND: { status: 404, retry: false },
  SEGMENT_NOT_FOUND: { status: 404, retry: false },
  BATCH_NOT_FOUND: { status: 404, retry: false },
  EXPORT_NOT_FOUND: { status: 404, retry: false },
  METHOD_NOT_ALLOWED: { status: 405, retry: false },
  CONFLICT: { status: 409, retry: false },
  IDEMPOTENCY_IN_PROGRESS: { status: 409, retry: true },
  DATA_KEY_MISSING: { status: 409, retry: false },
  CUSTOMER_CHANGED: { status: 409, retry: false },
  PAYLOAD_TOO_LARGE: { status: 413, retry: false },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retry: false },
  IDEMPOTENCY_MISMATCH: { status: 422, retry: false },
  CARD_NOT_SENDABLE: { status: 422, retry: false },
  CONSENT_REQUIRED: { status: 422, retry: false },
  DO_NOT_DISTURB: { status: 422, retry: false },
  TEMPLATE_INVALID: { status: 422, retry: false },
  URL_NOT_OURS: { status: 422, retry: false },
  WECOM_REFUSED: { status: 422, retry: false },
  TAG_LIMIT: { status: 422, retry: false },
  TAG_STILL_USED: { status: 422, retry: false },
  TAG_UNKNOWN: { status: 422, retry: false },
  TAG_LIMIT_REACHED: { status: 422, retry: false },
  RATE_LIMITED: { status: 429, retry: true },
  INTERNAL: { status: 500, retry: false },
  WECOM_NOT_SET_UP: { status: 502, retry: false },
  WECOM_BUSY: { status: 503, retry: true },
  WECOM_UNAVAILABLE: { status: 503, retry: true },
  STORAGE_UNAVAILABLE: { status: 503, retry: true },
  OVERLOADED: { status: 503, retry: true },
} as const

export type ErrorCode = keyof typeof errorCodes

/** The one shape of a failed answer. `message` is for engineers; screens choose their words by `code`. */
export const ErrorBody = Type.Object({
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    requestId: Type.String(),
    /** Which part of the request is wrong, as a JSON pointer, when there is one. */
    at: Type.Optional(Type.String()),
    /** WeCom's own code when WeCom refused. */
    errcode: Type.Optional(Type.Integer()),
    /** The doctor's check that explains it. */
    check: Type.Optional(Type.String()),
    retryAfterSec: Type.Optional(Type.Integer()),
  }),
})
export type ErrorBody = Static<typeof ErrorBody>
