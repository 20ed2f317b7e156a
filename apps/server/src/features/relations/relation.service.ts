import type { CustomerView, EditRemark, FellowGuide, MarkTags, RelationView } from '@guidebar/contracts'
import { WecomError, WecomUnavailable, type CallOptions, type RelationPage } from '@guidebar/wecom'
import type { FastifyBaseLogger } from 'fastify'

import type { GuidePrincipal } from '../../platform/access.ts'
import type { Clock, Corp, Corps } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { toAppError } from '../../platform/wecom-errors.ts'
import type { GuideService } from '../guides/guide.service.ts'
import type { TagService } from '../tags/tag.service.ts'
import type { CustomerRepository } from './customer.repository.ts'
import { toReadRow } from './from-wecom.ts'
import type { RelationEvent } from './relation-event.model.ts'
import type { RelationEventRepository } from './relation-event.repository.ts'
import { customerId, relationId, type CustomerKey, type Relation, type RelationKey } from './relation.model.ts'
import { createRelationRefresh, type RefreshOptions } from './relation.refresh.ts'
import type { RelationRepository } from './relation.repository.ts'
import { createRelationStore, type SaveOptions, type SaveOutcome } from './relation.store.ts'
import { toCustomerView, toRelationView } from './relation.views.ts'
import { createTurns } from './turns.ts'

type Deps = {
  relations: RelationRepository
  customers: CustomerRepository
  events: RelationEventRepository
  guides: GuideService
  tags: TagService
  /** Told whose relations have changed; must not fail. */
  changed?: (corpId: string, externalUserIds: string[]) => Promise<void>
  corps: Corps
  clock: Clock
  log: FastifyBaseLogger
}

/** Somebody in the admin panel, for whom a job may be at work. */
export type TaggedBy = { byUserId?: string } & CallOptions

/** One page of one of WeCom's lists. */
export type ReadPage = { rows: RelationPage['rows']; readBeganAt: Date }

/** What one guide sees of one customer. */
export type CustomerContext = { customer: CustomerView; relation: RelationView; fellows: FellowGuide[] }

/** As long as a guide waits for a customer we do not know yet. */
const patienceMs = 2_000
/** What WeCom said about a pair this lately is not asked again. */
const recentMs = 10_000
const mostRefusals = 10_000

