import {
  actionRuleNames,
  type ActionRule,
  type ActionRules,
  type MyDayItem,
  type MyDayPage,
  type NextAction,
  type PutAwayAction,
} from '@guidebar/contracts'

import type { MemberKey, GuidePrincipal } from '../../platform/access.ts'
import { beijingDayStart } from '../../platform/beijing-time.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { createKeptAnswers } from '../../platform/kept-answers.ts'
import { readCursor, toCursor } from '../../platform/page-cursor.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { Profile } from '../customer-profiles/profile.model.ts'
import { openCoupons } from '../customer-profiles/profile.service.ts'
import type { FollowUp } from '../notes/follow-up.model.ts'
import type { OrderLookups } from '../orders/order.lookups.ts'
import type { CustomerLine, CustomerReader } from '../relations/customer.reader.ts'
import type { SendLookups } from '../sends/send.lookups.ts'
import type { ActionRepository } from './action.repository.ts'
import { builtInRules, findActions, type ActionFacts, type NewItem } from './action.rules.ts'

type Deps = {
  actions: ActionRepository
  relations: { requireOwn(guide: GuidePrincipal, externalUserId: string): Promise<unknown> }
  customers: Pick<CustomerReader, 'lines' | 'listActive'>
  profiles: { readMany(corpId: string, externalUserIds: string[]): Promise<Profile[]> }
  followUps: { listDue(guide: GuidePrincipal, by: Date, externalUserId?: string): Promise<FollowUp[]> }
  orders: Pick<OrderLookups, 'lastOf'>
  sends: Pick<SendLookups, 'lastOf'>
  tags: { describeFor(guide: GuidePrincipal, tagIds: string[]): Promise<{ tagId: string; name: string }[]> }
  cards: {
    listNewest(corpId: string, since: Date): Promise<NewItem[]>
    existing(corpId: string, cardIds: string[]): Promise<string[]>
  }
  replies: { existingShared(corpId: string, replyIds: string[]): Promise<string[]> }
  audit: AuditService
  clock: Clock
}

/** What the context knows of a customer already. */
export type KnownFacts = Pick<ActionFacts, 'lastOrder' | 'lastSentAt' | 'addedAt' | 'tagNames'> & {
  profile: Pick<Profile, 'birthday' | 'coupons'>
  /** Due by the end of today. */
  followUps: FollowUp[]
  /** Keys of what the guide has put away. */
  putAway: string[]
}

/** How long changed rules, new cards and a guide's day may go unseen. */
const rulesAgeMs = 15_000
const dayAgeMs = 30_000
const oneDayMs = 24 * 3_600_000
/** «For good» ends when the occasion can no longer come up. */
const forGoodMs = 400 * oneDayMs

