import { Type, type Static } from 'typebox'

import { Moment } from './ids.ts'

const MaybeMoment = Type.Union([Moment, Type.Null()])

/** A time in which events may have been lost. */
export const CallbackGap = Type.Object({
  startAt: Moment,
  endAt: Moment,
  /** `silence`: no server was there to take events · `not-kept`: they came, and the database could not keep them. */
  cause: Type.Union([Type.Literal('silence'), Type.Literal('not-kept')]),
  /** When a comparison with all that WeCom holds was asked for; null = not yet. */
  reconcileAskedAt: MaybeMoment,
})
export type CallbackGap = Static<typeof CallbackGap>

/** How WeCom's events come in and are handled, for the admin panel. */
export const CallbackOverview = Type.Object({
  /** When WeCom first proved that it reaches us; null = never. */
  verifiedAt: MaybeMoment,
  /** Until then the check of the address is answered again; null = not armed. An unproven address always answers. */
  armedUntil: MaybeMoment,
  /** When the last event came. */
  lastAt: MaybeMoment,
  waiting: Type.Integer(),
  /** Age of the event that waits longest; null when none waits. */
  oldestWaitingSec: Type.Union([Type.Integer(), Type.Null()]),
  dead: Type.Integer(),
  /** `late`: the oldest waits for more than a minute · `clock`: more than 1 % of the packets have a time far from ours. */
  alarms: Type.Array(Type.Union([Type.Literal('late'), Type.Literal('clock')])),
  /** From receipt until handled, of the last events of the answering process. */
  lag: Type.Object({ count: Type.Integer(), p50Ms: Type.Integer(), p99Ms: Type.Integer() }),
  /** Events that are kept, and that nothing is done about. */
  unknown: Type.Array(Type.Object({ name: Type.String(), count: Type.Integer() })),
  /** Packets that were not accepted, by the answering process since it began. */
  refusals: Type.Array(Type.Object({ reason: Type.String(), count: Type.Integer() })),
  /** Welcomes of the last day. */
  welcomes: Type.Array(
    Type.Object({
      state: Type.Union([
        Type.Literal('sent'),
        Type.Literal('refused'),
        Type.Literal('unknown'),
        Type.Literal('too-late'),
      ]),
      count: Type.Integer(),
    }),
  ),
  /** The newest first, at most 20. */
  gaps: Type.Array(CallbackGap),
})
export type CallbackOverview = Static<typeof CallbackOverview>

/** 64 hexadecimal digits: SHA-256 over corp and decrypted packet. */
export const CallbackEventId = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** An event that was given up. What it says is left out: ids and the cause are enough to decide about a retry. */
export const CallbackDeadLetter = Type.Object({
  id: CallbackEventId,
  /** `Event.ChangeType` as WeCom wrote it. */
  name: Type.String(),
  /** Whom or what it is about, e.g. `customer/wm…`. */
  subject: Type.String(),
  happenedAt: Moment,
  receivedAt: Moment,
  attempts: Type.Integer(),
  /** Our error code of the last try, and WeCom's own where WeCom refused. */
  cause: Type.Union([Type.String(), Type.Null()]),
  errcode: Type.Union([Type.Integer(), Type.Null()]),
})
export type CallbackDeadLetter = Static<typeof CallbackDeadLetter>

export const CallbackDeadLetters = Type.Object({
  letters: Type.Array(CallbackDeadLetter),
  /** Put it into `after` for the next page; null = this was the last. */
  next: Type.Union([Type.String(), Type.Null()]),
})
export type CallbackDeadLetters = Static<typeof CallbackDeadLetters>

export const CallbackDeadLetterPage = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
    after: Type.Optional(Type.String({ pattern: '^\\d{1,15}\\.[0-9a-f]{64}$' })),
  },
  { additionalProperties: false },
)
export type CallbackDeadLetterPage = Static<typeof CallbackDeadLetterPage>

export const CallbackArmed = Type.Object({ armedUntil: Moment })
export type CallbackArmed = Static<typeof CallbackArmed>
