import type { Target } from '@guidebar/api-client'
import { readonly, shallowRef } from 'vue'

import { toHostError, type HostError } from '../host/host-error.ts'
import type { ChatHeard } from '../host/ask-chat.ts'
import { readChat, type Chat } from '../host/read-chat.ts'
import type { WecomHost } from '../host/late-host.ts'
import type { FailureCode } from '../platform/failure-words.ts'

export type ChatState =
  | { name: 'starting' }
  | { name: 'chat'; target: Target; readOnly: boolean }
  | { name: 'blocked'; code: FailureCode; error?: HostError }

/** What each entry means for the panel. */
export function toChatState({ entry, target }: Chat): ChatState {
  if (entry.startsWith('chain_')) return { name: 'blocked', code: 'CHAIN_CHAT' }
  if (entry === 'chat_attachment') return { name: 'blocked', code: 'CHAT_ATTACHMENT' }
  if (target) return { name: 'chat', target, readOnly: entry === 'contact_profile' }
  return { name: 'blocked', code: entry === 'normal' ? 'NOT_IN_CHAT' : 'NO_CUSTOMER' }
}

export function sameTarget(one: Target, other: Target): boolean {
  return one.externalUserId === other.externalUserId && one.chatId === other.chatId
}

/** Follows whom the chat is with: as the start script found it, then whenever the guide may have changed the chat. */
export function createChat(
  first: Promise<ChatHeard | { refused: unknown }>,
  host: Pick<WecomHost, 'currentChat' | 'onMaybeSwitched'>,
) {
  const state = shallowRef<ChatState>({ name: 'starting' })

  function show(next: ChatState) {
    const now = state.value
    // The same chat keeps its screen, with everything that was typed in it.
    const same =
      now.name === 'chat' &&
      next.name === 'chat' &&
      now.readOnly === next.readOnly &&
      sameTarget(now.target, next.target)
    if (!same) state.value = next
  }
  function refuse(reason: unknown) {
    const error = toHostError(reason)
    show({ name: 'blocked', code: error.code === 'CANCELLED' ? 'CLIENT_FAILED' : error.code, error })
  }
  const ready = first.then((heard) => {
    if ('refused' in heard) return refuse(heard.refused)
    try {
      show(toChatState(readChat(heard)))
    } catch (reason) {
      refuse(reason)
    }
  })

  async function look(): Promise<void> {
    await ready
    try {
      show(toChatState(await host.currentChat()))
    } catch (reason) {
      // A chat already on screen stays: before each send the client is asked again.
      if (state.value.name !== 'chat') refuse(reason)
    }
  }
  const stop = host.onMaybeSwitched(() => void look())
  return { state: readonly(state), ready, look, stop }
}
