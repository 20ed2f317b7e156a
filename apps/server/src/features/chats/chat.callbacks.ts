import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { CallbackHandler, CallbackHandlers } from '../callbacks/callback-handlers.ts'
import type { Chat } from './chat.model.ts'
import type { ChatRepository } from './chat.repository.ts'
import { followVersions } from './chat.versions.ts'

type ChatEvent = { ChatId: string; LastMemVer?: string; CurMemVer?: string }

/** Which customer chats there are, and whether an event about their members went missing. Who is in them is not kept. */
export function chatCallbacks(chats: ChatRepository, clock: Clock): CallbackHandlers {
  const chat: CallbackHandler<ChatEvent> = {
    subjectOf: ({ ChatId }) => `chat/${ChatId}`,
    async handle({ corp: { corpId }, events }) {
      const chatId = events[0]?.event.ChatId
      const lastEventAt = events.at(-1)?.happenedAt
      if (!chatId || !lastEventAt) return
      const before = await chats.find(corpId, chatId)
      const changes = events.flatMap(({ event: { LastMemVer, CurMemVer } }) =>
        LastMemVer && CurMemVer && LastMemVer !== CurMemVer ? [{ from: LastMemVer, to: CurMemVer }] : [],
      )
      const known = { memberVersion: before?.memberVersion ?? null, recentVersions: before?.recentVersions ?? [] }
      const { isMissing, ...versions } = followVersions(known, changes)
      // A dissolved chat never comes back, whatever arrives late.
      const isOver = before?.status === 'dismissed' || events.some(({ name }) => name.endsWith('.dismiss'))
      const after: Chat = {
        _id: `${corpId}/${chatId}`,
        corpId,
        chatId,
        status: isOver ? 'dismissed' : 'active',
        ...versions,
        staleSince: before?.staleSince ?? (isMissing ? clock.now() : null),
        lastEventAt: before && before.lastEventAt > lastEventAt ? before.lastEventAt : lastEventAt,
      }
      if (!(await chats.save(before, after))) throw new AppError('CONFLICT', 'another process changed this chat')
    },
  }
  return {
    'change_external_chat.create': chat,
    'change_external_chat.update': chat,
    'change_external_chat.dismiss': chat,
  }
}
