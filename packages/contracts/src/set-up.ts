import { Type, type Static } from 'typebox'

import { CheckReport } from './doctor.ts'
import { Moment } from './ids.ts'

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()])
export const corpFieldNames = ['corpId', 'agentId', 'secret', 'callbackToken', 'callbackAesKey', 'verifyFile'] as const
export type CorpFieldName = (typeof corpFieldNames)[number]

/** One setting of the corp as an admin may see it: never the value of a secret. */
export const CorpFieldView = Type.Object({
  isSet: Type.Boolean(),
  /** Who says so; null when nobody does. The environment wins. */
  source: orNull(Type.Enum(['environment', 'panel'])),
  /** It was entered, but sealed with a key that this server does not have. */
  isUnreadable: Type.Boolean(),
  /** Only of what is no secret: corp id, agent id, name of the verify file. */
  value: orNull(Type.String()),
  lastFour: orNull(Type.String()),
  setAt: orNull(Moment),
})
export type CorpFieldView = Static<typeof CorpFieldView>

/** Steps of the set-up in their order. */
export const setUpSteps = [
  'start',
  'address',
  'credentials',
  'callback',
  'domain',
  'trusted-ip',
  'customer-contact',
  'visible-range',
  'toolbar',
  'mini-program',
  'first-sync',
  'first-chat',
] as const
export const SetUpStepId = Type.Enum([...setUpSteps])
export type SetUpStepId = (typeof setUpSteps)[number]

/** What only a person can know about the domain and the corp; null = not said yet. */
export const SetUpAnswers = Type.Object({
  ownDomain: orNull(Type.Boolean()),
  verifiedCorp: orNull(Type.Boolean()),
})
export type SetUpAnswers = Static<typeof SetUpAnswers>

export const SetUpView = Type.Object({
  fields: Type.Object({
    corpId: CorpFieldView,
    agentId: CorpFieldView,
    secret: CorpFieldView,
    callbackToken: CorpFieldView,
    callbackAesKey: CorpFieldView,
    verifyFile: CorpFieldView,
  }),
  /** false: this server has no key to seal settings with, so they have to come from the environment. */
  canKeep: Type.Boolean(),
  publicUrl: Type.String(),
  /** What goes into WeCom's console. */
  trustedDomain: Type.String(),
  callbackUrl: orNull(Type.String()),
  toolbarUrl: Type.String(),
  homeUrl: Type.String(),
  answers: SetUpAnswers,
  /** Steps that were left out on purpose. */
  skipped: Type.Array(SetUpStepId),
  /** Where to go on. */
  step: SetUpStepId,
  finishedAt: orNull(Moment),
})
export type SetUpView = Static<typeof SetUpView>

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })

export const SaveCredentials = Type.Object(
  {
    corpId: Type.Optional(Text(64)),
    agentId: Type.Optional(Text(12)),
    /** Left out: the one that is kept stays. */
    secret: Type.Optional(Text(256)),
  },
  { additionalProperties: false },
)
export type SaveCredentials = Static<typeof SaveCredentials>

/** What WeCom says to settings before they are kept. Refused ones are not kept. */
export const CredentialsSaved = Type.Object({ isKept: Type.Boolean(), checks: Type.Array(CheckReport) })
export type CredentialsSaved = Static<typeof CredentialsSaved>

export const SaveCallback = Type.Object(
  { token: Text(32), aesKey: Type.String({ minLength: 43, maxLength: 43 }) },
  { additionalProperties: false },
)
export type SaveCallback = Static<typeof SaveCallback>

/** Made here, kept, and shown this once, to be copied into WeCom's console. */
export const MadeCallback = Type.Object({ token: Type.String(), aesKey: Type.String() })
export type MadeCallback = Static<typeof MadeCallback>

export const SaveVerifyFile = Type.Object({ name: Text(100), content: Text(256) }, { additionalProperties: false })
export type SaveVerifyFile = Static<typeof SaveVerifyFile>

/** Where the set-up stands; what is left out stays. */
export const SaveSetUpProgress = Type.Object(
  {
    step: Type.Optional(SetUpStepId),
    skip: Type.Optional(SetUpStepId),
    answers: Type.Optional(Type.Partial(SetUpAnswers, { additionalProperties: false })),
    isFinished: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type SaveSetUpProgress = Static<typeof SaveSetUpProgress>

/** A notice with a mini program, sent to the admin who asks: WeCom says at once whether it is linked. */
export const TestMiniProgram = Type.Object(
  { appId: Type.String({ pattern: '^wx[0-9a-f]{16}$' }) },
  { additionalProperties: false },
)
export type TestMiniProgram = Static<typeof TestMiniProgram>

/** What the panel met in the chat window: how it was opened, and whether WeCom took its signature. */
export const ClientReport = Type.Object(
  {
    /** The page as the browser shows it, and as it was signed. */
    href: Text(512),
    signedUrl: orNull(Text(512)),
    sdkVersion: Text(40),
    /** From the user agent; null outside WeCom. */
    wecomVersion: orNull(Text(40)),
    platform: Text(40),
    /** `getContext`'s entry; null when it could not be had. */
    entry: orNull(Text(60)),
    /** What went wrong, as the SDK named it; null when the panel came up. */
    error: orNull(Type.Object({ stage: Text(40), message: Text(200), errcode: orNull(Type.Integer()) })),
  },
  { additionalProperties: false },
)
export type ClientReport = Static<typeof ClientReport>
