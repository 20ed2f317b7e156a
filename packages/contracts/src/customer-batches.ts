import { Type, type Static } from 'typebox'

import { ExternalUserId, IdempotencyKey, Moment, ObjectIdText, TagId, UserId } from './ids.ts'
import { CustomerFilter } from './customers.ts'
import { NextPage, pageFields } from './paging.ts'
import { SegmentDefinition } from './segments.ts'

const closed = { additionalProperties: false }

/** Whom it is about: customers by id, or everybody who fits. */
export const CustomerSelection = Type.Union([
  Type.Object(
    { externalUserIds: Type.Array(ExternalUserId, { minItems: 1, maxItems: 500, uniqueItems: true }) },
    closed,
  ),
  Type.Object({ filter: CustomerFilter }, closed),
  Type.Object({ definition: SegmentDefinition }, closed),
])
export type CustomerSelection = Static<typeof CustomerSelection>

/** Tags to put on and take off; both on every relation that the caller may see. */
const change = {
  add: Type.Array(TagId, { maxItems: 20, uniqueItems: true }),
  remove: Type.Array(TagId, { maxItems: 20, uniqueItems: true }),
}
export const StartTagBatch = Type.Object({ key: IdempotencyKey, selection: CustomerSelection, ...change }, closed)
export type StartTagBatch = Static<typeof StartTagBatch>

/** Every tag on `from` becomes `into`, and `from` is deleted. */
export const MergeTags = Type.Object({ key: IdempotencyKey, fromTagId: TagId, intoTagId: TagId }, closed)
export type MergeTags = Static<typeof MergeTags>

export const BatchParams = Type.Object({ batchId: ObjectIdText }, closed)
export const TagBatchKind = Type.Enum(['tag', 'merge', 'undo'])
/** collecting: whom it is about is being written down · stopped: by a person · failed: as a whole, see `failure`. */
export const BatchPhase = Type.Enum(['collecting', 'tagging', 'finishing', 'done', 'stopped', 'failed'])
export type BatchPhase = Static<typeof BatchPhase>

export const TagBatchView = Type.Object({
  batchId: ObjectIdText,
  kind: TagBatchKind,
  phase: BatchPhase,
  byName: Type.String(),
  startedAt: Moment,
  finishedAt: Type.Union([Moment, Type.Null()]),
  /** Words for the change, also for tags that are gone by now. */
  addNames: Type.Array(Type.String()),
  removeNames: Type.Array(Type.String()),
  /** Relations; known from `tagging` on. */
  total: Type.Integer(),
  changed: Type.Integer(),
  /** Already as wanted: WeCom was not asked. */
  same: Type.Integer(),
  failed: Type.Integer(),
  /** By the pace so far; null when there is none yet, or nothing left. */
  etaSec: Type.Union([Type.Integer(), Type.Null()]),
  /** One of our error codes. */
  failure: Type.Union([Type.String(), Type.Null()]),
  mayUndo: Type.Boolean(),
})
export type TagBatchView = Static<typeof TagBatchView>
export const TagBatchPage = Type.Object({ batches: Type.Array(TagBatchView), next: NextPage })
export type TagBatchPage = Static<typeof TagBatchPage>

export const BatchRowState = Type.Enum(['waiting', 'changed', 'same', 'failed'])
export const TagBatchRow = Type.Object({
  externalUserId: ExternalUserId,
  customerName: Type.String(),
  userId: UserId,
  guideName: Type.String(),
  state: BatchRowState,
  /** One of our error codes; empty unless it failed. */
  code: Type.String(),
})
export type TagBatchRow = Static<typeof TagBatchRow>
export const BatchRowQuery = Type.Object({ state: Type.Optional(BatchRowState), ...pageFields }, closed)
export type BatchRowQuery = Static<typeof BatchRowQuery>
export const TagBatchRowPage = Type.Object({ rows: Type.Array(TagBatchRow), next: NextPage })
export type TagBatchRowPage = Static<typeof TagBatchRowPage>

/** What a batch would do, before it is begun. */
export const TagBatchForecast = Type.Object({
  customers: Type.Integer(),
  relations: Type.Integer(),
  isEstimate: Type.Boolean(),
})
export type TagBatchForecast = Static<typeof TagBatchForecast>

export const StartExport = Type.Object(
  { key: IdempotencyKey, selection: CustomerSelection, language: Type.Enum(['zh-CN', 'zh-TW', 'en']) },
  closed,
)
export type StartExport = Static<typeof StartExport>
export const ExportParams = Type.Object({ exportId: ObjectIdText }, closed)
export const CustomerExportView = Type.Object({
  exportId: ObjectIdText,
  phase: Type.Enum(['writing', 'done', 'failed', 'expired']),
  byName: Type.String(),
  startedAt: Moment,
  finishedAt: Type.Union([Moment, Type.Null()]),
  expiresAt: Moment,
  rows: Type.Integer(),
  bytes: Type.Integer(),
  failure: Type.Union([Type.String(), Type.Null()]),
})
export type CustomerExportView = Static<typeof CustomerExportView>
export const CustomerExportList = Type.Object({ exports: Type.Array(CustomerExportView) })
export type CustomerExportList = Static<typeof CustomerExportList>
