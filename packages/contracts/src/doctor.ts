import { Type, type Static } from 'typebox'

import { Moment } from './ids.ts'

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()])

/** Languages that the words of the server come in. */
export const Locale = Type.Union([Type.Literal('zh-CN'), Type.Literal('zh-TW'), Type.Literal('en')])
export type Locale = Static<typeof Locale>

/** Fixed for ever: scripts, documents and the panel's error screens name them. In the order of the set-up. */
export const checkIds = [
  'settings',
  'mongodb',
  'public-url',
  'tls',
  'clock',
  'corp-settings',
  'gettoken',
  'agent',
  'token',
  'callback-settings',
  'callback-loop',
  'callback-arrival',
  'verify-file',
  'domain-owner',
  'trusted-domain',
  'trusted-ip',
  'sign-in-codes',
  'customer-contact',
  'visible-range',
  'member-fields',
  'ticket-corp',
  'ticket-agent',
  'mini-program',
  'first-sync',
  'api-limits',
  'welcome',
  'relations-refused',
  'union-id',
  'chat-toolbar',
  'js-signature',
  'js-sdk',
] as const
export const CheckId = Type.Enum([...checkIds])
export type CheckId = (typeof checkIds)[number]

/** `skip`: could not be looked at, because something before it failed or is not there. */
export const CheckStatus = Type.Union([
  Type.Literal('ok'),
  Type.Literal('warn'),
  Type.Literal('fail'),
  Type.Literal('skip'),
])
export type CheckStatus = Static<typeof CheckStatus>

/** What one look found, in words of the asked language. Holds no secret and no name of a person. */
export const CheckReport = Type.Object({
  id: CheckId,
  status: CheckStatus,
  /** Which of the check's findings it is; fixed as the id is. */
  finding: Type.String(),
  title: Type.String(),
  cause: Type.String(),
  /** The next step; null where there is nothing to do. */
  fix: orNull(Type.String()),
  /** Where to do it, or where it is explained: https. */
  link: orNull(Type.String()),
  /** WeCom's code, where it gave one. */
  errcode: orNull(Type.Integer()),
  checkedAt: Moment,
})
export type CheckReport = Static<typeof CheckReport>

/** All checks in their order; fit to be sent to support as it is. */
export const DoctorReport = Type.Object({ at: Moment, checks: Type.Array(CheckReport) })
export type DoctorReport = Static<typeof DoctorReport>

export const DoctorQuery = Type.Object(
  {
    lang: Type.Optional(Locale),
    /** Only these, separated by commas; what they need is looked at all the same. */
    ids: Type.Optional(Type.String({ maxLength: 400, pattern: '^[a-z-]+(,[a-z-]+)*$' })),
  },
  { additionalProperties: false },
)
export type DoctorQuery = Static<typeof DoctorQuery>

/** The check that explains a refusal of WeCom's; null when none does. */
export function checkOfErrcode(errcode: number): CheckId | null {
  return checksByErrcode[errcode] ?? null
}

const checksByErrcode: Record<number, CheckId> = {
  40001: 'gettoken',
  40013: 'gettoken',
  40091: 'gettoken',
  41002: 'gettoken',
  41004: 'gettoken',
  40056: 'agent',
  50003: 'agent',
  301002: 'agent',
  40014: 'token',
  41001: 'token',
  42001: 'token',
  60020: 'trusted-ip',
  50001: 'trusted-domain',
  85005: 'verify-file',
  40029: 'sign-in-codes',
  48002: 'customer-contact',
  84074: 'customer-contact',
  60011: 'visible-range',
  60030: 'visible-range',
  60111: 'visible-range',
  81013: 'visible-range',
  48009: 'member-fields',
  90206: 'mini-program',
  45009: 'api-limits',
  45033: 'api-limits',
  41050: 'welcome',
  41051: 'welcome',
  41096: 'welcome',
  40096: 'relations-refused',
  84061: 'relations-refused',
  84084: 'relations-refused',
  40093: 'js-signature',
}
