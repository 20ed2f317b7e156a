import type { TimelineEvent, TimelineKind } from '@guidebar/contracts'

import type { OrderLookups } from '../orders/order.lookups.ts'
import type { RelationEvent } from '../relations/relation-event.model.ts'
import type { CustomerKey } from '../relations/relation.model.ts'
import type { SendLookups } from '../sends/send.lookups.ts'
import type { Send } from '../sends/send.model.ts'
import type { Place, TimelineRepository } from './timeline.repository.ts'

/** An event before names are put in. */
export type RawEvent = Place &
  Pick<TimelineEvent, 'kind' | 'title'> & {
    byUserId: string | null
    tagIds?: string[]
    facts: TimelineEvent['facts']
  }
/** One customer and the guides whose relations are looked at. */
export type TimelineKey = CustomerKey & { userIds: string[] }

export type Source = {
  /** Smaller than any id of this source. */
  firstId: string
  kinds: readonly TimelineKind[]
  /** Newest first; at most `limit`, fewer only when there are no more. */
  list(key: TimelineKey, kinds: TimelineKind[], page: { before?: Place; limit: number }): Promise<RawEvent[]>
}

type Deps = {
  events: TimelineRepository
  relations: {
    historyOf(
      key: CustomerKey,
      page: { before?: Pick<RelationEvent, 'at' | '_id'>; limit: number },
    ): Promise<RelationEvent[]>
  }
  sends: SendLookups
  orders: OrderLookups
}

const relationKinds = [
  'added',
  'transferred',
  'restored',
  'ended',
  'customer_left',
  'customer_returned',
  'tagged',
  'untagged',
  'remark_changed',
  'description_changed',
  'source_changed',
] as const satisfies TimelineKind[]
const ownKinds = [
  'noted',
  'follow_up_set',
  'follow_up_done',
  'matched',
  'contact_preferences_changed',
] as const satisfies TimelineKind[]
const firstObjectId = '0'.repeat(24)
const chunk = 100

/**
 * Where the events of a relation come from. What other features keep anyway is read from them and not written a second
 * time, so that the timeline cannot contradict them. The order is that of events at the same moment.
 */
export function createTimelineSources({ events, relations, sends, orders }: Deps): Source[] {
  const own: Source = {
    firstId: '',
    kinds: ownKinds,
    async list(key, kinds, page) {
      const rows = await events.list(key, kinds, page)
      return rows.map(({ _id: id, kind, at, byUserId, title, facts }) => ({ id, kind, at, byUserId, title, facts }))
    },
  }

  /** The history is the customer's with all guides; what other guides noted is nobody's business here. */
  const ofRelation: Source = {
    firstId: '',
    kinds: relationKinds,
    async list(key, kinds, { before, limit }) {
      const found: RelationEvent[] = []
      let from = before && { at: before.at, _id: before.id }
      for (;;) {
        const rows = await relations.historyOf(key, { before: from, limit: chunk })
        found.push(...rows.filter(({ userId, kind }) => key.userIds.includes(userId) && kinds.includes(kind)))
        from = rows.at(-1)
        if (rows.length < chunk || found.length >= limit) return found.slice(0, limit).map(toRelationEvent)
      }
    },
  }

  const sent: Source = {
    firstId: firstObjectId,
    kinds: ['sent'],
    list: async (key, _, page) =>
      (await sends.listSent(key, key.externalUserId, page)).map((send) => toSendEvent(send, 'sent', send.createdAt)),
  }

  const opened: Source = {
    firstId: firstObjectId,
    kinds: ['opened'],
    list: async (key, _, page) =>
      (await sends.listOpened(key, key.externalUserId, page)).map((send) =>
        toSendEvent(send, 'opened', send.openedAt ?? send.createdAt),
      ),
  }

  const bought: Source = {
    firstId: '',
    kinds: ['bought'],
    async list({ corpId, externalUserId }, _, { before, limit }) {
      const place = before && { at: before.at, orderNo: before.id }
      const rows = await orders.listOf(corpId, externalUserId, { before: place, limit })
      return rows.map(({ orderNo, paidAt, amountFen, items, credit }) => ({
        id: orderNo,
        kind: 'bought',
        at: paidAt,
        byUserId: null,
        title: items
          .map(({ name }) => name)
          .join('、')
          .slice(0, 100),
        facts: { orderNo, amountFen, ...(credit?.cardId && { cardId: credit.cardId }) },
      }))
    },
  }

  return [own, ofRelation, sent, opened, bought]
}

function toRelationEvent({ _id: id, kind, at, byUserId, tagIds, from, to }: RelationEvent): RawEvent {
  const facts = { ...(typeof from === 'string' && { from }), ...(typeof to === 'string' && { to }) }
  return { id, kind, at, byUserId: byUserId ?? null, title: '', facts, ...(tagIds?.length && { tagIds: [...tagIds] }) }
}

function toSendEvent(send: Send, kind: 'sent' | 'opened', at: Date): RawEvent {
  return {
    id: send._id.toHexString(),
    kind,
    at,
    byUserId: kind === 'sent' ? send.userId : null,
    title: send.title,
    facts: {
      sendId: send._id.toHexString(),
      ...(send.cardId && { cardId: send.cardId }),
      ...(send.coverUrl && { coverUrl: send.coverUrl }),
      ...(kind === 'opened' && { times: send.openedTimes }),
    },
  }
}
