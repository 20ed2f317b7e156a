import type { SyncChanges, SyncKind } from '@guidebar/contracts'
import { Schema, type Connection, type Types } from 'mongoose'

export const syncSteps = ['directory', 'followers', 'relations', 'tags'] as const
export type SyncStep = (typeof syncSteps)[number]

/** What a dry run found beside the counts. */
export type DryFindings = {
  directory: { added: number; changed: number; missing: number }
  tagsDiffer: boolean
  sample: { kind: 'added' | 'changed' | 'restored'; userId: string; externalUserId: string }[]
  suspicious: { userId: string; stored: number; missing: number }[]
}

export type SyncRun = {
  _id: Types.ObjectId
  corpId: string
  kind: SyncKind
  /** Neither done nor failed. */
  isOpen: boolean
  /** The step it is in; of a failed run, the one it failed in and goes on with when it is asked for again. */
  step: SyncStep
  /** A slice reads the directory only now and then. */
  withDirectory: boolean
  /** Something was missed while it ran: a full one follows at once. */
  again: boolean
  done: number
  total: number | null
  perSec: number
  etaSec: number | null
  changes: SyncChanges
  dry: DryFindings | null
  startedAt: Date
  finishedAt: Date | null
  /** Our error code; null as long as nothing failed. */
  error: string | null
  /** One process leads it at a time, until this moment of the database's clock; all may read lists. */
  leaseEndsAt: Date
  /** Grows with every take-over: writes of a process that was thought dead come with an old one and change nothing. */
  fence: number
  /** Who reads lists, by the database's clock. */
  workers: { holder: string; seenAt: Date }[]
}

const syncRunSchema = new Schema(
  {
    corpId: { type: String, required: true },
    kind: { type: String, required: true },
    isOpen: { type: Boolean, required: true },
    step: { type: String, enum: syncSteps, required: true },
    withDirectory: { type: Boolean, required: true },
    again: { type: Boolean, required: true },
    done: { type: Number, required: true },
    total: { type: Number, default: null },
    perSec: { type: Number, required: true },
    etaSec: { type: Number, default: null },
    changes: { type: Schema.Types.Mixed, required: true },
    dry: { type: Schema.Types.Mixed, default: null },
    startedAt: { type: Date, required: true },
    finishedAt: { type: Date, default: null },
    error: { type: String, default: null },
    leaseEndsAt: { type: Date, required: true },
    fence: { type: Number, required: true },
    workers: { type: Schema.Types.Mixed, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'syncRuns', minimize: false },
)
// open, claim: at most one open run a corp.
syncRunSchema.index({ corpId: 1, isOpen: 1 }, { unique: true, partialFilterExpression: { isOpen: true } })
// findLatest: what the admin sees, and whether a new one is due. sweep: those of long ago.
syncRunSchema.index({ corpId: 1, startedAt: -1 })

export const syncRunModel = (db: Connection) => db.model('SyncRun', syncRunSchema)
