import { hash } from 'node:crypto'

import type { Profile } from '../customer-profiles/profile.model.ts'
import type { OrderSum } from '../orders/order.lookups.ts'
import type { Customer } from '../relations/customer.model.ts'
import type { CustomerReader, PlainRelation } from '../relations/customer.reader.ts'
import type { SentTo } from '../sends/send.lookups.ts'
import type { CustomerEntry, EntryRelation } from './customer-entry.model.ts'
import { termsOf } from './customer-terms.ts'

type Deps = {
  customers: Pick<CustomerReader, 'listIds' | 'currentOf' | 'people'>
  profiles: { findMany(corpId: string, externalUserIds: string[]): Promise<Profile[]> }
  orders: { sumsOf(corpId: string, externalUserIds: string[]): Promise<OrderSum[]> }
  sends: { lastToEach(corpId: string, externalUserIds: string[]): Promise<SentTo[]> }
}

/** Works out what is to stand in the entries of some customers. */
export function createEntrySources({ customers, profiles, orders, sends }: Deps) {
  return {
    /** Ids of customers who were ever followed, in their order. @param after the last one seen */
    listIds: customers.listIds,

    /** @returns an entry for each of these customers whom somebody follows now */
    async read(corpId: string, externalUserIds: string[]): Promise<CustomerEntry[]> {
      if (externalUserIds.length === 0) return []
      const [pairs, people, facts, bought, sent] = await Promise.all([
        customers.currentOf(corpId, externalUserIds),
        customers.people(corpId, externalUserIds),
        profiles.findMany(corpId, externalUserIds),
        orders.sumsOf(corpId, externalUserIds),
        sends.lastToEach(corpId, externalUserIds),
      ])
      const pairsOf = Map.groupBy(pairs, ({ externalUserId }) => externalUserId)
      const personOf = new Map(people.map((person) => [person.externalUserId, person]))
      const factsOf = new Map(facts.map((fact) => [fact.externalUserId, fact]))
      const boughtOf = new Map(bought.map((sum) => [sum._id, sum]))
      const sentOf = Map.groupBy(sent, ({ _id }) => _id.externalUserId)
      return [...pairsOf].flatMap(([externalUserId, own]) => {
        const person = personOf.get(externalUserId)
        // The person is stored before the first relation; without one there is nothing to show.
        if (!person) return []
        const relationsNow = own.map((pair) => toEntryRelation(pair, sentOf.get(externalUserId) ?? []))
        return [toEntry(person, relationsNow, factsOf.get(externalUserId), boughtOf.get(externalUserId))]
      })
    },
  }
}

export type EntrySources = ReturnType<typeof createEntrySources>

function toEntryRelation({ externalUserId: _, ...pair }: PlainRelation, sent: SentTo[]): EntryRelation {
  const own = sent.find(({ _id }) => _id.userId === pair.userId)
  return { ...pair, tagIds: [...pair.tagIds], sentAt: own?.sentAt ?? null, openedAt: own?.openedAt ?? null }
}

function toEntry(
  { _id, corpId, externalUserId, name, avatarUrl, type }: Customer,
  unsorted: EntryRelation[],
  profile: Profile | undefined,
  bought: OrderSum | undefined,
): CustomerEntry {
  const relations = unsorted.toSorted(
    (a, b) => b.addedAt.getTime() - a.addedAt.getTime() || (a.userId < b.userId ? -1 : 1),
  )
  const phoneTail = profile?.phoneTail ?? ''
  const content = {
    name,
    avatarUrl: avatarUrl ?? null,
    type,
    relations,
    addedAt: relations[0]!.addedAt,
    terms: termsOf([name, ...relations.map(({ remark }) => remark), phoneTail]),
    orderCount: bought?.orderCount ?? 0,
    spentFen: bought?.spentFen ?? 0,
    lastOrderAt: bought?.lastOrderAt ?? null,
    tier: profile?.tier ?? '',
    birthday: profile?.birthday ? profile.birthday.month * 100 + profile.birthday.day : 0,
    doNotDisturb: profile?.doNotDisturb ?? false,
    phoneTail,
  }
  const digest = hash('sha256', externalUserId, 'buffer')
  return {
    _id,
    corpId,
    externalUserId,
    ...content,
    bucket: digest.readUInt16BE(0) % 1_024,
    contentHash: hash('sha256', JSON.stringify(content), 'base64url').slice(0, 22),
  }
}
