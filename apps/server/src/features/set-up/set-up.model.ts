import type { SetUpAnswers, SetUpStepId } from '@guidebar/contracts'
import { Schema, type Connection } from 'mongoose'

/** Where the set-up of this installation stands. */
export type SetUp = {
  answers: SetUpAnswers
  skipped: SetUpStepId[]
  step: SetUpStepId
  miniProgramTest: { appId: string; errcode: number | null; at: Date } | null
  finishedAt: Date | null
}

const setUpSchema = new Schema(
  {
    _id: { type: String, required: true },
    answers: { type: Schema.Types.Mixed, default: {} },
    skipped: { type: [String], default: [] },
    step: { type: String, default: 'start' },
    miniProgramTest: { type: Schema.Types.Mixed, default: null },
    finishedAt: { type: Date, default: null },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'setUp', minimize: false },
)

export const setUpModel = (db: Connection) => db.model('SetUp', setUpSchema)
