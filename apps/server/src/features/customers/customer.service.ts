import type {
  CustomerCount,
  CustomerDetail,
  CustomerFilter,
  CustomerPage,
  CustomerPhones,
  CustomerProfileView,
  CustomerQuery,
  CustomerRelation,
  CustomerRow,
  RelationTag,
  SegmentChoices,
  TimelinePage,
  TimelineQuery,
} from '@guidebar/contracts'
import { WecomError } from '@guidebar/wecom'

import type { AdminPrincipal } from '../../platform/access.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { Corps } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { readCursor, toCursor, toPage } from '../../platform/page-cursor.ts'
import { scope } from '../../platform/rights/scope.ts'
import { toAppError } from '../../platform/wecom-errors.ts'
import type { CustomerReader } from '../relations/customer.reader.ts'
import type { Profile } from '../customer-profiles/profile.model.ts'
import type { CustomerEntry } from './customer-entry.model.ts'
import type { EntryReader } from './customer-entry.reader.ts'
import { entryWithin, type CustomerFinder, type Viewer } from './customer-finder.ts'
import type { CustomerTotals } from './customer-totals.ts'

type Name = { name: string; storeName: string }
type Deps = {
  finder: CustomerFinder
  entries: EntryReader
  totals: CustomerTotals
  /** Relations and person as they are now, not as the entries have them. */
  customers: Pick<CustomerReader, 'personOf' | 'relationsOf'>
  profiles: {
    viewOf(corpId: string, externalUserId: string): Promise<CustomerProfileView>
    read(corpId: string, externalUserId: string): Promise<Omit<Profile, '_id' | 'corpId' | 'externalUserId'>>
  }
  timeline: {
    listOf(
      of: { corpId: string; userIds: string[] },
      externalUserId: string,
      query: TimelineQuery,
    ): Promise<TimelinePage>
  }
  guides: { names(corpId: string, userIds: string[]): Promise<Map<string, Name>> }
  directory: {
    storesWithGuides(
      corpId: string,
    ): Promise<{ storeId: string; name: string; guides: { userId: string; name: string }[] }[]>
  }
  tags: { describe(corpId: string, tagIds: string[]): Promise<RelationTag[]> }
  audit: AuditService
  corps: Corps
}

