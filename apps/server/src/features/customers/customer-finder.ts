import type { CustomerCount, CustomerFilter, CustomerSelection, SegmentGroup } from '@guidebar/contracts'

import type { AdminPrincipal } from '../../platform/access.ts'
import type { Clock } from '../../platform/deps.ts'
import { scope } from '../../platform/rights/scope.ts'
import { toSegmentFilter } from './segment.filter.ts'
import { storesIn, type SegmentSetting } from './segment.people.ts'
import { entryIndexes, type CustomerEntry } from './customer-entry.model.ts'
import { isTyped, type EntryPlace, type EntryPlan, type EntryReader } from './customer-entry.reader.ts'
import { termsOf, toTyped } from './customer-terms.ts'

/** Somebody with a data scope: a signed-in admin, or one for whom a job is at work. */
export type Viewer = Pick<AdminPrincipal, 'corpId' | 'userId' | 'reach'>

type Deps = {
  entries: EntryReader
  /** Guides of each of these stores, those who left included. */
  guidesByStore: (corpId: string, storeIds: string[]) => Promise<Map<string, string[]>>
  /** @throws AppError NOT_FOUND */
  definitionOf: (viewer: Viewer, segmentId: string) => Promise<SegmentGroup>
  clock: Clock
}

/** What somebody asked for, within what he may see. */
export type Wanted = {
  filter: Record<string, unknown>
  plan: EntryPlan
  /** In the form in which terms are kept; empty when nothing was typed. */
  typed: string
}

/** With more guides than these, walking through everybody by date finds a page sooner. */
const mostMerged = 60
const rounds = 5
const mostVerified = 1_000

