import {
  timelineKinds,
  type RelationTag,
  type TimelineEvent,
  type TimelineKind,
  type TimelinePage,
  type TimelineQuery,
} from '@guidebar/contracts'

import type { GuidePrincipal } from '../../platform/access.ts'
import { AppError } from '../../platform/errors.ts'
import { readCursor, toCursor } from '../../platform/page-cursor.ts'
import type { StoredEvent } from './timeline.model.ts'
import type { Place, TimelineRepository } from './timeline.repository.ts'
import type { RawEvent, Source, TimelineKey } from './timeline.sources.ts'

export type NewEvent = Pick<StoredEvent, 'kind' | 'at'> & {
  /** Unique in the corp: the same event told twice is one. */
  key: string
  /** null when it concerns everybody who serves the customer. */
  userId: string | null
  byUserId?: string
  title?: string
  facts?: TimelineEvent['facts']
}

type Deps = {
  events: TimelineRepository
  sources: Source[]
  relations: { requireOwn(guide: GuidePrincipal, externalUserId: string): Promise<unknown> }
  guides: { names(corpId: string, userIds: string[]): Promise<Map<string, { name: string }>> }
  tags: {
    describe(corpId: string, tagIds: string[]): Promise<RelationTag[]>
    describeFor(guide: GuidePrincipal, tagIds: string[]): Promise<RelationTag[]>
  }
}

type Ranked = RawEvent & { rank: number }

/** One list of everything between a guide and a customer. */
export function createTimelineService({ events, sources, relations, guides, tags }: Deps) {
  /** The newest `limit` over all sources: each gives its own newest, the rest is merging. */
  async function merge(
    key: TimelineKey,
    kinds: TimelineKind[],
    before: (Place & { rank: number }) | null,
    limit: number,
  ) {
    const lists = await Promise.all(
      sources.map(async (source, rank): Promise<Ranked[]> => {
        const wanted = kinds.filter((kind) => source.kinds.includes(kind))
        if (wanted.length === 0) return []
        const place = before ? placeIn(source, rank, before) : undefined
        return (await source.list(key, wanted, { before: place, limit })).map((event) => ({ ...event, rank }))
      }),
    )
    return lists
      .flat()
      .toSorted((a, b) => b.at.getTime() - a.at.getTime() || b.rank - a.rank || (a.id < b.id ? 1 : -1))
      .slice(0, limit)
  }

  /** @param reader a guide, who may not see every tag; admins see all */
  async function toViews(corpId: string, rows: Ranked[], reader?: GuidePrincipal): Promise<TimelineEvent[]> {
    const userIds = [...new Set(rows.flatMap(({ byUserId }) => byUserId ?? []))]
    const tagIds = [...new Set(rows.flatMap((row) => row.tagIds ?? []))]
    const [names, words] = await Promise.all([
      guides.names(corpId, userIds),
      reader ? tags.describeFor(reader, tagIds) : tags.describe(corpId, tagIds),
    ])
    return rows.map(({ rank, id, kind, at, byUserId, title, facts, tagIds: ids }) => ({
      id: toCursor(rank, id),
      kind,
      at: at.toISOString(),
      byName: (byUserId && names.get(byUserId)?.name) || '',
      title,
      facts: ids ? { ...facts, tags: words.filter(({ tagId }) => ids.includes(tagId)) } : facts,
    }))
  }

  async function listOf(
    { corpId, userIds }: Pick<TimelineKey, 'corpId' | 'userIds'>,
    externalUserId: string,
    query: TimelineQuery,
    reader?: GuidePrincipal,
  ): Promise<TimelinePage> {
    const kinds = readKinds(query.kinds)
    const cursor = readCursor(query.before, ['number', 'number', 'string'])
    const before = cursor && { at: new Date(cursor[0]), rank: cursor[1], id: cursor[2] }
    const rows = await merge({ corpId, userIds, externalUserId }, kinds, before, query.limit + 1)
    const page = rows.slice(0, query.limit)
    const last = page.at(-1)
    const next = rows.length > query.limit && last ? toCursor(last.at.getTime(), last.rank, last.id) : null
    return { events: await toViews(corpId, page, reader), next }
  }

  return {
    /** Keeps an event that no other collection tells; safe to repeat. */
    append: (corpId: string, externalUserId: string, event: NewEvent): Promise<void> =>
      events.appendOnce({
        _id: `${corpId}/${event.key}`,
        corpId,
        externalUserId,
        userId: event.userId,
        kind: event.kind,
        at: event.at,
        byUserId: event.byUserId ?? null,
        title: event.title ?? '',
        facts: event.facts ?? {},
      }),

    /**
     * Newest first.
     * @throws AppError RELATION_NOT_FOUND unless the guide follows the customer now, BAD_REQUEST for an unknown kind
     */
    async list(guide: GuidePrincipal, externalUserId: string, query: TimelineQuery): Promise<TimelinePage> {
      const { corpId, userId } = guide
      await relations.requireOwn(guide, externalUserId)
      return listOf({ corpId, userIds: [userId] }, externalUserId, query, guide)
    },

    /** As `list`, between a customer and several guides; callers have made sure that it may be seen. */
    listOf,
  }
}

export type TimelineService = ReturnType<typeof createTimelineService>

/** At the moment of the cursor, sources of a lower rank are still to come and those of a higher one are done. */
function placeIn({ firstId }: Source, rank: number, before: Place & { rank: number }): Place {
  if (rank === before.rank) return before
  return { at: new Date(before.at.getTime() + (rank < before.rank ? 1 : 0)), id: firstId }
}

function readKinds(text: string | undefined): TimelineKind[] {
  if (text === undefined) return [...timelineKinds]
  const kinds = text.split(',')
  const known: readonly string[] = timelineKinds
  if (!kinds.every((kind) => known.includes(kind)))
    throw new AppError('BAD_REQUEST', 'no such kind of event', { at: '/kinds' })
  return kinds as TimelineKind[]
}
