import { type ChatMember, type ChatRecord, memberVersionOf } from '../state/chat.store.ts'
import { ControlError } from '../state/load.ts'
import type { ActionDeps, Actions } from './client-actions.ts'
import type { EventValue } from './event-xml.ts'

const JOINED_BY_QR = 3
const REMOVED_BY_OWNER = 1

/** What happens in customer groups. */
export function chatActions({
  world,
  callbacks,
}: ActionDeps): Pick<Actions, 'createChat' | 'updateChat' | 'dismissChat'> {
  const raise = (chat: ChatRecord, changeType: string, more: Record<string, EventValue> = {}) =>
    callbacks.raise('change_external_chat', changeType, { ChatId: chat.id, ChangeType: changeType, ...more })

  function needChat(chatId: string): ChatRecord {
    const chat = world.chats.chats.get(chatId)
    if (!chat) throw new ControlError(404, `no chat ${chatId}`)
    return chat
  }

  /** Members come or go: the version moves on, and the event names both. */
  function changeMembers(chat: ChatRecord, detail: 'add_member' | 'del_member', ids: readonly string[]) {
    const before = memberVersionOf(chat)
    const joinedSec = world.clock.nowSec()
    const toJoined = (id: string): ChatMember => ({
      id,
      joinedSec,
      joinScene: JOINED_BY_QR,
      invitorUserId: chat.ownerUserId,
    })
    world.chats.edit(chat, {
      version: chat.version + 1,
      members:
        detail === 'del_member'
          ? chat.members.filter((member) => !ids.includes(member.id))
          : [...chat.members, ...ids.map(toJoined)],
    })
    raise(chat, 'update', {
      UpdateDetail: detail,
      ...(detail === 'add_member' ? { JoinScene: JOINED_BY_QR, QuitScene: 0 } : { QuitScene: REMOVED_BY_OWNER }),
      MemChangeCnt: ids.length,
      MemChangeList: ids,
      LastMemVer: before,
      CurMemVer: memberVersionOf(chat),
    })
  }

  return {
    createChat(seed) {
      const chat = world.chats.put(seed)
      raise(chat, 'create')
      return { chatId: chat.id }
    },
    updateChat({ chatId, name, notice, ownerUserId, addMembers, removeMembers }) {
      const chat = needChat(chatId)
      if (name !== undefined) {
        world.chats.edit(chat, { name })
        raise(chat, 'update', { UpdateDetail: 'change_name' })
      }
      if (notice !== undefined) {
        world.chats.edit(chat, { notice })
        raise(chat, 'update', { UpdateDetail: 'change_notice' })
      }
      if (ownerUserId !== undefined) {
        world.chats.edit(chat, { ownerUserId })
        raise(chat, 'update', { UpdateDetail: 'change_owner' })
      }
      if (addMembers?.length) changeMembers(chat, 'add_member', addMembers)
      if (removeMembers?.length) changeMembers(chat, 'del_member', removeMembers)
      return null
    },
    dismissChat({ chatId }) {
      const chat = needChat(chatId)
      world.chats.remove(chat)
      raise(chat, 'dismiss')
      return null
    },
  }
}
