import { type Connection, trusted } from 'mongoose'

import type { GuidePrincipal } from '../../platform/access.ts'
import { isDuplicateKey } from '../../platform/duplicate-key.ts'
import { type Send, sendModel } from './send.model.ts'

/** A customer of a single chat, or a customer group; exactly one of the two. */
export type SendTarget = { externalUserId: string | null; chatId: string | null }
type NewSend = Omit<Send, '_id'>
export type SendRepository = ReturnType<typeof createSendRepository>

/** More than a page could report before the first ones are long forgotten. */
const keptOpeningKeys = 50

export function createSendRepository(db: Connection) {
  const sends = sendModel(db)
  return {
    findByKey: ({ corpId, userId }: GuidePrincipal, key: string): Promise<Send | null> =>
      sends.findOne({ corpId, userId, key }).lean<Send>().exec(),

    findOwn: ({ corpId, userId }: GuidePrincipal, sendId: string): Promise<Send | null> =>
      sends.findOne({ _id: sendId, corpId, userId }).lean<Send>().exec(),

    findByToken: (corpId: string, token: string): Promise<Send | null> =>
      sends.findOne({ corpId, token }).lean<Send>().exec(),

    /** @returns null when this guide has a send with that key */
    async insertOnce(send: NewSend): Promise<Send | null> {
      try {
        const row = await sends.create(send)
        return { ...send, _id: row._id }
      } catch (error) {
        if (isDuplicateKey(error)) return null
        throw error
      }
    },

    /** Only a pending send takes an outcome. @returns null when there is no pending one of this guide */
    settle: (
      { corpId, userId }: GuidePrincipal,
      sendId: string,
      outcome: Pick<Send, 'status' | 'reason'> & { outcomeAt: Date },
    ): Promise<Send | null> =>
      sends
        .findOneAndUpdate(
          { _id: sendId, corpId, userId, status: 'pending' },
          { $set: outcome },
          { returnDocument: 'after' },
        )
        .lean<Send>()
        .exec(),

    listByTarget: ({ corpId, userId }: GuidePrincipal, { externalUserId, chatId }: SendTarget, limit: number) =>
      sends.find({ corpId, userId, externalUserId, chatId }).sort({ createdAt: -1 }).limit(limit).lean<Send[]>().exec(),

    /** As {@link listByTarget}, from a place in the list on. */
    pageByTarget: (
      { corpId, userId }: GuidePrincipal,
      { externalUserId, chatId }: SendTarget,
      { before, limit }: { before: { at: Date; id: string } | null; limit: number },
    ) =>
      sends
        .find({
          corpId,
          userId,
          externalUserId,
          chatId,
          ...(before && {
            $or: [
              { createdAt: trusted({ $lt: before.at }) },
              { createdAt: before.at, _id: trusted({ $lt: before.id }) },
            ],
          }),
        })
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit)
        .lean<Send[]>()
        .exec(),

    /** One opening, counted once for each key. @returns the send, or null when none of the corp carries the token */
    async addOpening(corpId: string, token: string, { key, at }: { key: string; at: Date }): Promise<Send | null> {
      const counted = sends.findOneAndUpdate(
        { corpId, token, openingKeys: trusted({ $ne: key }) },
        {
          $inc: { openedTimes: 1 },
          $min: { openedAt: at },
          $push: { openingKeys: { $each: [key], $slice: -keptOpeningKeys } },
        },
        { returnDocument: 'after' },
      )
      return (await counted.lean<Send>().exec()) ?? (await sends.findOne({ corpId, token }).lean<Send>().exec())
    },

    /** Cards the guide's client took since then. */
    countCards: ({ corpId, userId }: GuidePrincipal, since: Date) =>
      sends
        .countDocuments({ corpId, userId, kind: 'card', status: 'client_ok', createdAt: trusted({ $gte: since }) })
        .exec(),

    countOpened: ({ corpId, userId }: GuidePrincipal, since: Date) =>
      sends.countDocuments({ corpId, userId, kind: 'card', openedAt: trusted({ $gte: since }) }).exec(),
  }
}
