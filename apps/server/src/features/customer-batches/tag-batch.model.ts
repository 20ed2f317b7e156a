import type { BatchPhase, CustomerSelection } from '@guidebar/contracts'
import { Schema, type Connection, type Types } from 'mongoose'

import type { Reach } from '../../platform/rights/scope.ts'

export type TagBatch = {
  _id: Types.ObjectId
  corpId: string
  /** The page's key for this one intent. */
  key: string
  kind: 'tag' | 'merge' | 'undo'
  createdBy: string
  /** What its author might see when it was begun; null is the whole corp. */
  reach: Reach
  selection: CustomerSelection | null
  segmentId: string | null
  /** Whose changes are taken back. */
  undoOf: string | null
  add: string[]
  remove: string[]
  /** Words for the change; the tags may be gone later. */
  addNames: string[]
  removeNames: string[]
  phase: BatchPhase
  /** How far collecting has come: the last key walked over. */
  cursor: string
  startedAt: Date
  taggingAt: Date | null
  finishedAt: Date | null
  failure: string | null
  undoneBy: string | null
  /** Which claim of its job wrote last. */
  jobFence?: { id: string; fence: number }
}

/** One relation of a batch, with what is to change on it: only what differs. */
export type TagBatchRow = {
  /** `batchId/externalUserId/userId`: relations of one customer lie together. */
  _id: string
  batchId: string
  corpId: string
  externalUserId: string
  userId: string
  add: string[]
  remove: string[]
  state: 'waiting' | 'changed' | 'same' | 'failed'
  code: string
}

const batchSchema = new Schema<TagBatch>(
  {
    corpId: { type: String, required: true },
    key: { type: String, required: true },
    kind: { type: String, required: true, enum: ['tag', 'merge', 'undo'] },
    createdBy: { type: String, required: true },
    reach: { type: Schema.Types.Mixed, default: null },
    selection: { type: Schema.Types.Mixed, default: null },
    segmentId: { type: String, default: null },
    undoOf: { type: String, default: null },
    add: { type: [String], required: true },
    remove: { type: [String], required: true },
    addNames: { type: [String], required: true },
    removeNames: { type: [String], required: true },
    phase: { type: String, required: true },
    cursor: { type: String, default: '' },
    startedAt: { type: Date, required: true },
    taggingAt: { type: Date, default: null },
    finishedAt: { type: Date, default: null },
    failure: { type: String, default: null },
    undoneBy: { type: String, default: null },
    jobFence: { type: Schema.Types.Mixed },
  },
  {
    strict: 'throw',
    strictQuery: 'throw',
    versionKey: false,
    suppressReservedKeysWarning: true,
    collection: 'tagBatches',
    minimize: false,
  },
)
// beginOnce: one batch for each intent of a page.
batchSchema.index({ corpId: 1, createdBy: 1, key: 1 }, { unique: true })
// list: newest first.
batchSchema.index({ corpId: 1, startedAt: -1, _id: -1 })
// uses: what a segment was used for.
batchSchema.index(
  { corpId: 1, segmentId: 1, startedAt: -1 },
  { partialFilterExpression: { segmentId: { $type: 'string' } } },
)

const rowSchema = new Schema<TagBatchRow>(
  {
    _id: { type: String, required: true },
    batchId: { type: String, required: true },
    corpId: { type: String, required: true },
    externalUserId: { type: String, required: true },
    userId: { type: String, required: true },
    add: { type: [String], required: true },
    remove: { type: [String], required: true },
    state: { type: String, required: true, enum: ['waiting', 'changed', 'same', 'failed'] },
    code: { type: String, default: '' },
  },
  {
    strict: 'throw',
    strictQuery: 'throw',
    versionKey: false,
    suppressReservedKeysWarning: true,
    collection: 'tagBatchRows',
  },
)
// nextWaiting, count, list by state; without a state the key itself is walked.
rowSchema.index({ batchId: 1, state: 1, _id: 1 })

export const tagBatchModel = (db: Connection) => db.model('TagBatch', batchSchema)
export const tagBatchRowModel = (db: Connection) => db.model('TagBatchRow', rowSchema)
