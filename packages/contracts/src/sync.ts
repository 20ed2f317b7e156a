import { Type, type Static } from 'typebox'

import { ExternalUserId, Moment, UserId } from './ids.ts'

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()])

export const SyncPhase = Type.Union([
  Type.Literal('idle'),
  Type.Literal('directory'),
  Type.Literal('followers'),
  Type.Literal('relations'),
  Type.Literal('tags'),
  Type.Literal('done'),
  Type.Literal('failed'),
])
export type SyncPhase = Static<typeof SyncPhase>

/** `full`: everything · `slice`: the guides whose customers were read longest ago · `dry`: compares and changes nothing. */
export const SyncKind = Type.Union([Type.Literal('full'), Type.Literal('slice'), Type.Literal('dry')])
export type SyncKind = Static<typeof SyncKind>

/** Relations, counted while they are read; of a dry run, what would be done. */
export const SyncChanges = Type.Object({
  read: Type.Integer(),
  added: Type.Integer(),
  changed: Type.Integer(),
  restored: Type.Integer(),
  /** Stored as current, and not listed by WeCom. A real run proves each before it ends it. */
  missing: Type.Integer(),
})
export type SyncChanges = Static<typeof SyncChanges>

export const SyncProgress = Type.Object({
  /** null when there was none yet. */
  kind: orNull(SyncKind),
  phase: SyncPhase,
  done: Type.Integer(),
  /** null as long as the total is not known. */
  total: orNull(Type.Integer()),
  perSec: Type.Number(),
  etaSec: orNull(Type.Integer()),
  startedAt: orNull(Moment),
  finishedAt: orNull(Moment),
  error: orNull(Type.String()),
  changes: SyncChanges,
})
export type SyncProgress = Static<typeof SyncProgress>

export const RequestSync = Type.Object({ dryRun: Type.Optional(Type.Boolean()) }, { additionalProperties: false })
export type RequestSync = Static<typeof RequestSync>

/** A guide and how old our knowledge of the customers is. */
export const SyncGuide = Type.Object({
  userId: UserId,
  name: Type.String(),
  storeName: Type.String(),
  relations: Type.Integer(),
  /** Since when all customers are as WeCom listed them; null when they were never read as a whole. */
  readAt: orNull(Moment),
  /** When at least the ids were compared. */
  idsReadAt: orNull(Moment),
  ageSec: orNull(Type.Integer()),
})
export type SyncGuide = Static<typeof SyncGuide>

/** The longest unread first. */
export const SyncGuides = Type.Object({ guides: Type.Array(SyncGuide), next: orNull(Type.String()) })
export type SyncGuides = Static<typeof SyncGuides>

export const SyncPageQuery = Type.Object(
  {
    after: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
)
export type SyncPageQuery = Static<typeof SyncPageQuery>

/**
 * Why a guide's customers were left as they are. `shrunk`: far fewer than before · `partial`: WeCom's two lists differ
 * by far · `failed`: WeCom refused the list · `left_range`: WeCom does not show this guide's customers any more.
 */
export const SyncReportCause = Type.Union([
  Type.Literal('shrunk'),
  Type.Literal('partial'),
  Type.Literal('failed'),
  Type.Literal('left_range'),
])
export type SyncReportCause = Static<typeof SyncReportCause>

/** `open`: waits for an admin · `confirmed`: is being done · `done` · `rejected`: stays as it is until the list changes. */
export const SyncReportState = Type.Union([
  Type.Literal('open'),
  Type.Literal('confirmed'),
  Type.Literal('done'),
  Type.Literal('rejected'),
])
export type SyncReportState = Static<typeof SyncReportState>

/** The difference between what we keep of one guide and what WeCom lists. */
export const SyncGuideReport = Type.Object({
  userId: UserId,
  name: Type.String(),
  cause: SyncReportCause,
  state: SyncReportState,
  /** Current relations stored here. */
  stored: Type.Integer(),
  /** Customers in WeCom's list; null when there was none. */
  listed: orNull(Type.Integer()),
  missing: Type.Integer(),
  /** Some of the missing ones. */
  sample: Type.Array(ExternalUserId),
  /** WeCom's code when it refused the list. */
  errcode: orNull(Type.Integer()),
  seenAt: Moment,
  decidedAt: orNull(Moment),
  decidedBy: orNull(UserId),
  /** Relations ended after an admin confirmed. */
  ended: orNull(Type.Integer()),
})
export type SyncGuideReport = Static<typeof SyncGuideReport>

/** What the last dry run found. */
export const DryRunReport = Type.Object({
  startedAt: Moment,
  finishedAt: orNull(Moment),
  changes: SyncChanges,
  directory: Type.Object({ added: Type.Integer(), changed: Type.Integer(), missing: Type.Integer() }),
  tagsDiffer: Type.Boolean(),
  /** Some relations of each kind. */
  sample: Type.Array(
    Type.Object({
      kind: Type.Union([Type.Literal('added'), Type.Literal('changed'), Type.Literal('restored')]),
      userId: UserId,
      externalUserId: ExternalUserId,
    }),
  ),
  /** Guides of whom so much is missing that a real run would ask an admin first. */
  suspicious: Type.Array(Type.Object({ userId: UserId, stored: Type.Integer(), missing: Type.Integer() })),
})
export type DryRunReport = Static<typeof DryRunReport>

export const SyncReport = Type.Object({
  dryRun: orNull(DryRunReport),
  /** Those that wait for an admin first. */
  guides: Type.Array(SyncGuideReport),
  next: orNull(Type.String()),
})
export type SyncReport = Static<typeof SyncReport>

export const SyncReportParams = Type.Object({ userId: UserId }, { additionalProperties: false })
