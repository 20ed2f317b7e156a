import type { CustomerSeed, RelationSeed } from '../control-contract.ts'
import type { ChangeCounter } from './changes.ts'
import { type EmulatorClock, toSeconds } from './clock.ts'
import { createListLags, type ListLag } from './list-lags.ts'
import type { Ids } from './random.ts'
import type { CustomerRecord, MemberRecord, RelationNotes, RelationRecord, TagRecord } from './records.ts'

const noTags: readonly TagRecord[] = Object.freeze([])
const noNotes: RelationNotes = Object.freeze({})

/** Customers and who follows them. A pair is found through the customer, who seldom has more than a few guides. */
export function createRelationStore(ids: Ids, clock: EmulatorClock, changes: ChangeCounter) {
  const customers = new Map<string, CustomerRecord>()
  // In the order in which they came: pages of a million must not walk through the map each time.
  const customerList: CustomerRecord[] = []
  const lags = createListLags(clock.now, dropFromGuide)
  let seq = 0
  let count = 0

  function newCustomerId(type: 1 | 2): string {
    const id = ids.customer(type)
    // A corp that was loaded may hold ids of an earlier run with the same seed.
    return customers.has(id) ? newCustomerId(type) : id
  }

  function putCustomer(seed: CustomerSeed): CustomerRecord {
    const type = seed.type ?? 1
    const externalUserId = seed.externalUserId ?? newCustomerId(type)
    const fields = {
      name: seed.name,
      type,
      gender: seed.gender ?? 0,
      avatar: seed.avatar ?? '',
      unionId: seed.unionId ?? '',
      work:
        type === 2
          ? { position: seed.position ?? '', corpName: seed.corpName ?? '', corpFullName: seed.corpFullName ?? '' }
          : null,
    }
    changes.add()
    const before = customers.get(externalUserId)
    if (before) return Object.assign(before, fields)
    return addCustomer({ externalUserId, ...fields, relations: [] })
  }

  function addCustomer(record: CustomerRecord): CustomerRecord {
    customers.set(record.externalUserId, record)
    customerList.push(record)
    return record
  }

  const find = (guide: MemberRecord, externalUserId: string) =>
    customers.get(externalUserId)?.relations.find((relation) => relation.guide === guide)

  function dropFromGuide({ guide, seq: place }: RelationRecord) {
    guide.relations.splice(indexAfter(guide.relations, place - 1), 1)
  }

  function touch(relation: RelationRecord) {
    relation.guide.version += 1
    changes.add()
  }

  function remove(relation: RelationRecord, lag: ListLag | null = null) {
    relation.customer.relations.splice(relation.customer.relations.indexOf(relation), 1)
    if (lag) lags.keepShowing(relation, lag)
    else dropFromGuide(relation)
    count -= 1
    touch(relation)
  }

  function put(
    guide: MemberRecord,
    customer: CustomerRecord,
    seed: Omit<RelationSeed, 'userId' | 'externalUserId' | 'tagIds'>,
    tags: readonly TagRecord[] = noTags,
    lag: ListLag | null = null,
  ) {
    const before = find(guide, customer.externalUserId)
    if (before) remove(before, lag)
    const relation = addRelation({
      seq: 0,
      guide,
      customer,
      status: seed.status ?? 'both',
      createdSec: seed.addedAt ? toSeconds(seed.addedAt) : clock.nowSec(),
      remark: seed.remark ?? customer.name,
      tags: tags.length ? tags : noTags,
      addWay: seed.addWay ?? 1,
      operUserId: seed.operUserId ?? customer.externalUserId,
      state: seed.state ?? '',
      notes: toNotes(seed),
    })
    customer.relations.push(relation)
    if (lag) lags.showLate(relation, lag)
    return relation
  }

  /** Gives it its `seq` and puts it into the guide's list; the customer's list is the caller's. */
  function addRelation(relation: RelationRecord): RelationRecord {
    seq += 1
    count += 1
    relation.seq = seq
    relation.guide.relations.push(relation)
    touch(relation)
    return relation
  }

  return {
    customers,
    customerList,
    putCustomer,
    addCustomer,
    find,
    put,
    addRelation,
    remove,
    count: () => count,
    lastSeq: () => seq,
    edit(relation: RelationRecord, change: Partial<Pick<RelationRecord, 'remark' | 'tags' | 'status' | 'notes'>>) {
      Object.assign(relation, change)
      touch(relation)
    },
    /** @returns whether the lists of this path show a relation, given what they do not know yet */
    listedOn(path: string) {
      lags.settle()
      return (relation: RelationRecord) => lags.isListed(relation, path)
    },
    /** Still in its guide's list, only because the lists do not know better yet. */
    isRemoved: lags.isRemoved,
    countOf(guide: MemberRecord): number {
      lags.settle()
      return guide.relations.filter((relation) => !lags.isRemoved(relation)).length
    },
  }
}

export const noRelationTags = noTags
export const noRelationNotes = noNotes

function toNotes({
  description,
  company,
  mobiles,
  personalTags,
  wechatChannels,
}: Omit<RelationSeed, 'userId' | 'externalUserId'>): RelationNotes {
  if (!description && !company && !mobiles?.length && !personalTags?.length && !wechatChannels) return noNotes
  return { description, company, mobiles, personalTags, wechatChannels }
}

/** @returns the index of the first relation whose `seq` is larger */
export function indexAfter(relations: readonly RelationRecord[], seq: number): number {
  let low = 0
  let high = relations.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((relations[middle]?.seq ?? 0) > seq) high = middle
    else low = middle + 1
  }
  return low
}

/** Corp and rule-group tags of a relation that still exist. */
export const liveTagsOf = (relation: RelationRecord) =>
  relation.tags.length === 0 ? noTags : relation.tags.filter((tag) => !tag.deleted)
