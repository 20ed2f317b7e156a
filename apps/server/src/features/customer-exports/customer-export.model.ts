import type { CustomerSelection } from '@guidebar/contracts'
import { Schema, type Connection, type Types } from 'mongoose'

import type { Reach } from '../../platform/rights/scope.ts'

export type CustomerExport = {
  _id: Types.ObjectId
  corpId: string
  key: string
  createdBy: string
  /** What its author might see when it was begun. */
  reach: Reach
  selection: CustomerSelection
  segmentId: string | null
  language: 'zh-CN' | 'zh-TW' | 'en'
  phase: 'writing' | 'done' | 'failed'
  /** The last customer written, and how many parts there are by then. */
  cursor: string
  parts: number
  rows: number
  bytes: number
  startedAt: Date
  finishedAt: Date | null
  expiresAt: Date
  failure: string | null
  jobFence?: { id: string; fence: number }
}

/** A piece of the file; goes with it. */
export type ExportPart = { _id: string; exportId: string; text: string }

const exportSchema = new Schema<CustomerExport>(
  {
    corpId: { type: String, required: true },
    key: { type: String, required: true },
    createdBy: { type: String, required: true },
    reach: { type: Schema.Types.Mixed, default: null },
    selection: { type: Schema.Types.Mixed, required: true },
    segmentId: { type: String, default: null },
    language: { type: String, required: true },
    phase: { type: String, required: true, enum: ['writing', 'done', 'failed'] },
    cursor: { type: String, default: '' },
    parts: { type: Number, required: true },
    rows: { type: Number, required: true },
    bytes: { type: Number, required: true },
    startedAt: { type: Date, required: true },
    finishedAt: { type: Date, default: null },
    expiresAt: { type: Date, required: true },
    failure: { type: String, default: null },
    jobFence: { type: Schema.Types.Mixed },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'customerExports', minimize: false },
)
// beginOnce: one export for each intent of a page.
exportSchema.index({ corpId: 1, createdBy: 1, key: 1 }, { unique: true })
// list: somebody's own, newest first.
exportSchema.index({ corpId: 1, createdBy: 1, startedAt: -1 })
// uses: what a segment was used for.
exportSchema.index(
  { corpId: 1, segmentId: 1, startedAt: -1 },
  { partialFilterExpression: { segmentId: { $type: 'string' } } },
)
// sweep: files that have expired.
exportSchema.index({ expiresAt: 1 }, { partialFilterExpression: { parts: { $gt: 0 } } })

const partSchema = new Schema<ExportPart>(
  {
    /** `exportId/number`, the number with leading zeros: in the order of the file. */
    _id: { type: String, required: true },
    exportId: { type: String, required: true },
    text: { type: String, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'customerExportParts' },
)

export const customerExportModel = (db: Connection) => db.model('CustomerExport', exportSchema)
export const exportPartModel = (db: Connection) => db.model('CustomerExportPart', partSchema)
