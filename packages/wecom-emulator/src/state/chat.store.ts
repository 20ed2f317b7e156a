import { createHash } from 'node:crypto'
import type { ChatSeed } from '../control-contract.ts'
import type { ChangeCounter } from './changes.ts'
import { type EmulatorClock, toSeconds } from './clock.ts'
import type { Ids } from './random.ts'

export interface ChatMember {
  id: string
  joinedSec: number
  /** 1 invited directly, 2 by link, 3 QR code. */
  joinScene: 1 | 2 | 3
  invitorUserId: string
}

export interface ChatRecord {
  id: string
  name: string
  ownerUserId: string
  notice: string
  createdSec: number
  members: ChatMember[]
  adminUserIds: string[]
  version: number
}

/** Customer groups. */
export function createChatStore(ids: Ids, clock: EmulatorClock, changes: ChangeCounter) {
  const chats = new Map<string, ChatRecord>()
  return {
    chats,
    put(seed: ChatSeed): ChatRecord {
      const createdSec = seed.createdAt ? toSeconds(seed.createdAt) : clock.nowSec()
      const memberIds = new Set([seed.ownerUserId, ...(seed.members ?? [])])
      const record: ChatRecord = {
        id: seed.chatId ?? ids.chat(),
        name: seed.name,
        ownerUserId: seed.ownerUserId,
        notice: seed.notice ?? '',
        createdSec,
        members:
          seed.joined?.map(({ joinedAt, ...member }) => ({ ...member, joinedSec: toSeconds(joinedAt) })) ??
          [...memberIds].map((id) => ({ id, joinedSec: createdSec, joinScene: 1, invitorUserId: seed.ownerUserId })),
        adminUserIds: seed.adminUserIds ?? [],
        version: seed.version ?? 1,
      }
      chats.set(record.id, record)
      changes.add()
      return record
    },
    edit(chat: ChatRecord, change: Partial<Omit<ChatRecord, 'id'>>) {
      Object.assign(chat, change)
      changes.add()
    },
    remove(chat: ChatRecord) {
      chats.delete(chat.id)
      changes.add()
    },
  }
}

export const isExternalId = (id: string) => /^w[mo]/.test(id) && id.length >= 20

/** Ties an answer of groupchat/get to the `CurMemVer` of an event. */
export const memberVersionOf = (chat: ChatRecord) =>
  createHash('md5').update(`${chat.id} ${chat.version}`).digest('hex')
