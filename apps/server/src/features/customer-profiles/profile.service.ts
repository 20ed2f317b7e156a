import type {
  ConfirmMatch,
  ContactPreferences,
  CustomerProfileView,
  MatchCandidate,
  MemberIntake,
  OwnedItem,
  ProfileHead,
  ProfileIntake,
} from '@guidebar/contracts'

import type { GuidePrincipal } from '../../platform/access.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { OrderLookups } from '../orders/order.lookups.ts'
import type { TimelineService } from '../timeline/timeline.service.ts'
import { isBirthday } from '../../platform/birthday.ts'
import type { Coupon, MemberFacts, Profile } from './profile.model.ts'
import { noProfile, type ProfileRepository } from './profile.repository.ts'

type Deps = {
  /** Told which customers are no longer as they were; must not fail. */
  changed: (corpId: string, externalUserIds: string[]) => Promise<void>
  profiles: ProfileRepository
  orders: OrderLookups
  relations: { requireOwn(guide: GuidePrincipal, externalUserId: string): Promise<unknown> }
  /** Covers of cards by SKU. */
  covers(corpId: string): Promise<Map<string, string>>
  timeline: Pick<TimelineService, 'append'>
  audit: AuditService
  clock: Clock
}

const shownItems = 5
const shownCandidates = 10

