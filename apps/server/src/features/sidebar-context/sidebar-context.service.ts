import type { GuideView, PerformanceView, QuickReplyView, SendView, SidebarContext } from '@guidebar/contracts'

import type { GuidePrincipal } from '../../platform/access.ts'
import type { Clock, Corps } from '../../platform/deps.ts'
import { beijingDay, beijingDayStart, beijingMonthStart } from '../../platform/beijing-time.ts'
import { AppError } from '../../platform/errors.ts'
import type { ContactRulesService } from '../contact-rules/contact-rules.service.ts'
import { noProfile, openCoupons, toProfileHead } from '../customer-profiles/profile.service.ts'
import type { GroupService } from '../group-chats/group.service.ts'
import type { ActionService } from '../next-actions/action.service.ts'
import type { CustomerContext, RelationService } from '../relations/relation.service.ts'
import type { CareReader } from '../relations/care.reader.ts'

type ContextTarget = { externalUserId?: string; chatId?: string }

type Deps = {
  guides: { view(guide: GuidePrincipal): Promise<GuideView> }
  relations: Pick<RelationService, 'contextOf' | 'lookUp'>
  quickReplies: { top(guide: GuidePrincipal, options: { limit: number }): Promise<QuickReplyView[]> }
  sends: {
    list(guide: GuidePrincipal, target: ContextTarget): Promise<SendView[]>
    performance(guide: GuidePrincipal): Promise<PerformanceView>
  }
  care: CareReader
  contactRules: Pick<ContactRulesService, 'toMeter'>
  actions: Pick<ActionService, 'best'>
  groups: Pick<GroupService, 'view'>
  corps: Corps
  clock: Clock
}

const topReplies = 5
const dayMs = 24 * 3_600_000
const nobody = { customer: null, relation: null, fellows: [] }

/** Everything the panel's first screen needs, in one answer and from the database alone. */
export function createSidebarContextService(deps: Deps) {
  const { guides, relations, quickReplies, sends, care, contactRules, actions, groups, corps, clock } = deps

  async function customerOf(principal: GuidePrincipal, externalUserId: string): Promise<CustomerContext> {
    try {
      return await relations.contextOf(principal, externalUserId)
    } catch (error) {
      const isUnknown = error instanceof AppError && error.code === 'RELATION_NOT_FOUND'
      if (!isUnknown || !(await relations.lookUp({ ...pick(principal), externalUserId }))) throw error
      return relations.contextOf(principal, externalUserId)
    }
  }

  /** What stands beside the customer; read side by side with him, and given away only if he is the guide's. */
  async function careOf(
    { corpId, userId }: GuidePrincipal,
    externalUserId: string,
    known: { who: Promise<CustomerContext>; sent: Promise<SendView[]> },
  ) {
    const now = clock.now()
    const dayStart = beijingDayStart(now)
    const endOfToday = new Date(dayStart.getTime() + dayMs - 1)
    const moments = { now, endOfToday, dayStart, monthStart: beijingMonthStart(now) }
    const reading = care.read({ corpId, userId, externalUserId }, moments)
    const [found, { relation }, [lastSend]] = await Promise.all([reading, known.who, known.sent])
    const { counts, lastOrder, followUps, putAway, ...rest } = found
    const profile = rest.profile ?? noProfile
    const [meter, nextAction] = await Promise.all([
      contactRules.toMeter(corpId, counts, profile.doNotDisturb),
      actions.best(corpId, {
        profile,
        followUps,
        putAway,
        lastOrder,
        lastSentAt: lastSend ? new Date(lastSend.sentAt) : null,
        addedAt: new Date(relation.addedAt),
        tagNames: relation.tags.map(({ name }) => name),
      }),
    ])
    const [coupon] = openCoupons(profile, now)
    const replyValues = {
      date: beijingDay(now),
      ...(profile.tier && { 'customer.tier': profile.tier }),
      ...(lastOrder && { 'order.last.no': lastOrder.orderNo }),
      ...(coupon && { 'coupon.expires': beijingDay(coupon.expiresAt) }),
    }
    return { profile: toProfileHead(profile), meter, nextAction, group: null, replyValues }
  }

  const nothingOfCustomer = () => ({
    profile: null,
    meter: null,
    nextAction: null,
    replyValues: { date: beijingDay(clock.now()) },
  })

  return {
    /**
     * @param target exactly one of customer and group; in a group customer and relation are null
     * @throws AppError RELATION_NOT_FOUND when the guide does not follow the customer now, GROUP_NOT_FOUND when the
     *   guide is not a member of the group, BAD_REQUEST
     */
    async of(principal: GuidePrincipal, target: ContextTarget): Promise<SidebarContext> {
      const { externalUserId, chatId } = target
      if ((externalUserId === undefined) === (chatId === undefined))
        throw new AppError('BAD_REQUEST', 'exactly one of externalUserId and chatId')
      const sent = sends.list(principal, target)
      const customer = externalUserId === undefined ? null : customerOf(principal, externalUserId)
      const [who, guide, replies, listed, performance, beside] = await Promise.all([
        customer ?? nobody,
        guides.view(principal),
        quickReplies.top(principal, { limit: topReplies }),
        sent,
        sends.performance(principal),
        customer && externalUserId !== undefined
          ? careOf(principal, externalUserId, { who: customer, sent })
          : groups.view(principal, chatId ?? '').then((group) => ({ ...nothingOfCustomer(), group })),
      ])
      return {
        asOf: clock.now().toISOString(),
        wecomReachable: corps.get(principal.corpId)?.health.reachable ?? false,
        guide,
        ...who,
        topReplies: replies,
        sends: listed,
        performance,
        ...beside,
      }
    },
  }
}

export type SidebarContextService = ReturnType<typeof createSidebarContextService>

const pick = ({ corpId, userId }: GuidePrincipal) => ({ corpId, userId })
