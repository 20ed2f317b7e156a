/**
 * Ways in which HTTP itself goes wrong. Before the work: `status5xx`, `redirect`, `close`, `reset`, `hang`.
 * After it: `answerLost` cuts the line instead of answering, `cutBody` in the middle of the answer, `drip` sends a byte
 * a second, and the others spoil the body (`brokenBody` is JSON cut in half). `afterWork` says otherwise where it matters.
 */
export type HttpFault =
  | 'status500'
  | 'status502'
  | 'status503'
  | 'status504'
  | 'redirect'
  | 'close'
  | 'reset'
  | 'hang'
  | 'answerLost'
  | 'cutBody'
  | 'drip'
  | 'brokenBody'
  | 'html'
  | 'emptyBody'
  | 'wrongTypes'
  | 'errcodeText'
  | 'noErrcode'
  | 'hugeBody'

/** What a fault does; exactly one of them. */
export interface FaultKind {
  /** The call answers this code, -1 and 45009 among them. */
  errcode?: number
  httpFault?: HttpFault
  /** Fixed, or a spread `[min, max]`; on top of the latencies of the settings. */
  latencyMs?: number | [minMs: number, maxMs: number]
  /** Ends all tokens just before the call is checked: `expire` gives 42001, `revoke` 40014. */
  tokens?: 'expire' | 'revoke'
  /** Calls allowed for each matching path; a full minute blocks it 60 s, a full hour 60 min (45009), by the emulator's clock. */
  quota?: { perMinute?: number; perHour?: number }
  /** Calls of one path allowed at the same time (45033). */
  concurrent?: number
  /** The `Date` header of answers is this much off. */
  dateOffsetSec?: number
  /**
   * Relations that people add or remove show in `externalcontact/list` and `batch/get_by_user` only after this time,
   * while their events go out at once and `externalcontact/get` tells the truth. `path` is one of the two or `*`.
   */
  listLagMs?: number
  /** The other way round: events start this much after the change. `path` is `*`. */
  eventLagMs?: number
}

/** An order to spoil calls of a path. The oldest fault that hits a call decides its outcome; the other kinds add up. */
export interface FaultInput extends FaultKind {
  /** To clear it by; made when it is missing. */
  id?: string
  /** `externalcontact/get`, `/cgi-bin/externalcontact/get`, or `*` for every path. */
  path: string
  /**
   * Calls (for lags: changes) to spoil, then the fault is gone; null = until cleared. Default 1 for `errcode`,
   * `httpFault`, `latencyMs` and `tokens`, null for the standing kinds.
   */
  count?: number | null
  /** Share of the calls that are spoilt, 0 to 1; default 1. */
  probability?: number
  /** Own random numbers: the same seed hits the same calls in their order. */
  seed?: number
  /** Matching calls that pass first; default 0. */
  skip?: number
  /** Calls in a row that one hit spoils; default 1. */
  burst?: number
  /** For `errcode` and `httpFault`: whether the work is done all the same. */
  afterWork?: boolean
}

/** A fault that is still active. */
export interface FaultView extends FaultInput {
  id: string
  count: number | null
  probability: number
  seed: number
  skip: number
  burst: number
  /** Calls spoilt so far. */
  hits: number
}
