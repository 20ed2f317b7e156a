/** Where in the client the page was opened, as `getContext` names it. */
export const entries = [
  'single_chat_tools',
  'group_chat_tools',
  'contact_profile',
  'chat_attachment',
  'single_kf_tools',
  'normal',
] as const
export type Entry = (typeof entries)[number]

/** What is in the chat window at the moment. */
export type OpenConversation =
  | { kind: 'customer'; externalUserId: string }
  | { kind: 'group'; chatId: string }
  | { kind: 'internal' }

/** The entry that the chat's own toolbar gives; an internal chat has no customer toolbar. */
export function toolbarEntry(conversation: OpenConversation | null): Entry {
  if (conversation?.kind === 'customer') return 'single_chat_tools'
  return conversation?.kind === 'group' ? 'group_chat_tools' : 'normal'
}
