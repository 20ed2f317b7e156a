// @vitest-environment-options { "url": "https://guide.example.com/sidebar/" }
import type { ClientMessage, JsSignatures } from '@guidebar/contracts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { createFakeBridge, useUserAgent, wecomUserAgent } from '../testing/fake-bridge.ts'
import { bootFacts, signatures } from '../testing/fixtures.ts'
import { readClient } from './client.ts'
import { createWecomHost } from './wecom-host.ts'

const text: ClientMessage = { msgtype: 'text', text: { content: '您好' } }
const jsApiList = ['getContext', 'getCurExternalContact', 'getCurExternalChat', 'sendChatMessage', 'openEnterpriseChat']
const target = { externalUserId: 'wm-wang' }

type Change = { userAgent?: string; configTimeoutMs?: number; callTimeoutMs?: number; backOffMs?: number }

/** The genuine SDK, loaded anew: it keeps its state in its module. */
function openHost(fake: ReturnType<typeof createFakeBridge>, { userAgent = wecomUserAgent, ...timers }: Change = {}) {
  useUserAgent(userAgent)
  window.WeixinJSBridge = fake.bridge
  const getSignatures = vi.fn<(url: string, fresh: boolean) => Promise<JsSignatures>>(async (url) => signatures(url))
  const loadSdk = vi.fn<() => Promise<typeof import('./sdk.ts')>>(async () => {
    vi.resetModules()
    return import('./sdk.ts')
  })
  const client = readClient(userAgent)
  const host = createWecomHost({ boot: bootFacts(), client, jsApiList, getSignatures, loadSdk, ...timers })
  return { host, getSignatures, loadSdk }
}

// A browser tells the page of a rejection that nobody took; here Node does, and would end the run.
let rejections: NodeJS.UnhandledRejectionListener[] = []
const unowned: { reason: unknown; prevented: boolean }[] = []
beforeEach(() => {
  unowned.length = 0
  rejections = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', (reason) => {
    const event = Object.assign(new Event('unhandledrejection', { cancelable: true }), { reason })
    window.dispatchEvent(event)
    unowned.push({ reason, prevented: event.defaultPrevented })
  })
})
afterEach(() => {
  process.removeAllListeners('unhandledRejection')
  for (const listener of rejections) process.on('unhandledRejection', listener)
  delete window.WeixinJSBridge
  history.replaceState(null, '', '/sidebar/')
})

test('the app’s identity is proven once, then the chat is read', async () => {
  const fake = createFakeBridge()
  const { host, getSignatures } = openHost(fake)

  const [first, second] = await Promise.all([host.currentChat(), host.currentChat()])

  expect(first).toEqual({ entry: 'single_chat_tools', target })
  expect(second).toEqual(first)
  expect(fake.names().filter((name) => name === 'agentConfig')).toHaveLength(1)
  expect(getSignatures).toHaveBeenCalledTimes(1)
  expect(fake.calls[0]?.params).toEqual({
    corpid: 'ww1',
    agentid: '1000002',
    timestamp: '1700000001',
    nonceStr: 'agent-nonce',
    signature: 'agent-signature',
    jsApiList,
  })
})

test('right before each send the client is asked who the chat is with', async () => {
  const fake = createFakeBridge()
  const { host } = openHost(fake)

  const result = await host.send(text, target)

  expect(result).toEqual({ status: 'ok' })
  expect(fake.names()).toEqual(['agentConfig', 'getCurExternalContact', 'sendChatMessage'])
  expect(fake.calls[2]?.params).toMatchObject({ msgtype: 'text', text: { content: '您好' }, verifyAppId: 'ww1' })
})

test('nothing is sent to another customer than the one on screen', async () => {
  const fake = createFakeBridge({ getCurExternalContact: { err_msg: 'getCurExternalContact:ok', userId: 'wm-other' } })
  const { host } = openHost(fake)

  const result = await host.send(text, target)

  expect(result).toMatchObject({ status: 'failed', error: { code: 'TARGET_CHANGED' } })
  expect(fake.names()).not.toContain('sendChatMessage')
})

test('nothing is sent when the chat with the customer was left for a group', async () => {
  const fake = createFakeBridge({ getCurExternalContact: { err_msg: 'getCurExternalContact:fail_without context' } })
  const { host } = openHost(fake)

  expect(await host.send(text, target)).toMatchObject({ status: 'failed', error: { code: 'TARGET_CHANGED' } })
  expect(await host.send(text, { chatId: 'wr1' })).toMatchObject({ error: { code: 'TARGET_CHANGED' } })
})

test('a cancelled send is cancelled, not failed', async () => {
  const { host } = openHost(createFakeBridge({ sendChatMessage: { err_msg: 'sendChatMessage:fail_cancel' } }))

  expect(await host.send(text, target)).toEqual({ status: 'cancelled' })
})

