import { Type, type Static } from 'typebox'

import { Moment } from './ids.ts'

const TimeOfDay = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })

/** The corp's pace: messages from the panel to one customer by all guides together, and hours of rest in Beijing time. */
export const ContactRules = Type.Object(
  {
    perDay: Type.Integer({ minimum: 1, maximum: 1000 }),
    perMonth: Type.Integer({ minimum: 1, maximum: 10_000 }),
    quietFrom: TimeOfDay,
    quietTo: TimeOfDay,
  },
  { additionalProperties: false },
)
export type ContactRules = Static<typeof ContactRules>

/** What a guide should know before the next message to this customer. */
export const ContactMeter = Type.Object({
  today: Type.Object({ byMe: Type.Integer(), byCorp: Type.Integer(), left: Type.Integer() }),
  month: Type.Object({ byMe: Type.Integer(), byCorp: Type.Integer(), left: Type.Integer() }),
  quietNow: Type.Boolean(),
  /** When the quiet hours end; null outside of them. */
  quietUntil: Type.Union([Moment, Type.Null()]),
  doNotDisturb: Type.Boolean(),
})
export type ContactMeter = Static<typeof ContactMeter>

/** Why a message had better wait; it is made ready all the same. */
export const ContactWarning = Type.Union([
  Type.Literal('DAILY_CAP_REACHED'),
  Type.Literal('MONTHLY_CAP_REACHED'),
  Type.Literal('QUIET_HOURS'),
  Type.Literal('DO_NOT_DISTURB_OVERRIDDEN'),
])
export type ContactWarning = Static<typeof ContactWarning>
