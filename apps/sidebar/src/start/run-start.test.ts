// @vitest-environment-options { "url": "https://guide.example.com/sidebar/" }
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { createFakeBridge, useUserAgent, wecomUserAgent } from '../testing/fake-bridge.ts'
import { bootFacts, signatures } from '../testing/fixtures.ts'
import type { MemoryStore } from './memory.ts'
import { runStart } from './run-start.ts'

const here = 'https://guide.example.com/sidebar/'
const nowhere = {} as MemoryStore
const contextCall = '/api/sidebar/context?externalUserId=wm-wang'

function answering(answers: Record<string, unknown> = {}) {
  return vi.fn<(address: unknown) => Promise<Response>>(
    async (address) => new Response(JSON.stringify(answers[address as string] ?? {})),
  )
}

beforeEach(() => {
  history.replaceState(null, '', here)
  useUserAgent(wecomUserAgent)
})
afterEach(() => {
  delete window.WeixinJSBridge
  vi.useRealTimers()
})

test('one call to the server: the context of the customer, started before the entry is known', async () => {
  const fake = createFakeBridge({ getContext: 'silent' })
  window.WeixinJSBridge = fake.bridge
  const fetch = answering()

  const start = runStart({ boot: bootFacts(here), store: nowhere, fetch })
  await vi.waitFor(() => expect(fetch).toHaveBeenCalledTimes(1))

  expect(fetch.mock.calls[0]?.[0]).toBe(contextCall)
  expect(Object.keys(start.calls)).toEqual([contextCall])
  expect(fake.names()).toEqual(['agentConfig', 'getCurExternalContact', 'getContext'])
})

test('the bridge gets what the SDK would send', async () => {
  const fake = createFakeBridge()
  window.WeixinJSBridge = fake.bridge

  const start = runStart({ boot: bootFacts(here), store: nowhere, fetch: answering() })
  const chat = await start.chat

  expect(chat).toEqual({ entry: { told: 'single_chat_tools' }, customer: { told: 'wm-wang' } })
  expect(fake.calls[0]).toMatchObject({
    name: 'agentConfig',
    params: { corpid: 'ww1', agentid: '1000002', timestamp: '1700000001', signature: 'agent-signature' },
  })
  expect(fake.calls[1]?.params).toEqual({
    appId: 'ww1',
    verifyAppId: 'ww1',
    verifySignType: 'sha1',
    verifyTimestamp: '1700000001',
    verifyNonceStr: 'agent-nonce',
    verifySignature: 'agent-signature',
  })
})

test('a group’s context is asked for by its chat id', async () => {
  window.WeixinJSBridge = createFakeBridge({
    getContext: { err_msg: 'getContext:ok', entry: 'group_chat_tools' },
    getCurExternalContact: { err_msg: 'getCurExternalContact:fail_without context' },
    getCurExternalChat: { err_msg: 'getCurExternalChat:ok', chatId: 'wr1' },
  }).bridge
  const fetch = answering()

  await runStart({ boot: bootFacts(here), store: nowhere, fetch }).chat

  expect(fetch.mock.calls.map(([address]) => address)).toEqual(['/api/sidebar/context?chatId=wr1'])
})

test('a bridge that comes late is noticed by its event', async () => {
  const start = runStart({ boot: bootFacts(here), store: nowhere, fetch: answering() })
  window.WeixinJSBridge = createFakeBridge().bridge
  document.dispatchEvent(new Event('WeixinJSBridgeReady'))

  expect(await start.chat).toMatchObject({ customer: { told: 'wm-wang' } })
})

test('a bridge that never comes is told after three seconds', async () => {
  vi.useFakeTimers()
  const start = runStart({ boot: bootFacts(here), store: nowhere, fetch: answering() })
  await vi.advanceTimersByTimeAsync(3_100)

  expect(await start.chat).toMatchObject({ refused: { code: 'CLIENT_SILENT' } })
})

test.each([null, 'https://guide.example.com/sidebar/?other=1'])(
  'boot signatures for %s are replaced by ones for this address',
  async (url) => {
    window.WeixinJSBridge = createFakeBridge().bridge
    const fetch = answering({ '/api/sidebar/js-signatures': signatures(here) })

    const start = runStart({ boot: bootFacts(url), store: nowhere, fetch })
    await start.chat

    expect(await start.signatures).toEqual(signatures(here))
    expect(fetch.mock.calls[0]).toMatchObject(['/api/sidebar/js-signatures', { body: JSON.stringify({ url: here }) }])
  },
)

test('no signature from anybody is told, and the customer is not asked for', async () => {
  const fake = createFakeBridge()
  window.WeixinJSBridge = fake.bridge
  const fetch = vi.fn<typeof globalThis.fetch>(async () => new Response('', { status: 503 }))

  const start = runStart({ boot: bootFacts(), store: nowhere, fetch })

  expect(await start.chat).toMatchObject({ refused: { code: 'SIGNATURE_UNAVAILABLE' } })
  expect(fake.calls).toEqual([])
})

test.each([
  ['Mozilla/5.0 Chrome/120', 'OUTSIDE_WECOM'],
  ['Chrome/53 wxwork/3.0.21 WindowsWechat', 'CLIENT_TOO_OLD'],
])('in «%s» nothing is called', async (userAgent, code) => {
  useUserAgent(userAgent)
  const fake = createFakeBridge()
  window.WeixinJSBridge = fake.bridge
  const fetch = answering()

  const start = runStart({ boot: bootFacts(here), store: nowhere, fetch })

  expect(await start.chat).toMatchObject({ refused: { code } })
  expect([fake.calls, fetch.mock.calls]).toEqual([[], []])
})

test('a refused identity reaches the panel as the client said it', async () => {
  window.WeixinJSBridge = createFakeBridge({ agentConfig: { err_msg: 'agentConfig:fail_invalid signature' } }).bridge

  const start = runStart({ boot: bootFacts(here), store: nowhere, fetch: answering() })

  expect(await start.chat).toEqual({ refused: { err_msg: 'agentConfig:fail_invalid signature' } })
})
