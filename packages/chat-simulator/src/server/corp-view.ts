import type { createEmulatorControl } from '@guidebar/wecom-emulator/control'

import type { ClientView, CustomerSummary, GroupSummary } from '../api-contract.ts'
import { toConversationId } from './conversation.store.ts'

export type EmulatorControl = ReturnType<typeof createEmulatorControl>

const active = 1

/**
 * What the client of this guide shows: the corp's members, the guide's customers and groups.
 * @param first customers who wrote just now and stand on top, in this order
 */
export async function readClientView(
  emulator: EmulatorControl,
  userId: string | null,
  { text, shopConnected, first }: { text: string; shopConnected: boolean; first: readonly string[] },
): Promise<ClientView> {
  const [corp, settings, members, customers, chats] = await Promise.all([
    emulator.corp(),
    emulator.settings(),
    emulator.members(),
    userId ? emulator.customers({ userId, text: text || undefined, limit: 200 }) : [],
    userId ? emulator.chats() : [],
  ])
  const place = ({ externalUserId }: CustomerSummary) => {
    const index = first.indexOf(externalUserId)
    return index < 0 ? first.length : index
  }
  return {
    corpName: corp.corpName,
    agentName: corp.agentName,
    customerContactCallable: settings.customerContactCallable,
    shopConnected,
    userId: members.some((member) => member.userId === userId) ? userId : null,
    guides: members
      .filter((member) => member.status === active)
      .map(({ userId: id, name, position, avatar, customerContact, customerCount }) => ({
        userId: id,
        name,
        position,
        avatar,
        customerContact,
        customerCount,
      })),
    customers: customers
      .flatMap((customer): CustomerSummary[] => {
        const relation = customer.relations.find((known) => known.userId === userId)
        if (!relation || relation.status === 'half') return []
        return [
          {
            conversationId: toConversationId('customer', relation.userId, customer.externalUserId),
            externalUserId: customer.externalUserId,
            name: customer.name,
            remark: relation.remark,
            avatar: customer.avatar,
            type: customer.type,
            addedAt: relation.addedAt,
            gone: relation.status === 'customerDeleted',
          },
        ]
      })
      .toSorted((a, b) => place(a) - place(b) || b.addedAt.localeCompare(a.addedAt)),
    groups: chats.flatMap((chat): GroupSummary[] =>
      userId && (chat.ownerUserId === userId || chat.members.some((member) => member.id === userId))
        ? [
            {
              conversationId: toConversationId('group', userId, chat.chatId),
              chatId: chat.chatId,
              name: chat.name,
              memberCount: chat.members.length,
            },
          ]
        : [],
    ),
  }
}
