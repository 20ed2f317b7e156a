import { trusted, type Connection } from 'mongoose'

import type { GuidePrincipal } from '../../platform/access.ts'
import { isDuplicateKey } from '../../platform/duplicate-key.ts'
import { followUpModel, type FollowUp } from './follow-up.model.ts'

export function createFollowUpRepository(db: Connection) {
  const followUps = followUpModel(db)
  return {
    findByKey: ({ corpId, userId }: GuidePrincipal, key: string): Promise<FollowUp | null> =>
      followUps.findOne({ corpId, userId, key }).lean<FollowUp>().exec(),

    findOwn: ({ corpId, userId }: GuidePrincipal, id: string): Promise<FollowUp | null> =>
      followUps.findOne({ _id: id, corpId, userId }).lean<FollowUp>().exec(),

    /** @returns null when this guide has one with that key */
    async insertOnce(row: Omit<FollowUp, '_id'>): Promise<FollowUp | null> {
      try {
        const { _id } = await followUps.create(row)
        return { ...row, _id }
      } catch (error) {
        if (isDuplicateKey(error)) return null
        throw error
      }
    },

    finish: ({ corpId, userId }: GuidePrincipal, id: string, doneAt: Date): Promise<FollowUp | null> =>
      followUps
        .findOneAndUpdate(
          { _id: id, corpId, userId, state: 'open' },
          { $set: { state: 'done', doneAt } },
          { returnDocument: 'after' },
        )
        .lean<FollowUp>()
        .exec(),

    /** Moves an open one that is due at another moment; the reminder begins anew. */
    postpone: ({ corpId, userId }: GuidePrincipal, id: string, dueAt: Date): Promise<FollowUp | null> =>
      followUps
        .findOneAndUpdate(
          { _id: id, corpId, userId, state: 'open', dueAt: trusted({ $ne: dueAt }) },
          { $set: { dueAt, remindedAt: null }, $inc: { round: 1 } },
          { returnDocument: 'after' },
        )
        .lean<FollowUp>()
        .exec(),

    listOpen: (
      { corpId, userId }: GuidePrincipal,
      query: { externalUserId?: string; after: { at: Date; id: string } | null; limit: number },
    ): Promise<FollowUp[]> =>
      followUps
        .find({
          corpId,
          userId,
          state: 'open',
          ...(query.externalUserId && { externalUserId: query.externalUserId }),
          ...(query.after && {
            $or: [
              { dueAt: trusted({ $gt: query.after.at }) },
              { dueAt: query.after.at, _id: trusted({ $gt: query.after.id }) },
            ],
          }),
        })
        .sort({ dueAt: 1, _id: 1 })
        .limit(query.limit)
        .lean<FollowUp[]>()
        .exec(),

    /** Open ones due by then, of a guide with these customers or with all. */
    listDue: ({ corpId, userId }: GuidePrincipal, by: Date, externalUserId?: string): Promise<FollowUp[]> =>
      followUps
        .find({
          corpId,
          userId,
          state: 'open',
          dueAt: trusted({ $lte: by }),
          ...(externalUserId && { externalUserId }),
        })
        .sort({ dueAt: 1 })
        .limit(500)
        .lean<FollowUp[]>()
        .exec(),

    listToRemind: (by: Date, limit: number): Promise<FollowUp[]> =>
      followUps
        .find({ state: 'open', remindedAt: null, dueAt: trusted({ $lte: by }) })
        .sort({ dueAt: 1 })
        .limit(limit)
        .lean<FollowUp[]>()
        .exec(),

    async markReminded({ _id, round }: FollowUp, at: Date): Promise<void> {
      await followUps.updateOne({ _id, round }, { $set: { remindedAt: at } })
    },
  }
}

export type FollowUpRepository = ReturnType<typeof createFollowUpRepository>
