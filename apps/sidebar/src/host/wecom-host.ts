import type { Target } from '@guidebar/api-client'
import type { BootFacts, ClientMessage, JsSignatures } from '@guidebar/contracts'

import { isOlder, oldestClient, type Client } from './client.ts'
import { askChat } from './ask-chat.ts'
import { HostError, toHostError } from './host-error.ts'
import { checkMessage } from './message-check.ts'
import { readChat, type Chat } from './read-chat.ts'
import { withTimer } from './with-timer.ts'

type Sdk = typeof import('./sdk.ts')

export type SendResult =
  | { status: 'ok' }
  | { status: 'cancelled' }
  | {
      status: 'failed'
      error: HostError
      /** After CLIENT_SILENT: what the client says in the end, if it ever does. */
      late?: Promise<SendResult>
    }

type Options = {
  boot: BootFacts
  client: Client
  jsApiList: string[]
  /** Signatures for one address of ours, fresh ones when the known ones were refused. */
  getSignatures: (url: string, fresh: boolean) => Promise<JsSignatures>
  /** The SDK is loaded only when a call is made, and never outside WeCom. */
  loadSdk?: () => Promise<Sdk>
  configTimeoutMs?: number
  callTimeoutMs?: number
  backOffMs?: number
}

/** The chat window this panel stands in. The only place that calls WeCom's JS-SDK. */
export function createWecomHost({
  boot,
  client,
  jsApiList,
  getSignatures,
  loadSdk = () => import('./sdk.ts'),
  configTimeoutMs = 10_000,
  callTimeoutMs = 8_000,
  backOffMs = 5_000,
}: Options) {
  let sdk: Promise<Sdk> | undefined
  let refusedConfig: { reason: unknown; error: HostError; until: number } | undefined
  let freshWanted = false

  function noteRefusedConfig(reason: unknown) {
    const error = toHostError(reason)
    // An address that changed under way is no refusal: the next call signs the new one.
    if (error.code === 'URL_CHANGED') return
    if (error.code === 'BAD_SIGNATURE') freshWanted = true
    refusedConfig = { reason, error, until: Date.now() + backOffMs }
  }

  // `register` leaves its own copy of a refused config without an owner; it is shown by the call that waits for it.
  function swallowRefusedConfig(event: PromiseRejectionEvent) {
    if (event.reason === refusedConfig?.reason || toHostError(event.reason).code === 'URL_CHANGED')
      event.preventDefault()
  }

  function load(): Promise<Sdk> {
    sdk ??= loadSdk().then((ww) => {
      window.addEventListener('unhandledrejection', swallowRefusedConfig)
      const sign = async (url: string) => {
        const fresh = freshWanted
        freshWanted = false
        try {
          return await getSignatures(url, fresh)
        } catch (reason) {
          throw new HostError('SIGNATURE_UNAVAILABLE', String(reason))
        }
      }
      ww.register({
        corpId: boot.corpId,
        agentId: boot.agentId,
        jsApiList,
        getConfigSignature: async (url) => (await sign(url)).corp,
        getAgentConfigSignature: async (url) => (await sign(url)).agent,
        onConfigFail: noteRefusedConfig,
        onAgentConfigFail: noteRefusedConfig,
      })
      return ww
    })
    return sdk
  }

  async function getReadySdk(): Promise<Sdk> {
    if (!client.isWecom) throw new HostError('OUTSIDE_WECOM', 'the user agent is not WeCom')
    if (isOlder(client.version, oldestClient)) throw new HostError('CLIENT_TOO_OLD', `wxwork/${client.version}`)
    // Every call after a refused config would ask for a signature again.
    if (refusedConfig && Date.now() < refusedConfig.until) throw refusedConfig.error
    const ww = await load()
    await retryOnChangedUrl(() => withTimer(Promise.resolve(ww.ensureConfigReady()), configTimeoutMs, 'agentConfig'))
    return ww
  }

  async function call<T>(name: string, ask: (ww: Sdk) => Promise<T>): Promise<T> {
    const ww = await getReadySdk()
    return retryOnChangedUrl(() => withTimer(ask(ww), callTimeoutMs, name))
  }

  const questions = {
    getContext: () => call('getContext', (ww) => ww.getContext()),
    getCurExternalContact: () => call('getCurExternalContact', (ww) => ww.getCurExternalContact()),
    getCurExternalChat: () => call('getCurExternalChat', (ww) => ww.getCurExternalChat()),
  }

  return {
    /** Fetches and registers the SDK before it is needed, so that the first send does not wait. Never rejects. */
    prepare: (): Promise<void> =>
      getReadySdk().then(
        () => undefined,
        () => undefined,
      ),

    /** @throws HostError */
    currentChat: async (): Promise<Chat> => readChat(await askChat(questions)),

    /**
     * Hands one message to the client, but only if the chat is still with `expected`. Never throws.
     * `ok` means that the client took it, not that the customer has it.
     * @see https://developer.work.weixin.qq.com/document/path/94349
     */
    async send(message: ClientMessage, expected: Target): Promise<SendResult> {
      try {
        checkMessage(message, client)
        await requireTarget(expected)
        const ww = await getReadySdk()
        const sending = ww.sendChatMessage(message as Parameters<Sdk['sendChatMessage']>[0]).then(
          (): SendResult => ({ status: 'ok' }),
          (reason: unknown) => toRefusal(reason),
        )
        try {
          return await withTimer(sending, callTimeoutMs, 'sendChatMessage')
        } catch (reason) {
          // Silence is not a refusal: the client may still be asking the guide to confirm.
          return { status: 'failed', error: toHostError(reason), late: sending }
        }
      } catch (reason) {
        return toRefusal(reason)
      }
    },

    /**
     * Leads the guide into the chat with a customer. Never throws.
     * @returns null when the client went there, else why it did not
     * @see https://developer.work.weixin.qq.com/document/path/94351
     */
    openChat: (externalUserId: string): Promise<HostError | null> =>
      call('openEnterpriseChat', (ww) =>
        ww.openEnterpriseChat({ groupName: '', userIds: [], externalUserIds: [externalUserId], chatId: '' }),
      ).then(() => null, toHostError),
  }

  async function requireTarget(expected: Target): Promise<void> {
    const changed = new HostError('TARGET_CHANGED', 'the chat is with somebody else now')
    try {
      if (expected.chatId !== undefined) {
        const { chatId } = await questions.getCurExternalChat()
        if (chatId !== expected.chatId) throw changed
      } else {
        const { userId } = await questions.getCurExternalContact()
        if (userId !== expected.externalUserId) throw changed
      }
    } catch (reason) {
      const error = toHostError(reason)
      throw error.code === 'WRONG_ENTRY' ? changed : error
    }
  }
}
export type WecomCalls = ReturnType<typeof createWecomHost>

function toRefusal(reason: unknown): SendResult {
  const error = toHostError(reason)
  return error.code === 'CANCELLED' ? { status: 'cancelled' } : { status: 'failed', error }
}

async function retryOnChangedUrl<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (reason) {
    const error = toHostError(reason)
    if (error.code !== 'URL_CHANGED') throw error
    return work().catch((again: unknown) => {
      throw toHostError(again)
    })
  }
}
