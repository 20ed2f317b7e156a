import type { LoadInput, LoadResult } from '../control-contract.ts'
import type { CustomerRecord, MemberRecord, RelationRecord, TagGroupRecord, TagRecord } from './records.ts'
import type { World } from './world.ts'

/** A control command that cannot be done; the message says what is wrong with it. */
export class ControlError extends Error {
  readonly status: 400 | 404

  constructor(status: 400 | 404, message: string) {
    super(message)
    this.name = 'ControlError'
    this.status = status
  }
}

/** @throws ControlError 404 */
export function needMemberRecord(world: World, userId: string): MemberRecord {
  const member = world.directory.find(userId)
  if (!member) throw new ControlError(404, `no member ${userId}`)
  return member
}

function needLeaver(world: World, userId: string): MemberRecord {
  const member = world.directory.leavers.get(userId.toLowerCase())
  if (!member) throw new ControlError(404, `nobody left as ${userId}`)
  return member
}

/** @throws ControlError 404 */
export function needCustomer(world: World, externalUserId: string): CustomerRecord {
  const customer = world.relations.customers.get(externalUserId)
  if (!customer) throw new ControlError(404, `no customer ${externalUserId}`)
  return customer
}

/** @throws ControlError 404 */
export function needPair(world: World, userId: string, externalUserId: string): RelationRecord {
  const relation = world.relations.find(needMemberRecord(world, userId), externalUserId)
  if (!relation) throw new ControlError(404, `${userId} does not follow ${externalUserId}`)
  return relation
}

/** @throws ControlError 404 */
export function needTagGroup(world: World, groupId: string): TagGroupRecord {
  const group = world.tags.liveGroup(groupId)
  if (!group) throw new ControlError(404, `no tag group ${groupId}`)
  return group
}

/** @throws ControlError 404 */
export const needTags = (world: World, tagIds: readonly string[]): TagRecord[] =>
  tagIds.map((id) => {
    const tag = world.tags.liveTag(id)
    if (!tag) throw new ControlError(404, `no tag ${id}`)
    return tag
  })

/** Adds rows in the order in which they need one another. Raises no callbacks. */
export function loadRows(world: World, rows: LoadInput): LoadResult {
  for (const department of rows.departments ?? []) world.directory.putDepartment(department)
  for (const member of rows.members ?? []) world.directory.putMember(member)
  const groups = (rows.tagGroups ?? []).map((group) => world.tags.addGroup(group))
  const customers = (rows.customers ?? []).map((customer) => world.relations.putCustomer(customer))
  const tagLists = createTagLists(world)
  for (const { userId, externalUserId, tagIds, ofLeaver, ...seed } of rows.relations ?? []) {
    world.relations.put(
      ofLeaver ? needLeaver(world, userId) : needMemberRecord(world, userId),
      needCustomer(world, externalUserId),
      seed,
      tagLists(tagIds ?? []),
    )
  }
  const chats = (rows.chats ?? []).map((chat) => world.chats.put(chat))
  if (rows.randomState !== undefined) world.random.restore(rows.randomState)
  return {
    tagGroups: groups.map((group) => ({
      groupId: group.id,
      name: group.name,
      tags: group.tags.map(({ id, name }) => ({ tagId: id, name })),
    })),
    externalUserIds: customers.map((customer) => customer.externalUserId),
    chatIds: chats.map((chat) => chat.id),
  }
}

/** Relations with the same tags share one list: a million relations seldom have as many different ones. */
function createTagLists(world: World) {
  const known = new Map<string, readonly TagRecord[]>()
  return (tagIds: readonly string[]): readonly TagRecord[] => {
    if (tagIds.length === 0) return []
    const key = tagIds.join(' ')
    let list = known.get(key)
    if (!list) {
      list = needTags(world, tagIds)
      known.set(key, list)
    }
    return list
  }
}
