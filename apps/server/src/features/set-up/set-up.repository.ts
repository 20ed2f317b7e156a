import type { Connection } from 'mongoose'

import { setUpModel, type SetUp } from './set-up.model.ts'

const id = 'set-up'
const fresh: SetUp = {
  answers: { ownDomain: null, verifiedCorp: null },
  skipped: [],
  step: 'start',
  miniProgramTest: null,
  finishedAt: null,
}

export function createSetUpRepository(db: Connection) {
  const rows = setUpModel(db)
  const change = async (update: object) => {
    await rows.updateOne({ _id: id }, update, { upsert: true }).exec()
  }

  return {
    async find(): Promise<SetUp> {
      const row = await rows.findById(id).lean<Partial<SetUp>>().exec()
      return { ...fresh, ...row, answers: { ...fresh.answers, ...row?.answers } }
    },

    save: (fields: Partial<Omit<SetUp, 'answers' | 'skipped'>>) => change({ $set: fields }),

    saveAnswers: (answers: Partial<SetUp['answers']>) =>
      change({ $set: Object.fromEntries(Object.entries(answers).map(([name, said]) => [`answers.${name}`, said])) }),

    skip: (step: SetUp['step']) => change({ $addToSet: { skipped: step } }),
    unskip: (step: SetUp['step']) => change({ $pull: { skipped: step } }),
  }
}

export type SetUpRepository = ReturnType<typeof createSetUpRepository>
