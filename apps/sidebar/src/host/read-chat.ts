import type { Target } from '@guidebar/api-client'

import { HostError, toHostError } from './host-error.ts'
import type { ChatHeard, Heard } from './ask-chat.ts'

/** Where the page was opened and whom the chat is with; `target` is null where there is no customer. */
export type Chat = { entry: string; target: Target | null }

/**
 * Makes sense of what the client said about the chat.
 * @throws HostError when it refused to say
 */
export function readChat({ entry: heardEntry, customer, group }: ChatHeard): Chat {
  const entry = valueOf(heardEntry)
  if (group) {
    const chatId = valueOf(group)
    return { entry, target: chatId ? { chatId } : null }
  }
  if ('told' in customer) return { entry, target: customer.told ? { externalUserId: customer.told } : null }

  const error = toHostError(customer.refused)
  const nobodyThere =
    error.code === 'WRONG_ENTRY' ||
    // From the workbench every client refuses in its own words: the entry says enough.
    (entry === 'normal' && error.code !== 'CLIENT_SILENT') ||
    entry === 'chat_attachment' ||
    entry.startsWith('chain_')
  if (nobodyThere) return { entry, target: null }
  throw error
}

function valueOf(heard: Heard): string {
  if ('told' in heard) return heard.told
  throw heard.refused instanceof HostError ? heard.refused : toHostError(heard.refused)
}
