import { WecomError, type CallOptions, type CustomerDetail } from '@guidebar/wecom'

import type { Clock, Corp } from '../../platform/deps.ts'
import { toReadRow } from './from-wecom.ts'
import type { EventCause } from './relation-event.model.ts'
import type { RelationRepository } from './relation.repository.ts'
import type { RelationStore } from './relation.store.ts'

type Deps = { relations: RelationRepository; store: RelationStore; clock: Clock }

/**
 * `endedBy`: guides of whom an event, or their complete list, says that they no longer follow the customer.
 * `cause`: what made us look; an event of WeCom's unless given.
 */
export type RefreshOptions = { endedBy?: string[]; cause?: EventCause } & CallOptions

const background = { lane: 'background' } as const

/** Reads one customer with all followers again, and stores what came unless a later read is stored already. */
export function createRelationRefresh({ relations, store, clock }: Deps) {
  /**
   * @throws WecomError 40096 not our customer, and others; WecomUnavailable
   * @see https://developer.work.weixin.qq.com/document/path/92114
   */
  return async function refresh(
    corp: Corp,
    externalUserId: string,
    { endedBy = [], cause = 'callback', ...options }: RefreshOptions = {},
  ): Promise<void> {
    const { corpId } = corp
    const origin = { cause }
    const readBeganAt = clock.now()
    const read = await readCustomer(corp, externalUserId, { ...background, ...options })
    if (read) {
      const rows = read.relations.map((relation) => toReadRow(corpId, read.customer, relation, readBeganAt))
      await store.save(rows, { origin, source: 'customer' })
    }
    const following = new Set(read?.relations.map(({ userId }) => userId))
    const stored = await relations.listFollowers({ corpId, externalUserId })
    const ended: string[] = []
    for (const userId of stored.filter((id) => !following.has(id))) {
      if (endedBy.includes(userId) || (await hasDropped(corp, userId, externalUserId, options))) ended.push(userId)
    }
    if (ended.length === 0) return
    const keys = ended.map((userId) => ({ corpId, userId, externalUserId }))
    await store.end(keys, { status: 'deleted_by_guide', readBeganAt, origin })
  }
}

/**
 * A second witness: WeCom hides guides outside the app's visible range from a customer's followers, and a wrong click
 * in the console must not end thousands of relations. Only a list of the guide's own that lacks the customer counts.
 */
async function hasDropped(corp: Corp, userId: string, externalUserId: string, options: CallOptions): Promise<boolean> {
  try {
    const listed = await corp.wecom.externalContact.list(userId, { ...background, ...options })
    return !listed.includes(externalUserId)
  } catch (error) {
    if (error instanceof WecomError && !error.busy) return false
    throw error
  }
}

/** @returns null when nobody in range follows this customer (any more) */
async function readCustomer(corp: Corp, externalUserId: string, options: CallOptions): Promise<CustomerDetail | null> {
  try {
    return await corp.wecom.externalContact.get(externalUserId, options)
  } catch (error) {
    if (error instanceof WecomError && error.errcode === 84061) return null
    throw error
  }
}
