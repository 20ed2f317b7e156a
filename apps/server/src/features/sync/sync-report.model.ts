import type { SyncReportCause, SyncReportState } from '@guidebar/contracts'
import { Schema, type Connection } from 'mongoose'

/** What is suspicious about one guide's list; the newest finding takes the place of the one before. */
export type GuideReport = {
  /** `corpId/userId` */
  _id: string
  corpId: string
  userId: string
  cause: SyncReportCause
  state: SyncReportState
  stored: number
  listed: number | null
  missing: number
  /** Over all missing ids: a rejected report stays rejected as long as the same ones are missing. */
  mark: string
  sample: string[]
  errcode: number | null
  seenAt: Date
  decidedAt: Date | null
  decidedBy: string | null
  ended: number | null
}

const guideReportSchema = new Schema(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    userId: { type: String, required: true },
    cause: { type: String, required: true },
    state: { type: String, required: true },
    stored: { type: Number, required: true },
    listed: { type: Number, default: null },
    missing: { type: Number, required: true },
    mark: { type: String, required: true },
    sample: { type: [String], required: true },
    errcode: { type: Number, default: null },
    seenAt: { type: Date, required: true },
    decidedAt: { type: Date, default: null },
    decidedBy: { type: String, default: null },
    ended: { type: Number, default: null },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'syncReports' },
)
// listByState: what waits for an admin, and what an admin has confirmed.
guideReportSchema.index({ corpId: 1, state: 1, userId: 1 })

export const guideReportModel = (db: Connection) => db.model('SyncReport', guideReportSchema)
