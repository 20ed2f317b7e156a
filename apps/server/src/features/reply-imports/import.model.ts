import type { ImportMapping, ImportState, ImportVerdict, SaveQuickReply } from '@guidebar/contracts'
import { Schema, type Connection, type Types } from 'mongoose'

import type { RowFault } from './import.faults.ts'

/** One file of replies on its way in. */
export type ReplyImport = {
  _id: Types.ObjectId
  corpId: string
  byUserId: string
  fileName: string
  state: ImportState
  /** The same headings were mapped so before. */
  signature: string
  headings: string[]
  mapping: ImportMapping
  storeId: string
  rows: number
  counts: Record<ImportVerdict, number>
  faults: { code: string; rows: number }[]
  /** Whether rows wait for a second person instead of being published. */
  forReview: boolean
  startedAt: Date | null
  endedAt: Date | null
  createdAt: Date
}

export type RowOutcome = 'created' | 'updated' | 'review' | 'left' | 'undone'
export type ImportRow = {
  /** `importId/row` with leading zeros. */
  _id: string
  corpId: string
  importId: string
  /** As a spreadsheet counts: the heading is row 1. */
  row: number
  cells: string[]
  verdict: ImportVerdict
  faults: RowFault[]
  /** What it would become; null when it is bad. */
  content: SaveQuickReply | null
  expiresOn: string | null
  storeId: string
  /** The reply it changes, or the id it gets: fixed before anything is written, so that a repeat finds its own. */
  itemId: Types.ObjectId | null
  outcome: RowOutcome | null
}

const importSchema = new Schema<ReplyImport>(
  {
    corpId: { type: String, required: true },
    byUserId: { type: String, required: true },
    fileName: { type: String, required: true },
    state: { type: String, required: true },
    signature: { type: String, required: true },
    headings: { type: [String], required: true },
    mapping: { type: Schema.Types.Mixed, required: true },
    storeId: { type: String, default: '' },
    rows: { type: Number, required: true },
    counts: { type: Schema.Types.Mixed, required: true },
    faults: { type: Schema.Types.Mixed, default: [] },
    forReview: { type: Boolean, default: false },
    startedAt: { type: Date, default: null },
    endedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'replyImports' },
)
// list: a corp's imports, the newest first; findMapping: how the same headings were mapped.
importSchema.index({ corpId: 1, createdAt: -1 })
importSchema.index({ corpId: 1, signature: 1, createdAt: -1 })

const rowSchema = new Schema<ImportRow>(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    importId: { type: String, required: true },
    row: { type: Number, required: true },
    cells: { type: [String], required: true },
    verdict: { type: String, required: true },
    faults: { type: Schema.Types.Mixed, default: [] },
    content: { type: Schema.Types.Mixed, default: null },
    expiresOn: { type: String, default: null },
    storeId: { type: String, default: '' },
    itemId: { type: Schema.Types.ObjectId, default: null },
    outcome: { type: String, default: null },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'replyImportRows' },
)
// page and next: rows of an import by verdict in the order of the file; those not done yet.
rowSchema.index({ importId: 1, verdict: 1, row: 1 })
rowSchema.index({ importId: 1, outcome: 1, row: 1 })

export const importModel = (db: Connection) => db.model('ReplyImport', importSchema)
export const importRowModel = (db: Connection) => db.model('ReplyImportRow', rowSchema)
