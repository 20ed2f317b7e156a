import type {
  ChatView,
  CorpView,
  CustomerView,
  MediaView,
  MemberView,
  RelationView,
  TagGroupView,
} from './control-contract.ts'
import type { CallbackSender } from './callbacks/callback.sender.ts'
import { type ChatRecord, isExternalId } from './state/chat.store.ts'
import { toIso } from './state/clock.ts'
import type { MediaRecord } from './state/media.store.ts'
import type { CustomerRecord, MemberRecord, RelationRecord, TagGroupRecord } from './state/records.ts'
import { liveTagsOf } from './state/relation.store.ts'
import type { World } from './state/world.ts'

export function toRelationView(relation: RelationRecord): RelationView {
  const tags = liveTagsOf(relation)
  return {
    userId: relation.guide.userId,
    externalUserId: relation.customer.externalUserId,
    status: relation.status,
    remark: relation.remark,
    description: relation.notes.description ?? '',
    company: relation.notes.company ?? '',
    mobiles: [...(relation.notes.mobiles ?? [])],
    tagIds: tags.map((tag) => tag.id),
    tagNames: tags.map((tag) => tag.name),
    addWay: relation.addWay,
    operUserId: relation.operUserId,
    state: relation.state,
    addedAt: toIso(relation.createdSec),
  }
}

export const toCustomerView = (customer: CustomerRecord): CustomerView => ({
  externalUserId: customer.externalUserId,
  name: customer.name,
  type: customer.type,
  gender: customer.gender,
  avatar: customer.avatar,
  unionId: customer.unionId,
  relations: customer.relations.map(toRelationView),
})

export const toMemberView = (world: World, member: MemberRecord): MemberView => ({
  userId: member.userId,
  name: member.name,
  departmentIds: member.departmentIds,
  position: member.position,
  avatar: member.avatar,
  status: member.status,
  customerContact: member.customerContact,
  visible: world.directory.isVisible(member),
  customerCount: world.relations.countOf(member),
})

export const toTagGroupView = (world: World, group: TagGroupRecord): TagGroupView => ({
  groupId: group.id,
  name: group.name,
  order: group.order,
  strategyId: group.strategyId,
  tags: world.tags.liveTagsOf(group).map(({ id, name, order }) => ({ tagId: id, name, order })),
})

export const toChatView = (world: World, chat: ChatRecord): ChatView => ({
  chatId: chat.id,
  name: chat.name,
  ownerUserId: chat.ownerUserId,
  notice: chat.notice,
  members: chat.members.map(({ id }) => ({
    id,
    name: world.relations.customers.get(id)?.name ?? world.directory.find(id)?.name ?? '',
    external: isExternalId(id),
  })),
})

export const toMediaView = (world: World, media: MediaRecord): MediaView => ({
  mediaId: media.id,
  type: media.type,
  filename: media.filename,
  contentType: media.contentType,
  bytes: media.bytes.length,
  createdAt: toIso(media.createdSec),
  ageSec: world.media.ageSec(media),
  expired: world.media.isExpired(media),
  url: `/media/${media.id}`,
})

export function toCorpView(world: World, callbacks: CallbackSender): CorpView {
  const { corp, agent } = world.settings
  const token = world.credentials.currentToken()
  return {
    corpId: corp.corpId,
    corpName: corp.name,
    agentId: agent.agentId,
    agentName: agent.name,
    now: world.clock.nowIso(),
    counts: {
      departments: world.directory.departments.size,
      members: world.directory.members.size,
      customers: world.relations.customers.size,
      relations: world.relations.count(),
      tags: world.tags.countCorpTags(),
      chats: world.chats.chats.size,
      media: world.media.all.size,
      messages: world.messages.messages.count(),
    },
    token: token && { expiresAt: toIso(token.expiresSec) },
    pendingCallbacks: callbacks.pending(),
    hangingCalls: world.heldCount(),
    changeCount: world.changes.count(),
  }
}
