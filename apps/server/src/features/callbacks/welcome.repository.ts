import { trusted, type Connection } from 'mongoose'

import type { Clock } from '../../platform/deps.ts'
import { welcomeSendModel, welcomeTextModel, type WelcomeSend, type WelcomeState } from './welcome.model.ts'

const keptMs = 90 * 24 * 3_600_000
const countedMs = 24 * 3_600_000

export function createWelcomeSendRepository(db: Connection) {
  const sends = welcomeSendModel(db)

  return {
    /** Writes down what became of one code; the first word about it stays. */
    async record({ _id, ...fields }: WelcomeSend): Promise<void> {
      await sends.updateOne({ _id }, { $setOnInsert: fields }, { upsert: true }).exec()
    },

    /** Of the last day. */
    countByState: (corpId: string, now: Date): Promise<{ state: WelcomeState; count: number }[]> =>
      sends
        .aggregate<{ state: WelcomeState; count: number }>([
          { $match: { corpId, settledAt: { $gte: new Date(now.getTime() - countedMs) } } },
          { $group: { _id: '$state', count: { $sum: 1 } } },
          { $project: { _id: 0, state: '$_id', count: 1 } },
          { $sort: { state: 1 } },
        ])
        .exec(),

    sweep: async (now: Date): Promise<number> =>
      (await sends.deleteMany({ settledAt: trusted({ $lt: new Date(now.getTime() - keptMs) }) }).exec()).deletedCount,
  }
}

export type WelcomeSendRepository = ReturnType<typeof createWelcomeSendRepository>

/** Whom a welcome is for. */
export type WelcomeFor = { corpId: string; userId: string; externalUserId: string; state?: string }

/** Where the words of a welcome come from. */
export type WelcomeTexts = {
  /** @returns null when no welcome is set up: then nothing is sent */
  find(whom: WelcomeFor): Promise<string | null>
}

const freshMs = 2_000

/** One text for the whole corp, or none. */
export function createCorpWelcomeTexts(db: Connection, clock: Clock): WelcomeTexts {
  const texts = welcomeTextModel(db)
  const known = new Map<string, { text: string | null; readAt: number }>()

  return {
    async find({ corpId }) {
      const now = clock.now().getTime()
      const copy = known.get(corpId)
      if (copy && now - copy.readAt < freshMs) return copy.text
      const row = await texts.findById(corpId).lean<{ text: string }>().exec()
      const text = row?.text ?? null
      known.set(corpId, { text, readAt: now })
      return text
    },
  }
}
