import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { runInNewContext } from 'node:vm'

import type * as sdk from '@wecom/jssdk'

import { createBridgeHost, type BridgeCall, type BridgeHostDeps, type ClientState } from './bridge-host.ts'
import { type BridgeSettings, type FrameLink, isHello, linkFrame, type LinkPort } from './frame-link.ts'
import { presets, toUserAgent } from './presets.ts'
import type { SendableContent } from './message-rules.ts'

const require = createRequire(import.meta.url)
const sdkSource = readFileSync(require.resolve('@wecom/jssdk/dist/wecom.global.prod.js'), 'utf8')
const stubSource = readFileSync(new URL('../bridge/bridge.js', import.meta.url), 'utf8')

export const pageUrl = 'http://sim.test/sidebar/?x=1'
const origin = 'http://sim.test'

type Sdk = typeof sdk & { env: { isWeCom: boolean } }
type RawBridge = {
  invoke(name: string, params: object, callback: (reply: Record<string, unknown>) => void): void
  on(name: string, listener: (data: unknown) => unknown): void
}

/**
 * A pretend frame for tests: the real stub and the genuine, unmodified SDK in a fresh JavaScript realm, joined by real
 * message ports to the real host. Only the servers behind the client are replaced.
 */
export async function openFramedPage({
  client = {},
  facts = {},
  inject = 'first',
}: {
  client?: Partial<ClientState>
  facts?: Partial<BridgeHostDeps>
  inject?: BridgeSettings['inject']
} = {}) {
  const state: ClientState = {
    preset: presets.windows,
    entry: 'single_chat_tools',
    conversation: { kind: 'customer', externalUserId: 'wmA' },
    customerContact: true,
    silent: false,
    userCancels: false,
    latencyMs: 0,
    ...client,
  }
  const calls: BridgeCall[] = []
  const sent: SendableContent[] = []
  const done: string[] = []
  const host = createBridgeHost({
    client: () => state,
    verifyJsSignature: async ({ signature, url }) =>
      signature === `signed ${url}`
        ? { ok: true }
        : { ok: false, errcode: 40093, message: 'invalid signature', reason: 'signed another address' },
    findMedia: async (mediaId) =>
      mediaId === 'media-old'
        ? { type: 'image', expired: true }
        : mediaId === 'media-new'
          ? { type: 'image', expired: false }
          : null,
    isMiniProgramLinked: async (appId) => appId === 'wxlinked',
    onCall: (call) => calls.push(call),
    deeds: {
      send: async (content) => void sent.push(content),
      openProfile: (type, id) => void done.push(`profile ${type} ${id}`),
      async openChat({ chatId, externalUserIds }) {
        done.push(`chat ${chatId}${externalUserIds.join()}`)
        return true
      },
      pickCustomers: async () => ['wmA', 'wmB'],
      addCustomer: async () => true,
      launchMiniProgram: (appId, path) => void done.push(`launch ${appId} ${path}`),
      previewImages: (_urls, current) => void done.push(`preview ${current}`),
      copy: async (text) => void done.push(`copy ${text}`),
      openBrowser: (url) => void done.push(`browser ${url}`),
      closePanel: () => void done.push('close'),
    },
    ...facts,
  })

  const links: FrameLink[] = []
  const greetings: { target: string }[] = []
  const settings: BridgeSettings = {
    tag: 'wecom-sim',
    ua: toUserAgent(state.preset, 'light'),
    platform: state.preset.navigatorPlatform,
    inject,
    channel: 'frame-1',
    host: origin,
  }
  const document = new EventTarget()
  const window = Object.assign(new EventTarget(), {
    name: JSON.stringify(settings),
    document,
    navigator: { userAgent: 'Mozilla/5.0 Chrome/156', platform: 'Linux x86_64', maxTouchPoints: 0 },
    location: { href: `${pageUrl}#/home`, origin },
    parent: {
      postMessage(data: unknown, target: string, [port]: [LinkPort]) {
        greetings.push({ target })
        if (!isHello(data, settings.channel)) return
        links.push(linkFrame(port, host.openSession()))
      },
    },
    MessageChannel,
    Event,
    URL,
    setTimeout,
    clearTimeout,
    console,
  }) as unknown as Record<string, unknown>
  window.window = window
  window.self = window
  const load = () => {
    for (const link of links.splice(0)) link.close()
    runInNewContext(stubSource, window)
    runInNewContext(sdkSource, window)
  }
  load()

  return {
    state,
    calls,
    sent,
    done,
    greetings,
    sdk: window.ww as Sdk,
    window: window as Record<string, unknown> & {
      location: { href: string }
      navigator: { userAgent: string; platform: string }
    },
    link: () => links.at(-1),
    bridge: () => window.WeixinJSBridge as RawBridge,
    /** Registers with app identity, signed for the page's own address unless told otherwise. */
    register: (apis: string[], sign = (url: string) => `signed ${url}`) =>
      (window.ww as Sdk).register({
        corpId: 'wwcorp',
        agentId: 1000002,
        jsApiList: apis,
        getAgentConfigSignature: (url: string) => ({ timestamp: 1_700_000_000, nonceStr: 'n1', signature: sign(url) }),
      }),
    raw: (name: string, params: object = {}) =>
      new Promise<Record<string, unknown>>((resolve) =>
        (window.WeixinJSBridge as RawBridge).invoke(name, params, resolve),
      ),
    /** Loads the document again: a new greeting, a new port, a new SDK. */
    reload: load,
    close() {
      for (const link of links) link.close()
    },
  }
}
