import { trusted, type Connection } from 'mongoose'

import { insertNew } from '../../platform/insert-new.ts'
import { relationEventModel, type RelationEvent } from './relation-event.model.ts'
import type { CustomerKey } from './relation.model.ts'

export function createRelationEventRepository(db: Connection) {
  const events = relationEventModel(db)

  return {
    /** Keeps what is new among these; what is there already stays as it is. */
    async append(rows: RelationEvent[]): Promise<void> {
      await insertNew(db, events.collection.collectionName, rows)
    },

    /** Newest first. @param before only what is older than this */
    historyOf: (
      { corpId, externalUserId }: CustomerKey,
      { before, limit }: { before?: Pick<RelationEvent, 'at' | '_id'>; limit: number },
    ): Promise<RelationEvent[]> =>
      events
        .find({
          corpId,
          externalUserId,
          ...(before && {
            $or: [{ at: trusted({ $lt: before.at }) }, { at: before.at, _id: trusted({ $lt: before._id }) }],
          }),
        })
        .sort({ at: -1, _id: -1 })
        .limit(limit)
        .lean<RelationEvent[]>()
        .exec(),
  }
}

export type RelationEventRepository = ReturnType<typeof createRelationEventRepository>
