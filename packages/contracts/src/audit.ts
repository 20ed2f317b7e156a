import { Type, type Static } from 'typebox'

import { Moment } from './ids.ts'
import { NextPage, pageFields } from './paging.ts'

const filterFields = {
  /** Who did it: a userid. */
  actor: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  /** What was done, `feature.verb`, or all of a feature: `feature.` */
  action: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^[a-z-]+\\.[a-z-]*$' })),
  /** What it was done to: an id. */
  target: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  from: Type.Optional(Moment),
  to: Type.Optional(Moment),
}
export const AuditFilter = Type.Object(filterFields, { additionalProperties: false })
export type AuditFilter = Static<typeof AuditFilter>
export const AuditQuery = Type.Object({ ...filterFields, ...pageFields }, { additionalProperties: false })
export type AuditQuery = Static<typeof AuditQuery>

export const AuditRowView = Type.Object({
  /** Place in the chain. */
  seq: Type.Integer(),
  at: Moment,
  actor: Type.Object({ userId: Type.String(), name: Type.String() }),
  action: Type.String(),
  target: Type.String(),
  details: Type.Record(Type.String(), Type.Unknown()),
  /** JSON text of what stood there before and after; null where there is nothing to show. */
  before: Type.Union([Type.String(), Type.Null()]),
  after: Type.Union([Type.String(), Type.Null()]),
  ip: Type.String(),
  requestId: Type.String(),
})
export type AuditRowView = Static<typeof AuditRowView>
export const AuditPage = Type.Object({ rows: Type.Array(AuditRowView), next: NextPage })
export type AuditPage = Static<typeof AuditPage>

/** What walking the chain from its beginning found. */
export const AuditVerdict = Type.Object({
  rows: Type.Integer(),
  isWhole: Type.Boolean(),
  /** The first place where it is not as it was written; null when it is whole. */
  brokenAt: Type.Union([Type.Integer(), Type.Null()]),
  /** Hash of the last row: kept elsewhere, it shows later that nothing before it was changed. */
  headHash: Type.String(),
})
export type AuditVerdict = Static<typeof AuditVerdict>