/** Which customer to turn to, and why: rules only, the same facts give the same answer. */
export function createActionService(deps: Deps) {
  const { actions, relations, customers, profiles, followUps, orders, sends, tags, cards, replies, audit, clock } = deps
  const now = () => clock.now().getTime()
  const keptRules = createKeptAnswers<ActionRule[]>({ ttlMs: rulesAgeMs, now })
  const keptItems = createKeptAnswers<NewItem[]>({ ttlMs: rulesAgeMs, now })
  const keptDays = createKeptAnswers<Due[]>({ ttlMs: dayAgeMs, now })

  const readRules = (corpId: string): Promise<ActionRule[]> =>
    keptRules.read(corpId, async () => {
      const stored = new Map((await actions.listRules(corpId)).map((row) => [row.rule, row]))
      return builtInRules.map((rule) => {
        const tuned = stored.get(rule.rule)
        if (!tuned) return rule
        const { isOn, days, replyId, cardId, interests } = tuned
        return { rule: rule.rule, isOn, days, replyId, cardId, interests }
      })
    })

  const readNewItems = (corpId: string, rules: ActionRule[]): Promise<NewItem[]> => {
    const days = rules.find(({ rule }) => rule === 'new_item')?.days ?? 0
    return keptItems.read(`${corpId}/${days}`, () => cards.listNewest(corpId, new Date(now() - days * oneDayMs)))
  }

  const endOfToday = () => new Date(beijingDayStart(clock.now()).getTime() + oneDayMs - 1)
  const toFollowUpFacts = (rows: FollowUp[]): ActionFacts['followUps'] =>
    rows.map(({ _id, text, dueAt }) => ({ id: _id.toHexString(), text, dueAt }))

  /** What the rules find for each of these customers of a guide: six reads, however many there are. */
  async function findOf(
    guide: GuidePrincipal,
    mine: Pick<CustomerLine, 'externalUserId' | 'tagIds' | 'addedAt'>[],
    rules: ActionRule[],
    { sent = true } = {},
  ) {
    const { corpId } = guide
    const ids = mine.map(({ externalUserId }) => externalUserId)
    const [newItems, known, due, lastOrders, lastSends, words] = await Promise.all([
      readNewItems(corpId, rules),
      profiles.readMany(corpId, ids),
      followUps.listDue(guide, endOfToday()),
      orders.lastOf(corpId, ids),
      sent ? sends.lastOf(guide, ids) : new Map<string, Date>(),
      tags.describeFor(guide, [...new Set(mine.flatMap(({ tagIds }) => tagIds))]),
    ])
    const byCustomer = new Map(known.map((profile) => [profile.externalUserId, profile]))
    const names = new Map(words.map(({ tagId, name }) => [tagId, name]))
    const followUpsOf = Map.groupBy(due, ({ externalUserId }) => externalUserId)
    const at = { now: clock.now(), newItems }
    return mine.map(({ externalUserId, tagIds, addedAt }) => {
      const profile = byCustomer.get(externalUserId)
      const facts: ActionFacts = {
        birthday: profile?.birthday ?? null,
        coupons: profile ? openCoupons(profile, at.now) : [],
        followUps: toFollowUpFacts(followUpsOf.get(externalUserId) ?? []),
        lastOrder: lastOrders.get(externalUserId) ?? null,
        lastSentAt: lastSends.get(externalUserId) ?? null,
        addedAt,
        tagNames: tagIds.flatMap((tagId) => names.get(tagId) ?? []),
      }
      return { externalUserId, actions: findActions(rules, facts, at) }
    })
  }

  /** Everything due today of a guide with every customer, the weightiest first. */
  async function findDay(guide: GuidePrincipal): Promise<Due[]> {
    const [mine, rules, away] = await Promise.all([
      customers.listActive(guide),
      readRules(guide.corpId),
      actions.listPutAway(guide, clock.now()),
    ])
    const rows = (await findOf(guide, mine, rules)).flatMap(({ externalUserId, actions: all }) =>
      all
        .filter(({ key }) => !away.has(`${externalUserId}/${key}`))
        .slice(0, 1)
        .map((action) => ({
          externalUserId,
          action,
          place: [actionRuleNames.indexOf(action.rule), `${action.dueAt}/${externalUserId}`] as const,
        })),
    )
    return rows.toSorted(byPlace)
  }

  const dayKey = ({ corpId, userId }: GuidePrincipal) => `${corpId}/${userId}`

  return {
    rules: async (corpId: string): Promise<ActionRules> => ({ rules: await readRules(corpId) }),

    /**
     * Replaces the rules named; the others stay.
     * @throws AppError BAD_REQUEST for a rule named twice, or a reply or card that is not the corp's
     */
    async saveRules({ corpId, userId }: MemberKey, { rules }: ActionRules): Promise<ActionRules> {
      if (new Set(rules.map(({ rule }) => rule)).size < rules.length)
        throw new AppError('BAD_REQUEST', 'a rule stands there twice', { at: '/rules' })
      const cardIds = [...new Set(rules.flatMap(({ cardId }) => cardId ?? []))]
      const replyIds = [...new Set(rules.flatMap(({ replyId }) => replyId ?? []))]
      const [knownCards, knownReplies] = await Promise.all([
        cards.existing(corpId, cardIds),
        replies.existingShared(corpId, replyIds),
      ])
      if (knownCards.length < cardIds.length || knownReplies.length < replyIds.length)
        throw new AppError('BAD_REQUEST', 'the corp has no such reply or card', { at: '/rules' })
      const details = { rules: rules.map(({ rule, isOn, days }) => `${rule} ${isOn ? 'on' : 'off'} ${days}`) }
      await audit.note({ corpId, userId }, { action: 'rules.actions-changed', target: corpId, details })
      await actions.saveRules(corpId, rules, { byUserId: userId, updatedAt: clock.now() })
      keptRules.forget(corpId)
      return { rules: await readRules(corpId) }
    },

    /** The one best for a customer of whom all this is known. */
    async best(corpId: string, { profile, followUps: due, putAway, ...facts }: KnownFacts): Promise<NextAction | null> {
      const rules = await readRules(corpId)
      const at = { now: clock.now(), newItems: await readNewItems(corpId, rules) }
      const { birthday } = profile
      const whole = { ...facts, birthday, coupons: openCoupons(profile, at.now), followUps: toFollowUpFacts(due) }
      return findActions(rules, whole, at).find(({ key }) => !putAway.includes(key)) ?? null
    },

    /** Everything due today, a customer each with the weightiest. Half a minute old at most. */
    async myDay(guide: GuidePrincipal, query: { before?: string; limit: number }): Promise<MyDayPage> {
      const cursor = readCursor(query.before, ['number', 'string'])
      const all = await keptDays.read(dayKey(guide), () => findDay(guide))
      const rest = cursor ? all.filter(({ place }) => comparePlaces(place, cursor) > 0) : all
      const page = rest.slice(0, query.limit)
      const last = page.at(-1)
      const lines = await customers.lines(
        guide,
        page.map(({ externalUserId }) => externalUserId),
      )
      const items = page.flatMap(({ externalUserId, action }): MyDayItem[] => {
        const line = lines.get(externalUserId)
        return line ? [{ externalUserId, customerName: line.name, avatarUrl: line.avatarUrl, action }] : []
      })
      return { items, total: all.length, next: rest.length > query.limit && last ? toCursor(...last.place) : null }
    },

    /** Safe to repeat. @throws AppError RELATION_NOT_FOUND, BAD_REQUEST */
    async putAway(guide: GuidePrincipal, externalUserId: string, { key, until }: PutAwayAction): Promise<void> {
      const at = until === undefined ? new Date(now() + forGoodMs) : new Date(until)
      if (!(at.getTime() > now()) || at.getTime() > now() + forGoodMs)
        throw new AppError('BAD_REQUEST', 'a moment within the next year is needed', { at: '/until' })
      await relations.requireOwn(guide, externalUserId)
      const { corpId, userId } = guide
      await actions.putAway({ corpId, userId, externalUserId, key, until: at })
      keptDays.forget(dayKey(guide))
    },

    /**
     * A message went out: what it was ready for is done and put away. Safe to repeat.
     * @param contentRef `reply/…` or `card/…`
     */
    async noteSent(guide: GuidePrincipal, externalUserId: string, contentRef: string): Promise<void> {
      const isReady = ({ replyId, cardId }: Pick<NextAction, 'replyId' | 'cardId'>) =>
        contentRef === `reply/${replyId}` || contentRef === `card/${cardId}`
      const rules = (await readRules(guide.corpId)).filter((rule) => rule.rule === 'new_item' || isReady(rule))
      const line = rules.length > 0 && (await customers.lines(guide, [externalUserId])).get(externalUserId)
      if (line) {
        // The message itself is no sign of life that the rules may go by.
        const found = (await findOf(guide, [line], rules, { sent: false })).flatMap(({ actions: all }) =>
          all.filter(isReady),
        )
        const { corpId, userId } = guide
        const until = new Date(now() + forGoodMs)
        for (const { key } of found) await actions.putAway({ corpId, userId, externalUserId, key, until })
      }
      keptDays.forget(dayKey(guide))
    },

    /** Something about the guide's day has changed. */
    forgetDay: (guide: GuidePrincipal): void => keptDays.forget(dayKey(guide)),
  }
}

export type ActionService = ReturnType<typeof createActionService>

type Place = readonly [rank: number, rest: string]
type Due = { externalUserId: string; action: NextAction; place: Place }
const comparePlaces = (a: Place, b: Place) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0)
const byPlace = (a: Due, b: Due) => comparePlaces(a.place, b.place)