/** Customers for the admin panel: everything stays within the admin's data scope. */
export function createCustomerService(deps: Deps) {
  const { finder, entries, totals, customers, profiles, timeline, guides, directory, tags, audit, corps } = deps

  async function toRows(viewer: Viewer, found: CustomerEntry[]): Promise<CustomerRow[]> {
    const { corpId } = viewer
    const seen = found.map((entry) => entryWithin(viewer, entry))
    const relations = seen.flatMap((entry) => entry.relations)
    const [names, words] = await Promise.all([
      guides.names(corpId, [...new Set(relations.map(({ userId }) => userId))]),
      tags.describe(corpId, [...new Set(relations.flatMap(({ tagIds }) => tagIds))]),
    ])
    return seen.map((entry) => toRow(entry, names, words))
  }

  /** The customer's relations that the viewer may see. @throws AppError CUSTOMER_NOT_FOUND when there is none */
  async function requireRelations(viewer: Viewer, externalUserId: string) {
    const within = scope(viewer)
    const all = await customers.relationsOf({ corpId: viewer.corpId, externalUserId })
    const relations = all.filter(({ userId }) => within.hasGuide(userId))
    if (relations.length === 0) throw new AppError('CUSTOMER_NOT_FOUND', 'no such customer in this scope')
    return relations
  }

  return {
    /** @throws AppError NOT_FOUND for a store or guide out of scope, SEGMENT_NOT_FOUND, BAD_REQUEST */
    async list(admin: AdminPrincipal, { before, limit, ...filter }: CustomerQuery): Promise<CustomerPage> {
      const cursor = readCursor(before, ['number', 'string'])
      const place = cursor && { addedAt: new Date(cursor[0]), externalUserId: cursor[1] }
      const wanted = await finder.fromFilter(admin, filter)
      const found = await finder.page(admin, wanted, { before: place, limit: limit + 1 })
      const page = toPage(found, limit, (last) => toCursor(last.addedAt.getTime(), last.externalUserId))
      return { customers: await toRows(admin, page.rows), next: page.next }
    },

    /** How many the list holds with these conditions. @throws as `list` */
    async total(admin: AdminPrincipal, filter: CustomerFilter): Promise<CustomerCount> {
      if (Object.values(filter).every((value) => !value)) return totals.all(admin)
      const wanted = await finder.fromFilter(admin, filter)
      if (wanted.typed) return finder.countTyped(admin, wanted)
      return entries.count(wanted.filter, wanted.plan)
    },

    /** On record, as every look at one customer. @throws AppError CUSTOMER_NOT_FOUND */
    async detail(admin: AdminPrincipal, externalUserId: string): Promise<CustomerDetail> {
      const { corpId } = admin
      const relations = await requireRelations(admin, externalUserId)
      await audit.note(admin, { action: 'customers.read', target: externalUserId })
      const [person, entry, profile, facts, names, words] = await Promise.all([
        customers.personOf({ corpId, externalUserId }),
        finder.find(admin, externalUserId),
        profiles.viewOf(corpId, externalUserId),
        profiles.read(corpId, externalUserId),
        guides.names(
          corpId,
          relations.map(({ userId }) => userId),
        ),
        tags.describe(corpId, [...new Set(relations.flatMap(({ tagIds }) => tagIds))]),
      ])
      if (!person) throw new AppError('CUSTOMER_NOT_FOUND', 'no such customer in this scope')
      const { name, avatarUrl, gender, type, corpName } = person
      return {
        customer: { externalUserId, name, avatarUrl: avatarUrl ?? null, gender, type, corpName: corpName ?? null },
        maskedPhone: mask(facts.phoneTail),
        profile,
        orders: toOrders(entry),
        relations: relations.map((relation): CustomerRelation => ({
          ...toFollower(relation, names),
          description: relation.description,
          tags: words.filter(({ tagId }) => relation.tagIds.includes(tagId)),
          addWay: relation.addWay,
          state: relation.state,
        })),
      }
    },

    /** Of all relations the admin may see, newest first. @throws AppError CUSTOMER_NOT_FOUND, BAD_REQUEST */
    async timeline(admin: AdminPrincipal, externalUserId: string, query: TimelineQuery): Promise<TimelinePage> {
      const relations = await requireRelations(admin, externalUserId)
      const userIds = relations.map(({ userId }) => userId)
      return timeline.listOf({ corpId: admin.corpId, userIds }, externalUserId, query)
    },

    /**
     * The phone numbers that guides in scope noted in WeCom, asked for now; nothing of them is kept here. On record
     * before they are fetched.
     * @throws AppError CUSTOMER_NOT_FOUND, WECOM_BUSY, WECOM_UNAVAILABLE and what else WeCom refuses
     */
    async phones(admin: AdminPrincipal, externalUserId: string): Promise<CustomerPhones> {
      const { corpId } = admin
      const userIds = (await requireRelations(admin, externalUserId)).map(({ userId }) => userId)
      await audit.note(admin, { action: 'customers.phone-revealed', target: externalUserId })
      const names = await guides.names(corpId, userIds)
      const read = await readAtWecom(corpId, externalUserId)
      const phones = read.flatMap(({ userId, remarkMobiles }) =>
        userIds.includes(userId)
          ? remarkMobiles.map((phone) => ({ phone, guideName: names.get(userId)?.name ?? userId }))
          : [],
      )
      return { phones: [...new Map(phones.map((row) => [row.phone, row])).values()] }
    },

    /** Stores, guides and words that occur within the admin's scope. */
    async choices(admin: AdminPrincipal): Promise<SegmentChoices> {
      const within = scope(admin)
      const [all, tiers, states] = await Promise.all([
        directory.storesWithGuides(admin.corpId),
        entries.distinct(within.byFollowers('relations.userId'), 'tier', 50),
        entries.distinct(within.byFollowers('relations.userId'), 'relations.state', 100),
      ])
      const stores = all.filter(({ storeId }) => within.hasStore(storeId))
      return {
        stores: stores.map(({ storeId, name }) => ({ storeId, name })),
        guides: all.flatMap(({ name: storeName, guides: own }) =>
          own.filter(({ userId }) => within.hasGuide(userId)).map((guide) => ({ ...guide, storeName })),
        ),
        tiers,
        states,
      }
    },
  }

  async function readAtWecom(corpId: string, externalUserId: string) {
    const corp = corps.get(corpId)
    if (!corp) return []
    try {
      return (await corp.wecom.externalContact.get(externalUserId, { lane: 'interactive' })).relations
    } catch (error) {
      // Nobody follows this customer any more.
      if (error instanceof WecomError && error.errcode === 84061) return []
      throw toAppError(error)
    }
  }
}

export type CustomerService = ReturnType<typeof createCustomerService>

export const mask = (phoneTail: string) => (phoneTail ? `•••• ${phoneTail}` : '')

const toStatus = (status: string) => (status === 'deleted_by_customer' ? 'deleted_by_customer' : 'active')

function toFollower(
  { userId, remark, status, addedAt }: { userId: string; remark: string; status: string; addedAt: Date },
  names: Map<string, Name>,
) {
  const { name, storeName } = names.get(userId) ?? { name: userId, storeName: '' }
  return { userId, name, storeName, remark, status: toStatus(status), addedAt: addedAt.toISOString() } as const
}

function toOrders(entry: CustomerEntry | null): CustomerRow['orders'] {
  const { orderCount = 0, spentFen = 0, lastOrderAt = null } = entry ?? {}
  return { count: orderCount, amountFen: spentFen, lastAt: lastOrderAt?.toISOString() ?? null }
}

function toRow(entry: CustomerEntry, names: Map<string, Name>, words: RelationTag[]): CustomerRow {
  const { externalUserId, name, avatarUrl, type, tier, relations } = entry
  const tagIds = new Set(relations.flatMap((relation) => relation.tagIds))
  const sent = relations.flatMap(({ sentAt }) => sentAt?.getTime() ?? [])
  return {
    externalUserId,
    name,
    avatarUrl,
    type,
    tier,
    maskedPhone: mask(entry.phoneTail),
    followers: relations.map((relation) => toFollower(relation, names)),
    tags: words.filter(({ tagId }) => tagIds.has(tagId)),
    orders: toOrders(entry),
    lastSentAt: sent.length > 0 ? new Date(Math.max(...sent)).toISOString() : null,
  }
}
