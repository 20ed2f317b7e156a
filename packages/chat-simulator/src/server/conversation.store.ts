import { randomBytes } from 'node:crypto'

import type { AppendMessage, ChatMessage, MessageContent } from '../api-contract.ts'
import { openingLine } from './opening-lines.ts'

/** A chat as the guide's client and the customer's phone both know it. */
export interface Conversation {
  id: string
  kind: 'customer' | 'group' | 'internal'
  userId: string
  /** external_userid, chat_id, or '' */
  partnerId: string
}

/** @returns null for text that is no conversation id */
export function parseConversationId(id: string): Conversation | null {
  const [kind, userId, partnerId = ''] = id.split('~')
  if ((kind !== 'customer' && kind !== 'group' && kind !== 'internal') || !userId) return null
  return kind === 'internal' || partnerId ? { id, kind, userId, partnerId } : null
}

export function toConversationId(kind: Conversation['kind'], userId: string, partnerId = ''): string {
  return kind === 'internal' ? `${kind}~${userId}` : `${kind}~${userId}~${partnerId}`
}

export type ConversationStore = ReturnType<typeof createConversationStore>

/** Messages live as long as the process: this is a pretend phone, not a record. */
export function createConversationStore({
  firstLines = new Map(),
  now = () => new Date(),
}: { firstLines?: ReadonlyMap<string, string>; now?: () => Date } = {}) {
  const messagesOf = new Map<string, ChatMessage[]>()
  const byClientId = new Map<string, ChatMessage>()
  const byId = new Map<string, ChatMessage>()

  function add(message: Omit<ChatMessage, 'id'>): ChatMessage {
    const kept = { ...message, id: `msg_${randomBytes(9).toString('base64url')}` }
    const list = messagesOf.get(message.conversationId) ?? []
    list.push(kept)
    messagesOf.set(message.conversationId, list)
    byId.set(kept.id, kept)
    return kept
  }

  return {
    /** Messages in order; a first look at a customer's chat puts the greeting lines there. */
    list(conversation: Conversation, about?: { name: string; addedAt: string }): ChatMessage[] {
      const { id } = conversation
      if (!messagesOf.has(id) && about) {
        const notice = {
          conversationId: id,
          from: 'notice' as const,
          senderName: '',
          at: about.addedAt,
          delivered: true,
        }
        add({ ...notice, content: { type: 'text', text: `你已添加了${about.name}，现在可以开始聊天了。` } })
        const known = firstLines.get(conversation.partnerId)
        const text = known ?? openingLine(conversation.partnerId)
        const at = known ? now().toISOString() : about.addedAt
        add({ ...notice, from: 'customer', senderName: about.name, at, content: { type: 'text', text } })
      }
      return [...(messagesOf.get(id) ?? [])]
    },
    find: (messageId: string) => byId.get(messageId) ?? null,
    findByClientId: (conversationId: string, clientId: string) =>
      byClientId.get(`${conversationId} ${clientId}`) ?? null,
    /** Adds a message once: the same client id again gives the first one back. */
    append(
      conversationId: string,
      input: Omit<AppendMessage, 'content'> & { content: MessageContent; senderName: string; delivered: boolean },
    ): ChatMessage {
      const key = `${conversationId} ${input.clientId}`
      const known = byClientId.get(key)
      if (known) return known
      const { from, content, senderName, delivered } = input
      const message = add({ conversationId, from, content, senderName, delivered, at: now().toISOString() })
      byClientId.set(key, message)
      return message
    },
  }
}
