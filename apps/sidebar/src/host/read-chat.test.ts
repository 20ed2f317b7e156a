import { expect, test, vi } from 'vitest'

import { answering } from '../testing/mocks.ts'
import { askChat, type ChatQuestions } from './ask-chat.ts'
import { readChat } from './read-chat.ts'

const refuse = (words: string) => () => Promise.reject({ err_msg: words })
function questions(change: Partial<ChatQuestions> = {}) {
  return {
    getContext: answering({ entry: 'single_chat_tools' }),
    getCurExternalContact: answering({ userId: 'wm1' }),
    getCurExternalChat: answering({ chatId: 'wr1' }),
    ...change,
  }
}

test('in a single chat two questions are asked side by side, and the target is told before the entry is known', async () => {
  let answerContext: (context: { entry: string }) => void = () => undefined
  const ask = questions({ getContext: () => new Promise((resolve) => (answerContext = resolve)) })
  const onTarget = vi.fn<(target: unknown) => void>()

  const heard = askChat(ask, onTarget)
  await vi.waitFor(() => expect(onTarget).toHaveBeenCalledWith({ externalUserId: 'wm1' }))
  answerContext({ entry: 'single_chat_tools' })

  expect(readChat(await heard)).toEqual({ entry: 'single_chat_tools', target: { externalUserId: 'wm1' } })
  expect(ask.getCurExternalChat).not.toHaveBeenCalled()
})

test('a group costs one question more', async () => {
  const onTarget = vi.fn<(target: unknown) => void>()
  const ask = questions({
    getContext: async () => ({ entry: 'group_chat_tools' }),
    getCurExternalContact: refuse('getCurExternalContact:fail_without context'),
  })

  const chat = readChat(await askChat(ask, onTarget))

  expect(chat).toEqual({ entry: 'group_chat_tools', target: { chatId: 'wr1' } })
  expect(onTarget.mock.calls).toEqual([[{ chatId: 'wr1' }]])
})

test.each([
  ['normal', 'getCurExternalContact:fail no permission'],
  ['single_chat_tools', 'getCurExternalContact:fail_without context of external contact'],
  ['chat_attachment', 'getCurExternalContact:fail no permission'],
  ['chain_single_chat_tools', 'getCurExternalContact:fail no permission'],
])('entry %s without a customer is a chat with nobody', async (entry, words) => {
  const ask = questions({ getContext: async () => ({ entry }), getCurExternalContact: refuse(words) })

  expect(readChat(await askChat(ask))).toEqual({ entry, target: null })
})

test('a refusal in a chat with a customer is told with its code', async () => {
  const ask = questions({ getCurExternalContact: refuse('getCurExternalContact:fail no permission') })
  const heard = await askChat(ask)

  expect(() => readChat(heard)).toThrow(expect.objectContaining({ code: 'NO_PERMISSION' }))
})
