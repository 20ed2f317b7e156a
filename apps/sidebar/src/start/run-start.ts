import type { Target } from '@guidebar/api-client'
import type { BootFacts, JsSignatures, SidebarContext } from '@guidebar/contracts'

import { isOlder, oldestClient, readClient, type Client } from '../host/client.ts'
import { askChat, type ChatHeard } from '../host/ask-chat.ts'
import type { CodedRefusal } from '../host/with-timer.ts'
import { callBridge, waitForBridge } from './bridge.ts'
import { openMemory, type MemoryStore } from './memory.ts'
import { paintWho } from './paint-who.ts'
import type { GuidebarStart } from './start.types.ts'

const bridgeTimeoutMs = 3_000
const configTimeoutMs = 10_000
const callTimeoutMs = 8_000

/** The calls the panel makes; the client refuses any other. */
export const jsApiList = ['getContext', 'getCurExternalContact', 'getCurExternalChat', 'sendChatMessage']

type Options = { boot: BootFacts | null; store: MemoryStore; fetch: typeof globalThis.fetch; subtle?: SubtleCrypto }

/**
 * Everything that need not wait for the bundle: the app's identity to the client, whom the chat is with, the context
 * call for exactly that target, and what was known of it last.
 */
export function runStart({ boot, store, fetch, subtle }: Options): GuidebarStart {
  const url = location.href.split('#')[0] ?? ''
  const client = readClient(navigator.userAgent)
  const start: GuidebarStart = {
    boot,
    chat: Promise.resolve({ refused: refusal('OUTSIDE_WECOM', 'no boot facts') }),
    signatures:
      boot && client.isWecom ? findSignatures(boot, url, fetch) : Promise.reject(new Error('nobody here to sign for')),
    calls: {},
    memory:
      boot && subtle ? openMemory({ sessionRef: boot.sessionRef, userId: boot.guide.userId, store, subtle }) : null,
    lastKnown: null,
  }
  // Whoever needs the signatures later sees the failure; nobody may.
  start.signatures.catch(() => undefined)
  if (!boot) return start

  const onTarget = (target: Target) => {
    const address = contextAddress(target)
    if (start.calls[address]) return
    const call = fetch(address, { credentials: 'same-origin', headers: { accept: 'application/json' } })
    call.catch(() => undefined)
    start.calls[address] = call
    // A copy of the answer: the panel takes the answer itself over.
    const who = call.then(async (answer) =>
      answer.ok ? paintWho((await answer.clone().json()) as SidebarContext) : null,
    )
    who.catch(() => undefined)
    if (!start.memory) return
    start.lastKnown = { target, context: start.memory.read(target) }
    void start.lastKnown.context.then((known) => known && paintWho(known))
  }
  start.chat = askClient(boot, client, start.signatures, onTarget).catch((refused: unknown) => ({ refused }))
  return start
}

/** The same address the typed client builds, so that it finds the call under way. */
export function contextAddress(target: Target): string {
  const [name, value] =
    target.chatId === undefined ? ['externalUserId', target.externalUserId] : ['chatId', target.chatId]
  return `/api/sidebar/context?${name}=${encodeURIComponent(value)}`
}

async function askClient(
  boot: BootFacts,
  client: Client,
  signatures: Promise<JsSignatures>,
  onTarget: (target: Target) => void,
): Promise<ChatHeard> {
  if (!client.isWecom) throw refusal('OUTSIDE_WECOM', 'the user agent is not WeCom')
  if (isOlder(client.version, oldestClient)) throw refusal('CLIENT_TOO_OLD', `wxwork/${client.version}`)

  const bridge = await waitForBridge(bridgeTimeoutMs)
  const { agent } = await signatures.catch((reason: unknown) => {
    throw refusal('SIGNATURE_UNAVAILABLE', String(reason))
  })
  const proof = { timestamp: `${agent.timestamp}`, nonceStr: agent.nonceStr, signature: agent.signature }
  const identity = { corpid: boot.corpId, agentid: boot.agentId, ...proof, jsApiList }
  await callBridge(bridge, 'agentConfig', identity, configTimeoutMs)

  // The client checks these on every call, as the SDK sends them.
  const verified = {
    appId: boot.corpId,
    verifyAppId: boot.corpId,
    verifySignType: 'sha1',
    verifyTimestamp: proof.timestamp,
    verifyNonceStr: proof.nonceStr,
    verifySignature: proof.signature,
  }
  const ask = <T>(name: string) => callBridge<T>(bridge, name, { ...verified }, callTimeoutMs)
  return askChat(
    {
      getContext: () => ask('getContext'),
      getCurExternalContact: () => ask('getCurExternalContact'),
      getCurExternalChat: () => ask('getCurExternalChat'),
    },
    onTarget,
  )
}

async function findSignatures(boot: BootFacts, url: string, fetch: typeof globalThis.fetch): Promise<JsSignatures> {
  if (boot.signatures && boot.signatures.url === url) return boot.signatures
  const response = await fetch('/api/sidebar/js-signatures', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ url }),
  })
  if (!response.ok) throw new Error(`js-signatures: status ${response.status}`)
  return (await response.json()) as JsSignatures
}

function refusal(code: CodedRefusal['code'], message: string): CodedRefusal {
  return { code, message }
}