/** What the firm knows of a customer, and what the guide found out about who it is. */
export function createProfileService({ profiles, orders, relations, covers, timeline, audit, changed, clock }: Deps) {
  async function keep(...[corpId, externalUserId, wanted]: Parameters<typeof profiles.set>): Promise<void> {
    await profiles.set(corpId, externalUserId, wanted)
    await changed(corpId, [externalUserId])
  }

  const read = async (corpId: string, externalUserId: string) =>
    (await profiles.find(corpId, externalUserId)) ?? noProfile

  async function ownedItems(corpId: string, externalUserId: string): Promise<OwnedItem[]> {
    const [rows, pictures] = await Promise.all([
      orders.listOf(corpId, externalUserId, { limit: shownItems }),
      covers(corpId),
    ])
    const items = rows.flatMap(({ orderNo, paidAt, items: bought }) =>
      bought.map(({ sku, name, quantity, priceFen }) => ({
        sku,
        name,
        quantity,
        priceFen,
        orderNo,
        boughtAt: paidAt.toISOString(),
        coverUrl: pictures.get(sku) ?? null,
      })),
    )
    return items.slice(0, shownItems)
  }

  async function view(corpId: string, externalUserId: string): Promise<CustomerProfileView> {
    const [profile, items] = await Promise.all([read(corpId, externalUserId), ownedItems(corpId, externalUserId)])
    return {
      ...toProfileHead(profile),
      birthday: toBirthday(profile),
      preferences: profile.preferences,
      coupons: openCoupons(profile, clock.now()).map(({ code, name, expiresAt }) => ({
        code,
        name,
        expiresAt: expiresAt.toISOString(),
      })),
      ownedItems: items,
      asOf: profile.asOf.getTime() > 0 ? profile.asOf.toISOString() : null,
    }
  }

  async function confirmMember(guide: GuidePrincipal, externalUserId: string, memberNo: string): Promise<void> {
    const profile = await profiles.find(guide.corpId, externalUserId)
    if (profile?.memberNo && profile.memberNo !== memberNo)
      throw new AppError('CONFLICT', 'this customer is another member already')
    const member = await profiles.linkMember(guide.corpId, memberNo, externalUserId)
    if (!member) throw refusal(await profiles.findMember(guide.corpId, memberNo))
    await keep(guide.corpId, externalUserId, { memberNo, ...toFacts(member) })
  }

  async function confirmOrder(guide: GuidePrincipal, externalUserId: string, orderNo: string): Promise<void> {
    if (!(await orders.match(guide.corpId, orderNo, externalUserId)))
      throw new AppError('CONFLICT', 'this order belongs to a customer already, or there is none')
    await changed(guide.corpId, [externalUserId])
  }

  return {
    /** As stored, or empty. Callers have made sure that the customer is the guide's. */
    read,
    readMany: profiles.findMany,
    /** As `view`; callers have made sure that the customer may be seen. */
    viewOf: view,

    /** @throws AppError RELATION_NOT_FOUND unless the guide follows the customer now */
    async view(guide: GuidePrincipal, externalUserId: string): Promise<CustomerProfileView> {
      await relations.requireOwn(guide, externalUserId)
      return view(guide.corpId, externalUserId)
    },

    /** What the CRM tells of a customer. @returns false when something newer is known @throws AppError BAD_REQUEST */
    async take(corpId: string, externalUserId: string, { asOf, ...intake }: ProfileIntake): Promise<boolean> {
      const at = toMoment(asOf, '/asOf')
      const { memberNo, doNotDisturb, openTracking } = intake
      const change = {
        ...readFacts(intake),
        ...(memberNo !== undefined && { memberNo }),
        ...(doNotDisturb !== undefined && { doNotDisturb }),
        ...(openTracking !== undefined && { openTracking }),
      }
      if (memberNo !== undefined) await profiles.linkMember(corpId, memberNo, externalUserId)
      const isNew = await profiles.saveIfNewer(corpId, externalUserId, change, at)
      if (isNew) await changed(corpId, [externalUserId])
      return isNew
    },

    /** What the CRM tells of a member; reaches the customer once the two are linked. @returns as `take` */
    async takeMember(
      corpId: string,
      memberNo: string,
      { asOf, maskedName, ...intake }: MemberIntake,
    ): Promise<boolean> {
      const at = toMoment(asOf, '/asOf')
      const facts = readFacts(intake)
      const member = await profiles.saveMember(corpId, memberNo, { ...facts, maskedName }, at)
      // Also for an old telling: the one before may have died between the two writes.
      const known = member ?? (await profiles.findMember(corpId, memberNo))
      if (known?.externalUserId) await keep(corpId, known.externalUserId, toFacts(known))
      return member !== null
    },

    /** Goes on the record and on the timeline. @throws AppError RELATION_NOT_FOUND */
    async setPreferences(
      guide: GuidePrincipal,
      externalUserId: string,
      wanted: ContactPreferences,
    ): Promise<CustomerProfileView> {
      await relations.requireOwn(guide, externalUserId)
      const { corpId, userId } = guide
      const before = await read(corpId, externalUserId)
      if (before.doNotDisturb !== wanted.doNotDisturb || before.openTracking !== wanted.openTracking) {
        const at = clock.now()
        await audit.note(guide, { action: 'contact.preferences-changed', target: externalUserId, details: wanted })
        await keep(corpId, externalUserId, wanted)
        await timeline.append(corpId, externalUserId, {
          key: `contact/${externalUserId}/${at.getTime()}`,
          kind: 'contact_preferences_changed',
          at,
          userId: null,
          byUserId: userId,
          facts: { from: toPreferenceWords(before), to: toPreferenceWords(wanted) },
        })
      }
      return view(corpId, externalUserId)
    },

    /**
     * Who this customer may be: members and orders of whom nobody knows the customer, found by the end of a phone
     * number or a whole order number, never by name. Searches go on record.
     * @throws AppError RELATION_NOT_FOUND
     */
    async search(guide: GuidePrincipal, externalUserId: string, q: string): Promise<MatchCandidate[]> {
      await relations.requireOwn(guide, externalUserId)
      const { corpId } = guide
      const isTail = /^\d{4}$/.test(q)
      await audit.note(guide, {
        action: 'match.searched',
        target: externalUserId,
        details: { by: isTail ? 'phone' : 'order' },
      })
      const [members, found] = await Promise.all([
        isTail ? profiles.findUnmatched(corpId, q, shownCandidates) : [],
        orders.findUnmatched(corpId, isTail ? { phoneTail: q } : { orderNo: q }, shownCandidates),
      ])
      return [
        ...members.map(({ memberNo, maskedName, tier }) => ({
          type: 'member' as const,
          id: memberNo,
          maskedName,
          tier,
          title: '',
          amountFen: null,
          paidAt: null,
        })),
        ...found.map(({ orderNo, items, amountFen, paidAt }) => ({
          type: 'order' as const,
          id: orderNo,
          maskedName: '',
          tier: '',
          title: items[0]?.name ?? '',
          amountFen,
          paidAt: paidAt.toISOString(),
        })),
      ].slice(0, shownCandidates)
    },

    /**
     * The guide says so: this member, or this order, is the customer's. Safe to repeat.
     * @throws AppError RELATION_NOT_FOUND, NOT_FOUND, CONFLICT when it is another customer's already
     */
    async confirm(
      guide: GuidePrincipal,
      externalUserId: string,
      { type, id }: ConfirmMatch,
    ): Promise<CustomerProfileView> {
      await relations.requireOwn(guide, externalUserId)
      const { corpId, userId } = guide
      await (type === 'member' ? confirmMember : confirmOrder)(guide, externalUserId, id)
      await audit.note(guide, {
        key: `${type}/${id}/${externalUserId}`,
        action: 'match.confirmed',
        target: externalUserId,
        details: { type, id },
      })
      await timeline.append(corpId, externalUserId, {
        key: `match/${type}/${id}/${externalUserId}`,
        kind: 'matched',
        at: clock.now(),
        userId: null,
        byUserId: userId,
        facts: { to: id },
      })
      return view(corpId, externalUserId)
    },
  }
}

