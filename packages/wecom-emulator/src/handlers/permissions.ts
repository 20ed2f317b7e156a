import type { MemberRecord, RelationRecord } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { WecomFault } from '../wecom-fault.ts'

/** @throws WecomFault 60111 no such member, 60011 out of the visible range */
export function needMember(world: World, userId: string): MemberRecord {
  const member = world.directory.find(userId)
  if (!member) throw new WecomFault(60111)
  if (!world.directory.isVisible(member)) throw new WecomFault(60011)
  return member
}

/** @throws WecomFault as `needMember`, and 84074 when the member has no customer contact */
export function needGuide(world: World, userId: string): MemberRecord {
  const member = needMember(world, userId)
  if (!member.customerContact) throw new WecomFault(84074)
  return member
}

/** A customer who added a guide without check and was not added back shows in no call. */
export const isShown = (world: World, relation: RelationRecord) =>
  relation.status !== 'half' || world.settings.uncertain.halfRelations === 'visible'

/** Shown, and of a guide in the visible range: what the customer calls can reach. */
export const isReachable = (world: World, relation: RelationRecord) =>
  isShown(world, relation) && relation.guide.customerContact && world.directory.isVisible(relation.guide)

/** @throws WecomFault 60111, 60011, 84074, 40096 unknown customer, 84061 this guide does not follow that customer */
export function needRelation(world: World, userId: string, externalUserId: string): RelationRecord {
  const guide = needGuide(world, userId)
  if (!world.relations.customers.has(externalUserId)) throw new WecomFault(40096)
  const relation = world.relations.find(guide, externalUserId)
  if (!relation || !isShown(world, relation)) throw new WecomFault(84061)
  return relation
}
