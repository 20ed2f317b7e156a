import { expect, test, vi } from 'vitest'

import { answering, refusing } from '../testing/mocks.ts'
import { HostError, type HostErrorCode } from './host-error.ts'
import { createLateHost } from './late-host.ts'
import type { SendResult, WecomCalls } from './wecom-host.ts'

test('coming back to the window asks once whether the chat was switched', async () => {
  const host = createLateHost({ client: { isWecom: true }, load: answering({} as WecomCalls) })
  const tell = vi.fn<() => void>()
  const stop = host.onMaybeSwitched(tell)

  window.dispatchEvent(new Event('focus'))
  document.dispatchEvent(new Event('visibilitychange'))
  await vi.waitFor(() => expect(tell).toHaveBeenCalledTimes(1))
  stop()
  window.dispatchEvent(new Event('focus'))
  await new Promise((resolve) => setTimeout(resolve, 80))

  expect(tell).toHaveBeenCalledTimes(1)
})

test('what calls the client is fetched once, with the first call', async () => {
  const currentChat = answering({ entry: 'single_chat_tools', target: { externalUserId: 'wm-wang' } })
  const load = answering({ currentChat } as unknown as WecomCalls)
  const host = createLateHost({ client: { isWecom: true }, load })
  expect(load).not.toHaveBeenCalled()

  await host.currentChat()
  await host.currentChat()

  expect(load).toHaveBeenCalledTimes(1)
})

test('a send refused because the chat changed is told to whoever follows the chat, no other refusal is', async () => {
  const refuse = (code: HostErrorCode): SendResult => ({ status: 'failed', error: new HostError(code, '') })
  const send = vi
    .fn<WecomCalls['send']>()
    .mockResolvedValueOnce(refuse('CLIENT_SILENT'))
    .mockResolvedValueOnce(refuse('TARGET_CHANGED'))
  const host = createLateHost({ client: { isWecom: true }, load: answering({ send } as unknown as WecomCalls) })
  const tell = vi.fn<() => void>()
  host.onTargetChanged(tell)
  const text = { msgtype: 'text' as const, text: { content: '您好' } }

  await host.send(text, { externalUserId: 'wm-wang' })
  expect(tell).not.toHaveBeenCalled()
  await host.send(text, { externalUserId: 'wm-wang' })

  expect(tell).toHaveBeenCalledTimes(1)
})

test('a send for which it cannot be fetched is a failure that says so, and the next one tries again', async () => {
  const load = refusing(new TypeError('no network'))
  const host = createLateHost({ client: { isWecom: true }, load })
  const text = { msgtype: 'text' as const, text: { content: '您好' } }

  const first = await host.send(text, { externalUserId: 'wm-wang' })
  await host.send(text, { externalUserId: 'wm-wang' })

  expect(first.status).toBe('failed')
  expect(load).toHaveBeenCalledTimes(2)
})
