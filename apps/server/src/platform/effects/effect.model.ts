import { Schema, type Connection } from 'mongoose'

import type { JobFailure } from '../jobs/job.model.ts'

/**
 * `planned` → `sending` → `done` · `failed`, surely without effect · `unknown`, and from there → `adopted`, it was found
 * to have happened · `retried`, it was found not to have happened and may be sent again. An `unknown` that is settled
 * was given up: nobody knows, and nobody sends it again.
 */
export const effectStates = ['planned', 'sending', 'done', 'failed', 'unknown', 'adopted', 'retried'] as const
export type EffectState = (typeof effectStates)[number]

/** Every moment is the database's. */
export type EffectRow = {
  /** `kind:whatever makes it this one`. */
  _id: string
  state: EffectState
  /** Grows with every sending. */
  fence: number
  /** Who sends, or sent last. */
  sender?: string
  sentAt?: Date
  result?: unknown
  failure?: JobFailure
  /** Look-ups since it became unknown that found nothing. */
  looks: number
  lookAfter?: Date
  plannedAt: Date
  settledAt?: Date
  expiresAt?: Date
}

const effectSchema = new Schema(
  {
    _id: { type: String, required: true },
    state: { type: String, enum: effectStates, required: true },
    fence: { type: Number, required: true },
    sender: { type: String },
    sentAt: { type: Date },
    result: { type: Schema.Types.Mixed },
    failure: { type: Schema.Types.Mixed },
    looks: { type: Number, required: true },
    lookAfter: { type: Date },
    plannedAt: { type: Date, required: true },
    settledAt: { type: Date },
    expiresAt: { type: Date },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'effects' },
)
// findLeft: sendings whose sender is gone.
effectSchema.index({ sentAt: 1 }, { name: 'findLeft', partialFilterExpression: { state: 'sending' } })
// sweep: kept long enough.
effectSchema.index({ expiresAt: 1 }, { name: 'sweep', partialFilterExpression: { expiresAt: { $exists: true } } })

export const effectModel = (db: Connection) => db.model('Effect', effectSchema)
