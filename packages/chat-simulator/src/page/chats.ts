import type { ClientView, CustomerSummary } from '../api-contract.ts'
import type { OpenConversation } from '../host/entries.ts'
import { text } from './messages.zh-CN.ts'

/** A line of the conversation list. */
export interface Chat {
  id: string
  title: string
  open: OpenConversation
  /** Set for chats with a customer. */
  customer?: CustomerSummary
  memberCount?: number
}

export function toChat(customer: CustomerSummary): Chat {
  return {
    id: customer.conversationId,
    title: customer.remark || customer.name,
    open: { kind: 'customer', externalUserId: customer.externalUserId },
    customer,
  }
}

/** The id under which the server part keeps this chat of this guide. */
export function toConversationId(userId: string, open: OpenConversation): string {
  if (open.kind === 'customer') return `customer~${userId}~${open.externalUserId}`
  return open.kind === 'group' ? `group~${userId}~${open.chatId}` : `internal~${userId}`
}

/** The list as the client shows it; customers are already found by the server, the other titles are searched here. */
export function listChats(view: ClientView | null, search: string): Chat[] {
  if (!view?.userId) return []
  const groups = view.groups.map((group): Chat => ({
    id: group.conversationId,
    title: group.name,
    open: { kind: 'group', chatId: group.chatId },
    memberCount: group.memberCount,
  }))
  const internal: Chat = {
    id: toConversationId(view.userId, { kind: 'internal' }),
    title: text.internalChat,
    open: { kind: 'internal' },
  }
  // Groups are pinned, or they would stand below hundreds of customers.
  const pinned = [...groups, internal].filter(({ title }) => title.includes(search))
  return [...pinned, ...view.customers.map(toChat)]
}
