import { type ChatMember, type ChatRecord, isExternalId, memberVersionOf } from '../state/chat.store.ts'
import type { World } from '../state/world.ts'
import { WecomFault } from '../wecom-fault.ts'
import type { Call, DefineEndpoint, Endpoint } from './endpoint.ts'
import { needText, readInteger, readText, readTexts } from './parameters.ts'

interface GroupChatListAnswer {
  group_chat_list: { chat_id: string; status: number }[]
  next_cursor?: string
}

/** Customer groups. */
export const chatHandlers = (define: DefineEndpoint): Endpoint[] => [
  define<GroupChatListAnswer>({
    method: 'POST',
    path: 'externalcontact/groupchat/list',
    level: 'partial',
    customerContact: true,
    empties: { group_chat_list: [] },
    answer: listChats,
  }),
  define<{ group_chat: object }>({
    method: 'POST',
    path: 'externalcontact/groupchat/get',
    level: 'partial',
    customerContact: true,
    answer({ world, body }) {
      const chat = world.chats.chats.get(needText(body, 'chat_id', 90501))
      if (!chat) throw new WecomFault(90501)
      return { group_chat: toGroupChat(world, chat, body.need_name === 1) }
    },
  }),
]

const ownerLeft = (world: World, chat: ChatRecord) => world.directory.leavers.has(chat.ownerUserId.toLowerCase())

function listChats({ world, path, body }: Call): GroupChatListAnswer {
  const limit = readInteger(body, 'limit', { min: 1, max: 1000 })
  if (limit === undefined) throw new WecomFault(40058)
  const status = readInteger(body, 'status_filter', { min: 0, max: 3 }) ?? 0
  const filter = (body.owner_filter ?? {}) as Record<string, unknown>
  const owners = readTexts(filter, 'userid_list').map((userId) => userId.toLowerCase())
  if (owners.length > 100) throw new WecomFault(40032)
  if (owners.length === 0 && world.directory.members.size > 1000) throw new WecomFault(81017)

  const fits = [...world.chats.chats.values()].filter((chat) => {
    if (owners.length > 0 && !owners.includes(chat.ownerUserId.toLowerCase())) return false
    const owner = world.directory.find(chat.ownerUserId)
    if (owner && !world.directory.isVisible(owner)) return false
    return status === 0 || (status === 1 && ownerLeft(world, chat))
  })
  const args = [status, owners]
  const cursor = readText(body, 'cursor')
  const from = cursor ? world.cursors.read(path, args, cursor).seq : 0
  const to = from + limit
  return {
    group_chat_list: fits.slice(from, to).map((chat) => ({ chat_id: chat.id, status: ownerLeft(world, chat) ? 1 : 0 })),
    ...(to < fits.length && { next_cursor: world.cursors.make(path, args, { part: 0, seq: to }) }),
  }
}

function toGroupChat(world: World, chat: ChatRecord, withNames: boolean) {
  return {
    chat_id: chat.id,
    name: chat.name,
    owner: chat.ownerUserId,
    create_time: chat.createdSec,
    ...(chat.notice && { notice: chat.notice }),
    member_list: chat.members.map((member) => toChatMember(world, member, withNames)),
    admin_list: chat.adminUserIds.map((userid) => ({ userid })),
    member_version: memberVersionOf(chat),
  }
}

function toChatMember(world: World, member: ChatMember, withNames: boolean) {
  const customer = world.relations.customers.get(member.id)
  const name = customer?.name ?? world.directory.find(member.id)?.name ?? ''
  return {
    userid: member.id,
    type: isExternalId(member.id) ? 2 : 1,
    ...(customer?.unionId && { unionid: customer.unionId }),
    join_time: member.joinedSec,
    join_scene: member.joinScene,
    ...(member.joinScene === 1 && { invitor: { userid: member.invitorUserId } }),
    group_nickname: '',
    ...(withNames && { name }),
  }
}
