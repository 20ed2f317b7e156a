import type { TimelineKind } from '@guidebar/contracts'
import { trusted, type Connection } from 'mongoose'

import { timelineModel, type StoredEvent } from './timeline.model.ts'
import type { TimelineKey } from './timeline.sources.ts'

export type Place = { at: Date; id: string }

export function createTimelineRepository(db: Connection) {
  const events = timelineModel(db)
  return {
    /** What is there already stays as it is. */
    async appendOnce({ _id, ...event }: StoredEvent): Promise<void> {
      await events.updateOne({ _id }, { $setOnInsert: event }, { upsert: true })
    },

    /** Newest first: the guides' own, and what concerns everybody. */
    list: (
      { corpId, userIds, externalUserId }: TimelineKey,
      kinds: TimelineKind[],
      page: { before?: Place; limit: number },
    ) =>
      events
        .find({
          corpId,
          externalUserId,
          userId: trusted({ $in: [...userIds, null] }),
          kind: trusted({ $in: kinds }),
          ...(page.before && {
            $or: [
              { at: trusted({ $lt: page.before.at }) },
              { at: page.before.at, _id: trusted({ $lt: page.before.id }) },
            ],
          }),
        })
        .sort({ at: -1, _id: -1 })
        .limit(page.limit)
        .lean<StoredEvent[]>()
        .exec(),
  }
}

export type TimelineRepository = ReturnType<typeof createTimelineRepository>
