import type {
  ChatSeed,
  CustomerSeed,
  DepartmentSeed,
  DumpPage,
  LoadInput,
  MemberSeed,
  RelationSeed,
  TagGroupSeed,
} from '../control-contract.ts'
import type { ChatRecord } from './chat.store.ts'
import { toIso } from './clock.ts'
import type { CustomerRecord, DepartmentRecord, MemberRecord, RelationRecord, TagGroupRecord } from './records.ts'
import { indexAfter, liveTagsOf } from './relation.store.ts'
import type { World } from './world.ts'

/** Places from here on count relations by their `seq`; those before count customers. */
const RELATIONS = 2 ** 40

/**
 * The corp as rows that `load` takes: small lists first, then customers, then relations in the order of their addition.
 * @param after `next` of the part before; 0 = begin
 * @param limit customers or relations in one part
 */
export function dumpRows(world: World, after: number, limit: number): DumpPage {
  const { customerList, lastSeq } = world.relations
  const page: DumpPage = { ...(after === 0 && dumpSmallLists(world)), next: null, changeCount: world.changes.count() }
  let place = after
  if (place < RELATIONS) {
    page.customers = customerList.slice(place, place + limit).map(toCustomerSeed)
    place = place + limit < customerList.length ? place + limit : RELATIONS
    if (Number.isFinite(limit)) return { ...page, next: place }
  }
  const to = place - RELATIONS + limit
  page.relations = relationsBetween(world, place - RELATIONS, to).map(toRelationSeed)
  return { ...page, next: to < lastSeq() ? RELATIONS + to : null }
}

function dumpSmallLists(world: World): LoadInput {
  const { directory, tags, chats } = world
  return {
    departments: [...directory.departments.values()].map(toDepartmentSeed),
    members: [
      ...[...directory.members.values()].map(toMemberSeed),
      ...[...directory.leavers.values()].map(toLeaverSeed),
    ],
    tagGroups: [...tags.groups.values()].map(toTagGroupSeed),
    chats: [...chats.chats.values()].map(toChatSeed),
    randomState: world.random.state(),
  }
}

/** All with `from` < seq ≤ `to`: a window of the numbers holds at most its width of them, whatever the corp's size. */
function relationsBetween({ directory, relations }: World, from: number, to: number): RelationRecord[] {
  const found: RelationRecord[] = []
  for (const guides of [directory.members, directory.leavers]) {
    for (const { relations: list } of guides.values()) {
      for (let index = indexAfter(list, from); index < list.length; index += 1) {
        const relation = list[index]
        if (!relation || relation.seq > to) break
        if (!relations.isRemoved(relation)) found.push(relation)
      }
    }
  }
  return found.sort((a, b) => a.seq - b.seq)
}

const toDepartmentSeed = (department: DepartmentRecord): DepartmentSeed => ({ ...department })

function toMemberSeed({ relations: _, version: __, ...fields }: MemberRecord): MemberSeed {
  return fields
}

const toLeaverSeed = (member: MemberRecord): MemberSeed => ({ ...toMemberSeed(member), left: true })

const toTagGroupSeed = ({ id, createdSec, strategyId, tags, ...group }: TagGroupRecord): TagGroupSeed => ({
  ...group,
  groupId: id,
  createdAt: toIso(createdSec),
  ...(strategyId !== null && { strategyId }),
  tags: tags.map(({ id: tagId, createdSec: tagCreatedSec, group: _, ...tag }) => ({
    ...tag,
    tagId,
    createdAt: toIso(tagCreatedSec),
  })),
})

const toCustomerSeed = ({ relations: _, work, ...customer }: CustomerRecord): CustomerSeed => ({ ...customer, ...work })

const toRelationSeed = (relation: RelationRecord): RelationSeed => ({
  userId: relation.guide.userId,
  externalUserId: relation.customer.externalUserId,
  remark: relation.remark,
  tagIds: liveTagsOf(relation).map((tag) => tag.id),
  addWay: relation.addWay,
  operUserId: relation.operUserId,
  addedAt: toIso(relation.createdSec),
  status: relation.status,
  ...(relation.state && { state: relation.state }),
  ...(relation.notes as Omit<RelationSeed, 'userId' | 'externalUserId'>),
  ...(relation.guide.status === 5 && { ofLeaver: true }),
})

const toChatSeed = ({ id, createdSec, members, ...chat }: ChatRecord): ChatSeed => ({
  ...chat,
  chatId: id,
  createdAt: toIso(createdSec),
  joined: members.map(({ joinedSec, ...member }) => ({ ...member, joinedAt: toIso(joinedSec) })),
})
