import { Type, type Static } from 'typebox'

import { CorpId, Moment } from './ids.ts'

const Count = Type.Integer({ minimum: 0 })

/** What our calls to WeCom are for. `token` serves everybody. */
export const CallPurposeName = Type.Union([
  Type.Literal('panel'),
  Type.Literal('sync'),
  Type.Literal('callback'),
  Type.Literal('reconcile'),
  Type.Literal('welcome'),
  Type.Literal('admin'),
  Type.Literal('token'),
  Type.Literal('other'),
])
export type CallPurposeName = Static<typeof CallPurposeName>

/** One WeCom API over all server processes; figures are of the last hour unless they say otherwise. */
export const ApiUsageView = Type.Object({
  /** Below `/cgi-bin/`. */
  path: Type.String(),
  /** Calls that were sent. */
  lastMinute: Count,
  lastHour: Count,
  /** What we allow ourselves of WeCom's quota, and what is left of it now. */
  perMinute: Count,
  perHour: Count,
  minuteLeft: Count,
  hourLeft: Count,
  /** WeCom said «too many calls»: nothing is sent before this moment. */
  closedUntil: Type.Union([Moment, Type.Null()]),
  errors: Type.Array(Type.Object({ errcode: Type.Integer(), count: Count })),
  /** Calls without a usable answer, by reason. */
  noAnswer: Type.Array(Type.Object({ reason: Type.String(), count: Count })),
  /** null without a single answer. `p50` and `p95` are upper bounds of a class. */
  latencyMs: Type.Union([
    Type.Object({ mean: Type.Number(), p50: Type.Number(), p95: Type.Number(), most: Type.Number() }),
    Type.Null(),
  ]),
  spent: Type.Array(
    Type.Object({
      lane: Type.Union([Type.Literal('interactive'), Type.Literal('background')]),
      purpose: CallPurposeName,
      count: Count,
    }),
  ),
  /** In the process that answers: calls in the queue, calls side by side now and at most, calls never sent. */
  here: Type.Object({ waiting: Count, running: Count, width: Count, heldBack: Count }),
})
export type ApiUsageView = Static<typeof ApiUsageView>

/** Set-up that only an admin of the corp can mend. */
export const ConfigurationFault = Type.Object({
  errcode: Type.Integer(),
  path: Type.String(),
  since: Moment,
  /** Nothing is tried any more until the secret is changed. */
  isStopped: Type.Boolean(),
})
export type ConfigurationFault = Static<typeof ConfigurationFault>

/** What WeCom's API has been used for, and how much of it is left. */
export const ApiBudget = Type.Object({
  corpId: CorpId,
  at: Moment,
  /** Server processes seen in the last half minute. */
  processes: Count,
  clock: Type.Object({
    /** What WeCom's clock shows more than this server's. */
    offsetMs: Type.Integer(),
    /** The difference is more than 30 seconds. */
    isOff: Type.Boolean(),
  }),
  configurationFault: Type.Union([ConfigurationFault, Type.Null()]),
  breakers: Type.Array(
    Type.Object({
      family: Type.String(),
      state: Type.Union([Type.Literal('closed'), Type.Literal('open'), Type.Literal('half-open')]),
    }),
  ),
  apis: Type.Array(ApiUsageView),
  /** The last hour, oldest first; minutes without a call are left out. */
  minutes: Type.Array(Type.Object({ at: Moment, calls: Count, errors: Count })),
})
export type ApiBudget = Static<typeof ApiBudget>