/** Who follows whom: customers, and what each guide noted and tagged. WeCom owns all of it, we keep a copy. */
export function createRelationService(deps: Deps) {
  const { relations, customers, events, guides, tags, changed, corps, clock, log } = deps
  const store = createRelationStore({ relations, customers, events, changed })
  // WeCom refuses two changes of one customer at the same time (45035).
  const inTurn = createTurns()
  const refusedAt = new Map<string, number>()

  const notFound = () => new AppError('RELATION_NOT_FOUND', 'this guide does not follow that customer')

  function corpOf({ corpId }: { corpId: string }): Corp {
    const corp = corps.get(corpId)
    if (!corp) throw notFound()
    return corp
  }

  const readAgain = createRelationRefresh({ relations, store, clock })
  const refresh = (key: CustomerKey, options?: RefreshOptions): Promise<void> =>
    readAgain(corpOf(key), key.externalUserId, options)

  async function toView(relation: Relation): Promise<RelationView> {
    const [words, guide] = await Promise.all([tags.describeFor(relation, relation.tagIds), guides.find(relation)])
    return toRelationView(relation, words, guide?.customersReadAt ?? null)
  }

  /** Does one change at WeCom first: if our own write is lost after it, the next read repairs it. */
  async function changeAtWecom(key: RelationKey, change: (corp: Corp) => Promise<void>): Promise<void> {
    if (!(await relations.find(key))) throw notFound()
    try {
      await change(corpOf(key))
    } catch (error) {
      const isGone = error instanceof WecomError && error.errcode === 84061
      const isOpen = error instanceof WecomUnavailable && error.outcome === 'unknown'
      // Nobody waits for this read; it settles what WeCom knows of the pair by now.
      if (isGone || isOpen) refresh(key).catch((cause: unknown) => log.warn({ err: cause }, 'relation not read again'))
      throw toAppError(error)
    }
  }

  return {
    /**
     * Puts tags on, and takes tags off, one relation: at WeCom, then here. Safe to repeat.
     * @param change tag ids; a tag on both lists is taken off
     * @param by who does it when it is not the guide, and how patiently
     * @throws AppError BAD_REQUEST nothing to change, RELATION_NOT_FOUND, TAG_UNKNOWN, WECOM_BUSY, WECOM_REFUSED,
     * WECOM_NOT_SET_UP, WECOM_UNAVAILABLE; in all cases nothing is changed here
     * @see https://developer.work.weixin.qq.com/document/path/92118
     */
    async markTags(key: RelationKey, change: MarkTags, by: TaggedBy = {}): Promise<RelationView> {
      const { remove } = change
      const { byUserId = key.userId, ...options } = by
      const add = change.add.filter((tagId) => !remove.includes(tagId))
      if (add.length + remove.length === 0) throw new AppError('BAD_REQUEST', 'no tag to add or remove')
      const { userId, externalUserId } = key
      // What an admin has done for the guide was judged by the admin's rights.
      if (by.byUserId === undefined) await tags.requireUsable(key, [...add, ...remove])
      return inTurn(customerId(key), async () => {
        await changeAtWecom(key, (corp) =>
          corp.wecom.externalContact.markTag({ userId, externalUserId, add, remove }, options),
        )
        const saved = await store.change(key, {
          at: clock.now(),
          origin: { cause: 'panel', byUserId },
          toNext: ({ tagIds }) => ({
            tagIds: [...new Set([...tagIds, ...add])].filter((id) => !remove.includes(id)).toSorted(),
          }),
        })
        if (!saved) throw notFound()
        return toView(saved)
      })
    },

    /**
     * Changes the guide's own words about a customer: at WeCom, then here.
     * @throws AppError as markTags
     * @see https://developer.work.weixin.qq.com/document/path/92115
     */
    async editRemark(key: RelationKey, edit: EditRemark): Promise<RelationView> {
      const { userId, externalUserId } = key
      return inTurn(customerId(key), async () => {
        await changeAtWecom(key, (corp) => corp.wecom.externalContact.remark({ userId, externalUserId, ...edit }))
        const saved = await store.change(key, {
          at: clock.now(),
          origin: { cause: 'panel', byUserId: userId },
          toNext: ({ remark, description }) => ({
            remark: edit.remark ?? remark,
            description: edit.description ?? description,
          }),
        })
        if (!saved) throw notFound()
        return toView(saved)
      })
    },

    /**
     * The customer as this guide may see him: person, own relation, and who else serves him.
     * @throws AppError RELATION_NOT_FOUND, which says nothing about the customer
     */
    async contextOf(principal: GuidePrincipal, externalUserId: string): Promise<CustomerContext> {
      const { corpId, userId } = principal
      const found = await relations.findContext({ corpId, userId, externalUserId })
      if (!found) throw notFound()
      const fellowIds = found.fellows.map((fellow) => fellow.userId)
      const [relation, names] = await Promise.all([toView(found.relation), guides.names(corpId, fellowIds)])
      const fellows = found.fellows.flatMap((fellow): FellowGuide[] => {
        const name = names.get(fellow.userId)
        return name ? [{ userId: fellow.userId, ...name, addedAt: fellow.addedAt.toISOString() }] : []
      })
      return { customer: toCustomerView(found.customer), relation, fellows }
    },

    /**
     * The guide's own relation as it is now.
     * @throws AppError RELATION_NOT_FOUND when the guide does not follow the customer
     */
    async requireOwn({ corpId, userId }: GuidePrincipal, externalUserId: string): Promise<Relation> {
      const relation = await relations.find({ corpId, userId, externalUserId })
      if (!relation) throw notFound()
      return relation
    },

    /**
     * For a pair unknown here: asks WeCom once, so that a customer added seconds ago is there although the event is late.
     * Not when WeCom told just now who follows this customer.
     * @returns whether the guide follows the customer; false also when WeCom did not answer in time
     */
    async lookUp(key: RelationKey): Promise<boolean> {
      const now = clock.now().getTime()
      const isRecent = (at: number | undefined) => at !== undefined && now - at < recentMs
      if (isRecent(refusedAt.get(relationId(key))) || isRecent(await relations.lastReadOf(key))) return false
      try {
        await refresh(key, { cause: 'panel', lane: 'interactive', signal: AbortSignal.timeout(patienceMs) })
      } catch (error) {
        log.info({ code: toAppError(error).code }, 'unknown relation not looked up')
      }
      if (await relations.find(key)) return true
      if (refusedAt.size >= mostRefusals) refusedAt.clear()
      refusedAt.set(relationId(key), now)
      return false
    },

    /**
     * Re-reads one customer with all followers from WeCom.
     * @throws WecomError 40096 not our customer, and others; WecomUnavailable
     */
    refresh,

    /** The customer left or came back, by an event of that moment. */
    noteCustomerMoved: (key: RelationKey, move: { gone: boolean; at: Date }) => store.noteCustomerMoved(key, move),

    /**
     * Stores pages of a full sync in one go; equal rows are only compared.
     * @param options `empty`: guides of whom nothing was stored a moment ago
     */
    savePages(
      corpId: string,
      pages: ReadPage[],
      options: Pick<SaveOptions, 'origin' | 'empty' | 'dryRun'>,
    ): Promise<SaveOutcome> {
      const rows = pages.flatMap((page) =>
        page.rows.map(({ customer, relation }) => toReadRow(corpId, customer, relation, page.readBeganAt)),
      )
      return store.save(rows, { ...options, source: 'list' })
    },

    /** This guide's customers are out of our sight, though none of them left. */
    async endByRange(corpId: string, userId: string, externalUserIds: string[], readBeganAt: Date): Promise<void> {
      const keys = externalUserIds.map((externalUserId) => ({ corpId, userId, externalUserId }))
      await store.end(keys, { status: 'left_range', readBeganAt, origin: { cause: 'sync' } })
    },

    countByGuides: relations.countByGuides,
    /** Ids of a guide's current customers by our knowledge. */
    listByGuide: (corpId: string, userId: string) => relations.listByGuide(corpId, userId),

    /** What happened between a customer and the guides, newest first. */
    historyOf: (
      key: CustomerKey,
      page: { before?: Pick<RelationEvent, 'at' | '_id'>; limit: number },
    ): Promise<RelationEvent[]> => events.historyOf(key, page),

    counts: async (corpId: string): Promise<{ customers: number; relations: number }> => {
      const [people, pairs] = await Promise.all([customers.count(corpId), relations.count(corpId)])
      return { customers: people, relations: pairs }
    },
  }
}

export type RelationService = ReturnType<typeof createRelationService>
