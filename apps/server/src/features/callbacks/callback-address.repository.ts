import { trusted, type Connection } from 'mongoose'

import {
  callbackAddressModel,
  callbackGapModel,
  type CallbackAddress,
  type CallbackGap,
  type GapCause,
} from './callback-address.model.ts'

const keptGapsMs = 90 * 24 * 3_600_000

/** What is known about each corp's callback address: whether WeCom reaches it, and when nobody was there. */
export function createCallbackAddressRepository(db: Connection) {
  const addresses = callbackAddressModel(db)
  const gaps = callbackGapModel(db)

  return {
    find: (corpId: string): Promise<CallbackAddress | null> =>
      addresses.findById(corpId).lean<CallbackAddress>().exec(),

    /** WeCom has proven that it reaches us; only the first time counts. @param armedUntil see `arm` */
    async noteVerified(corpId: string, at: Date, armedUntil: Date | null): Promise<void> {
      const fields = {
        verifiedAt: { $ifNull: ['$verifiedAt', at] },
        ...(armedUntil && { armedUntil: { $cond: [{ $gt: ['$verifiedAt', null] }, '$armedUntil', armedUntil] } }),
      }
      await addresses.updateOne({ _id: corpId }, [{ $set: fields }], { upsert: true, updatePipeline: true }).exec()
    },

    async noteAttempt(corpId: string, lastAttempt: { at: Date; verdict: string }): Promise<void> {
      await addresses.updateOne({ _id: corpId }, { $set: { lastAttempt } }, { upsert: true }).exec()
    },

    async arm(corpId: string, armedUntil: Date): Promise<void> {
      await addresses.updateOne({ _id: corpId }, { $set: { armedUntil } }, { upsert: true }).exec()
    },

    async markAlive(corpId: string, at: Date): Promise<void> {
      await addresses.updateOne({ _id: corpId }, { $max: { aliveAt: at } }, { upsert: true }).exec()
    },

    async noteGap(corpId: string, gap: { cause: GapCause; startAt: Date; endAt: Date }): Promise<void> {
      const { cause, startAt, endAt } = gap
      await gaps
        .updateOne(
          { _id: `${corpId}/${startAt.toISOString()}` },
          { $setOnInsert: { corpId, cause, startAt, reconcileAskedAt: null }, $max: { endAt } },
          { upsert: true },
        )
        .exec()
    },

    /** Gaps for which nobody has asked for a comparison yet. */
    listOpenGaps: (corpId: string): Promise<CallbackGap[]> =>
      gaps.find({ corpId, reconcileAskedAt: null }).sort({ startAt: -1 }).limit(50).lean<CallbackGap[]>().exec(),

    async closeGaps(ids: string[], at: Date): Promise<void> {
      await gaps.updateMany({ _id: trusted({ $in: ids }) }, { $set: { reconcileAskedAt: at } }).exec()
    },

    listGaps: (corpId: string, limit: number): Promise<CallbackGap[]> =>
      gaps.find({ corpId }).sort({ startAt: -1 }).limit(limit).lean<CallbackGap[]>().exec(),

    sweep: async (now: Date): Promise<number> =>
      (await gaps.deleteMany({ startAt: trusted({ $lt: new Date(now.getTime() - keptGapsMs) }) }).exec()).deletedCount,
  }
}

export type CallbackAddressRepository = ReturnType<typeof createCallbackAddressRepository>