export { noProfile }
export type ProfileService = ReturnType<typeof createProfileService>

export const toProfileHead = ({
  tier,
  memberNo,
  doNotDisturb,
  openTracking,
}: Omit<Profile, '_id' | 'corpId' | 'externalUserId'>): ProfileHead => ({
  tier,
  memberNo,
  doNotDisturb,
  openTracking,
})

/** Not redeemed and not expired, the first to expire first. */
export const openCoupons = ({ coupons }: Pick<Profile, 'coupons'>, now: Date): Coupon[] =>
  coupons
    .filter(({ expiresAt, redeemedAt }) => !redeemedAt && expiresAt > now)
    .toSorted((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime())

function toBirthday({ birthday }: Pick<Profile, 'birthday'>): CustomerProfileView['birthday'] {
  if (!birthday) return null
  const { month, day, year } = birthday
  return { month, day, ...(year && { year }) }
}

const toFacts = ({ tier, birthday, preferences, coupons, phoneTail }: MemberFacts): MemberFacts => ({
  tier,
  birthday,
  preferences,
  coupons,
  phoneTail,
})

function readFacts(
  intake: Pick<ProfileIntake, 'tier' | 'birthday' | 'preferences' | 'coupons' | 'phoneTail'>,
): Partial<MemberFacts> {
  const { tier, birthday, preferences, coupons, phoneTail } = intake
  if (birthday && !isBirthday(birthday)) throw new AppError('BAD_REQUEST', 'no such day', { at: '/birthday' })
  return {
    ...(tier !== undefined && { tier }),
    ...(birthday !== undefined && { birthday }),
    ...(preferences !== undefined && { preferences }),
    ...(phoneTail !== undefined && { phoneTail }),
    ...(coupons !== undefined && {
      coupons: coupons.map(({ code, name, expiresAt, redeemedAt }) => ({
        code,
        name,
        expiresAt: toMoment(expiresAt, '/coupons'),
        redeemedAt: redeemedAt === undefined ? null : toMoment(redeemedAt, '/coupons'),
      })),
    }),
  }
}

function toMoment(text: string, at: string): Date {
  const moment = new Date(text)
  if (Number.isNaN(moment.getTime())) throw new AppError('BAD_REQUEST', 'no such moment', { at })
  return moment
}

const toPreferenceWords = ({ doNotDisturb, openTracking }: ContactPreferences) =>
  [doNotDisturb && 'do_not_disturb', !openTracking && 'no_open_tracking'].filter(Boolean).join(',')

function refusal(known: { externalUserId: string | null } | null): AppError {
  return known
    ? new AppError('CONFLICT', 'this member is another customer already')
    : new AppError('NOT_FOUND', 'no such member')
}
