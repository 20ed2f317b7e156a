import type { Target } from '@guidebar/api-client'

/** One answer of the client: what it told, empty when it named nobody, or how it refused. */
export type Heard = { told: string } | { refused: unknown }
export type ChatHeard = { entry: Heard; customer: Heard; group?: Heard }

/** The three questions, asked through the SDK or straight through the bridge. */
export type ChatQuestions = {
  getContext: () => Promise<{ entry?: string }>
  getCurExternalContact: () => Promise<{ userId?: string }>
  getCurExternalChat: () => Promise<{ chatId?: string }>
}

/**
 * Asks for entry and customer side by side; only a group costs one question more. Never rejects.
 * @param onTarget told as soon as the target is known, before the entry is
 */
export async function askChat(ask: ChatQuestions, onTarget?: (target: Target) => void): Promise<ChatHeard> {
  const asked = hear(ask.getCurExternalContact().then(({ userId }) => userId)).then((heard) => {
    if ('told' in heard && heard.told) onTarget?.({ externalUserId: heard.told })
    return heard
  })
  const entry = await hear(ask.getContext().then((context) => context.entry))
  if (!('told' in entry) || entry.told !== 'group_chat_tools') return { entry, customer: await asked }

  const group = await hear(ask.getCurExternalChat().then(({ chatId }) => chatId))
  if ('told' in group && group.told) onTarget?.({ chatId: group.told })
  return { entry, customer: await asked, group }
}

function hear(answer: Promise<string | undefined>): Promise<Heard> {
  return answer.then(
    (told = '') => ({ told }),
    (refused: unknown) => ({ refused }),
  )
}