test.each([
  [{ err_msg: 'sendChatMessage:fail no permission' }, 'NO_PERMISSION'],
  [{ errmsg: 'sendChatMessage:fail_invalid miniprogram info' }, 'BAD_MESSAGE'],
  [{ err_msg: 'sendChatMessage:fail_fail_without context of external contact', err_code: 2 }, 'WRONG_ENTRY'],
  [{ err_msg: 'sendChatMessage:function not exist' }, 'UNSUPPORTED'],
])('%o is told as %s', async (reply, code) => {
  const { host } = openHost(createFakeBridge({ sendChatMessage: reply }))

  expect(await host.send(text, target)).toMatchObject({ status: 'failed', error: { code } })
})

test('a silent client is told in time, and its late answer is not lost', async () => {
  const fake = createFakeBridge({ sendChatMessage: 'silent' })
  const answers: ((reply: unknown) => void)[] = []
  const invoke = fake.bridge.invoke
  fake.bridge.invoke = (name, params, answer) =>
    name === 'sendChatMessage' ? void answers.push(answer) : invoke(name, params, answer)
  const { host } = openHost(fake, { callTimeoutMs: 40 })

  const result = await host.send(text, target)

  expect(result).toMatchObject({ status: 'failed', error: { code: 'CLIENT_SILENT' } })
  answers[0]?.({ err_msg: 'sendChatMessage:ok' })
  expect(await ('late' in result ? result.late : undefined)).toEqual({ status: 'ok' })
})

test('a client that never answers agentConfig is told in time', async () => {
  const { host } = openHost(createFakeBridge({ agentConfig: 'silent' }), { configTimeoutMs: 30 })

  await expect(host.currentChat()).rejects.toMatchObject({ code: 'CLIENT_SILENT' })
})

test('after a refused signature the client is left alone for a while, then asked with fresh ones', async () => {
  const fake = createFakeBridge({ agentConfig: { err_msg: 'agentConfig:fail_invalid signature' } })
  const { host, getSignatures } = openHost(fake, { backOffMs: 60 })

  await expect(host.currentChat()).rejects.toMatchObject({ code: 'BAD_SIGNATURE' })
  await expect(host.currentChat()).rejects.toMatchObject({ code: 'BAD_SIGNATURE' })
  const asked = getSignatures.mock.calls.length
  fake.answer('agentConfig', { err_msg: 'agentConfig:ok', checkResult: {} })
  await new Promise((resolve) => setTimeout(resolve, 80))
  const chat = await host.currentChat()

  expect(asked).toBe(1)
  expect(getSignatures.mock.calls.map(([, fresh]) => fresh)).toEqual([false, true])
  expect(chat.target).toEqual(target)
  await vi.waitFor(() => expect(unowned.length).toBeGreaterThan(0))
  expect(unowned.every(({ prevented }) => prevented)).toBe(true)
})

test('signatures nobody could give are named as such', async () => {
  const { host, getSignatures } = openHost(createFakeBridge())
  getSignatures.mockRejectedValue(new Error('offline'))

  await expect(host.currentChat()).rejects.toMatchObject({ code: 'SIGNATURE_UNAVAILABLE' })
})

test('an address that changes under way is signed again, once', async () => {
  const fake = createFakeBridge()
  const { host, getSignatures } = openHost(fake)
  getSignatures.mockImplementationOnce(async (url) => {
    history.replaceState(null, '', '/sidebar/?again=1')
    return signatures(url)
  })

  const chat = await host.currentChat()

  expect(chat.target).toEqual(target)
  expect(getSignatures.mock.calls.map(([url]) => url.split('/').pop())).toEqual(['', '?again=1'])
})

test('outside WeCom and in a client too old the SDK is not even loaded', async () => {
  const outside = openHost(createFakeBridge(), { userAgent: 'Mozilla/5.0 Chrome/120' })
  await expect(outside.host.currentChat()).rejects.toMatchObject({ code: 'OUTSIDE_WECOM' })
  const old = openHost(createFakeBridge(), { userAgent: 'Chrome/53 wxwork/3.0.21' })
  expect(await old.host.send(text, target)).toMatchObject({ error: { code: 'CLIENT_TOO_OLD' } })

  expect(outside.loadSdk).not.toHaveBeenCalled()
  expect(old.loadSdk).not.toHaveBeenCalled()
})

test('a customer’s chat is opened by the client, or it is said why not', async () => {
  const fake = createFakeBridge({ openEnterpriseChat: { err_msg: 'openEnterpriseChat:ok' } })
  const { host } = openHost(fake)

  const opened = await host.openChat('wm-li')
  fake.answer('openEnterpriseChat', { err_msg: 'openEnterpriseChat:function not exist' })
  const refused = await host.openChat('wm-li')

  expect(fake.calls.find(({ name }) => name === 'openEnterpriseChat')?.params).toMatchObject({
    externalUserIds: 'wm-li',
  })
  expect(opened).toBeNull()
  expect(refused?.code).toBe('UNSUPPORTED')
})
