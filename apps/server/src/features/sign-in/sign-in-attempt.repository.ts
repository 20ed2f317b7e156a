import { trusted, type Connection } from 'mongoose'

import { signInAttemptModel, type SignInAttempt } from './sign-in-attempt.model.ts'

export function createSignInAttemptRepository(db: Connection) {
  const attempts = signInAttemptModel(db)
  return {
    add: async (attempt: SignInAttempt): Promise<void> => {
      await attempts.create(attempt)
    },

    /** Takes the attempt out, so that of many callbacks with one state exactly one goes on. */
    take: (id: string): Promise<SignInAttempt | null> =>
      attempts.findOneAndDelete({ _id: id }).lean<SignInAttempt>().exec(),

    sweep: async (now: Date): Promise<void> => {
      await attempts.deleteMany({ endsAt: trusted({ $lte: now }) }).exec()
    },
  }
}

export type SignInAttemptRepository = ReturnType<typeof createSignInAttemptRepository>