/** Turns what somebody asks for into customers: the one way from list, count, segment, job and export to the entries. */
export function createCustomerFinder({ entries, guidesByStore, definitionOf, clock }: Deps) {
  async function settingOf(viewer: Viewer, definition: SegmentGroup): Promise<SegmentSetting> {
    return {
      now: clock.now(),
      visible: scope(viewer).userIds,
      guidesOfStore: await guidesByStore(viewer.corpId, storesIn(definition)),
    }
  }

  /** @throws AppError BAD_REQUEST for days that are none */
  async function fromDefinition(viewer: Viewer, definition: SegmentGroup): Promise<Wanted> {
    const filter = toSegmentFilter(definition, await settingOf(viewer, definition))
    return { filter: { $and: [inScope(viewer), filter] }, plan: planOf(viewer, definition), typed: '' }
  }

  /** @throws AppError NOT_FOUND for a segment, a store or a guide that the viewer may not know of */
  async function fromFilter(
    viewer: Viewer,
    { q = '', segmentId, tagId, storeId, userId }: CustomerFilter,
  ): Promise<Wanted> {
    const within = scope(viewer)
    if (userId !== undefined) within.requireGuide(userId)
    if (storeId !== undefined) within.requireStore(storeId)
    const rules: SegmentGroup['rules'] = [
      ...(tagId === undefined ? [] : [{ field: 'tag' as const, is: 'any' as const, tagIds: [tagId] }]),
      ...(storeId === undefined ? [] : [{ field: 'store' as const, is: 'any' as const, storeIds: [storeId] }]),
      ...(userId === undefined ? [] : [{ field: 'guide' as const, is: 'any' as const, userIds: [userId] }]),
    ]
    const groups = segmentId === undefined ? [] : [await definitionOf(viewer, segmentId)]
    const wanted = await fromDefinition(viewer, { join: 'all', exclude: false, rules, groups })
    const typed = toTyped(q)
    if (!typed) return wanted
    return { ...wanted, filter: { $and: [wanted.filter, isTyped(viewer.corpId, typed)] }, typed }
  }

  async function fromSelection(viewer: Viewer, selection: CustomerSelection): Promise<Wanted> {
    if ('definition' in selection) return fromDefinition(viewer, selection.definition)
    if ('filter' in selection) return fromFilter(viewer, selection.filter)
    const ids = selection.externalUserIds.map((externalUserId) => `${viewer.corpId}/${externalUserId}`)
    return { filter: { $and: [inScope(viewer), { _id: { $in: ids } }] }, plan: 'all', typed: '' }
  }

  /** Few hits are fetched and sorted; of many the newest are met soon on the way through the dates. */
  async function hintFor({ corpId }: Viewer, { plan, typed }: Wanted, limit: number): Promise<string | undefined> {
    if (!typed) return plan === 'all' ? entryIndexes.newest : undefined
    const most = Math.ceil(Math.sqrt(limit * (await entries.size()))) + 1
    const hits = await entries.countTyped(corpId, typed, most)
    if (hits < most) return entryIndexes.typed
    return plan === 'all' ? entryIndexes.newest : undefined
  }

  /** A remark of somebody whose customers the viewer may not see must not lead to the customer. */
  function mayMatch(viewer: Viewer, typed: string) {
    if (viewer.reach === null || !typed) return () => true
    return (entry: CustomerEntry) => {
      const { name, relations, phoneTail } = entryWithin(viewer, entry)
      const texts = [name, ...relations.map(({ remark }) => remark), phoneTail]
      return termsOf(texts).some((term) => term.startsWith(typed))
    }
  }

  return {
    within: entryWithin,
    settingOf,
    fromDefinition,
    fromFilter,
    fromSelection,

    /** Newest first; at most `limit`, fewer only when there are no more. */
    async page(viewer: Viewer, wanted: Wanted, { before, limit }: { before: EntryPlace | null; limit: number }) {
      const hint = await hintFor(viewer, wanted, limit)
      const fits = mayMatch(viewer, wanted.typed)
      const found: CustomerEntry[] = []
      let from = before
      for (let round = 0; round < rounds; round++) {
        const rows = await entries.page(wanted.filter, { before: from, limit, hint })
        found.push(...rows.filter(fits))
        const last = rows.at(-1)
        if (!last || rows.length < limit || found.length >= limit) break
        from = last
      }
      return found.slice(0, limit)
    },

    /** How many were found by what was typed; for a narrow scope those that may be found, up to a thousand. */
    async countTyped(viewer: Viewer, { filter, typed }: Wanted): Promise<CustomerCount> {
      if (viewer.reach === null) return entries.countFound(filter)
      const rows = await entries.page(filter, { before: null, limit: mostVerified + 1, hint: entryIndexes.typed })
      const count = rows.filter(mayMatch(viewer, typed)).length
      return { count: Math.min(count, mostVerified), isEstimate: rows.length > mostVerified }
    },

    /** Whether one customer is among them. */
    async find(viewer: Viewer, externalUserId: string): Promise<CustomerEntry | null> {
      return entries.find({ $and: [inScope(viewer), { _id: `${viewer.corpId}/${externalUserId}` }] })
    },
  }
}

export type CustomerFinder = ReturnType<typeof createCustomerFinder>

const inScope = (viewer: Viewer) => scope(viewer).byFollowers('relations.userId')

/** The entry as the viewer may see it: without the relations of others. */
export function entryWithin(viewer: Pick<Viewer, 'corpId' | 'reach'>, entry: CustomerEntry): CustomerEntry {
  const within = scope(viewer)
  return within.isAll ? entry : { ...entry, relations: entry.relations.filter(({ userId }) => within.hasGuide(userId)) }
}

/** An index helps when something that it knows must hold for everybody in the segment. */
function planOf(viewer: Viewer, definition: SegmentGroup): EntryPlan {
  if (viewer.reach !== null && viewer.reach.userIds.length <= mostMerged) return 'guides'
  const must = neededFields(definition)
  if (must.includes('guide') || must.includes('store')) return 'guides'
  return must.includes('tag') ? 'tag' : 'all'
}

function neededFields({ exclude, join, rules, groups }: SegmentGroup): string[] {
  if (exclude || (join === 'any' && rules.length + groups.length > 1)) return []
  const own = rules.flatMap((rule) => ('is' in rule && rule.is === 'any' ? [rule.field] : []))
  return [...own, ...groups.flatMap(neededFields)]
}
