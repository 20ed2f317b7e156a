import { ApiError, type SidebarApi } from '@guidebar/api-client'
import type { PanelApi } from '@guidebar/api-client/panel'
import { createToasts } from '@guidebar/ui'
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { vi, type Mock } from 'vitest'
import { shallowRef, type Component } from 'vue'

import { createOutcomeOutbox } from '../features/sends/outcome-outbox.ts'
import type { ChatHeard } from '../host/ask-chat.ts'
import type { WecomHost } from '../host/late-host.ts'
import type { SendResult } from '../host/wecom-host.ts'
import { createTranslations, translationsKey } from '../platform/i18n.ts'
import { panelApiKey } from '../platform/panel-api.ts'
import { servicesKey, type Services } from '../platform/services.ts'
import {
  bootFacts,
  catalogue,
  context,
  quickReply,
  relation,
  replyMarks,
  signatures,
  tagCare,
  tagLibrary,
} from './fixtures.ts'
import { answering } from './mocks.ts'

type Mocked<Api> = {
  [Name in keyof Api]: Api[Name] extends (...args: infer Args) => infer Answer ? Mock<(...args: Args) => Answer> : never
}
type Change = {
  api?: Partial<Record<keyof SidebarApi, unknown>>
  /** Calls beyond those of the first view; one that is neither told nor made by every panel fails the test. */
  panel?: Partial<Record<keyof PanelApi, unknown>>
  heard?: ChatHeard | { refused: unknown }
  sendResults?: SendResult[]
}

export const chatWith = (externalUserId: string, entry = 'single_chat_tools'): ChatHeard => ({
  entry: { told: entry },
  customer: { told: externalUserId },
})

export const apiFailure = (code: ApiError['code'], status = 503) =>
  new ApiError(code, { code, status, requestId: 'r-1' })

/** Services whose server and client answer as the test says; everything else is the real thing. */
export async function createFakeServices({
  api: answers = {},
  panel = {},
  heard = chatWith('wm-wang'),
  sendResults = [],
}: Change = {}) {
  let sends = 0
  const api = {
    getContext: answering(context()),
    markTags: answering(relation()),
    editRemark: answering(relation()),
    getTagGroups: answering(tagLibrary),
    getQuickReplies: answering({ version: '1', replies: [] }),
    createQuickReply: answering(quickReply()),
    updateQuickReply: answering(quickReply()),
    deleteQuickReply: answering(undefined),
    getCards: answering(catalogue()),
    prepareSend: vi.fn<() => Promise<unknown>>(async () => ({
      sendId: `send-${++sends}`,
      status: 'pending',
      message: { msgtype: 'text', text: { content: '您好' } },
    })),
    reportOutcome: answering({}),
    getSends: answering({ sends: [], performance: context().performance }),
    signUrl: answering(signatures('https://guide.example.com/sidebar/')),
    logout: answering(undefined),
    ...answers,
  } as unknown as SidebarApi & Mocked<SidebarApi>
  const host = {
    prepare: answering(undefined),
    currentChat: answering({ entry: 'single_chat_tools', target: { externalUserId: 'wm-wang' } }),
    send: vi.fn<WecomHost['send']>(async () => {
      const result = sendResults.shift() ?? { status: 'ok' }
      if (result.status === 'failed' && result.error.code === 'TARGET_CHANGED') host.tellTargetChanged()
      return result
    }),
    openChat: vi.fn<WecomHost['openChat']>(async () => null),
    onMaybeSwitched: vi.fn<WecomHost['onMaybeSwitched']>(() => () => undefined),
    onTargetChanged(tell: () => void) {
      host.tellTargetChanged = tell
      return () => undefined
    },
    tellTargetChanged: () => {},
  } satisfies WecomHost & { tellTargetChanged: () => void }
  const services: Services = {
    boot: bootFacts(),
    api,
    host,
    outbox: createOutcomeOutbox({ report: api.reportOutcome, owner: 's', storage: createStorage() }),
    toasts: createToasts(),
    memory: null,
    pending: shallowRef(null),
    start: {
      boot: bootFacts(),
      chat: Promise.resolve(heard),
      signatures: Promise.reject(new Error('not needed')),
      calls: {},
      memory: null,
      lastKnown: null,
    },
    reload: vi.fn<() => void>(),
  }
  services.start.signatures.catch(() => undefined)
  const translations = createTranslations()
  await translations.complete()
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } })
  // What the search asks for as soon as it is opened, whatever a test is about.
  const panelApi = {
    getReplyMarks: answering(replyMarks()),
    getKnowledge: answering({ version: '1', articles: [] }),
    getArticles: answering({ version: '1', articles: [] }),
    getTimeline: answering({ events: [], next: null }),
    getTagCare: answering(tagCare()),
    ...panel,
  } as unknown as Mocked<PanelApi>
  return { services, api, panel: panelApi, host, translations, queryClient }
}

/** Mounts a component of the panel into the document, with everything it leans on. */
export function mountPanel(
  component: Component,
  { services, panel, translations, queryClient }: Awaited<ReturnType<typeof createFakeServices>>,
  props: Record<string, unknown> = {},
) {
  return mount(component, {
    props,
    attachTo: document.body,
    global: {
      plugins: [[VueQueryPlugin, { queryClient }]],
      provide: {
        [servicesKey as symbol]: services,
        [panelApiKey as symbol]: panel,
        [translationsKey as symbol]: translations,
      },
    },
  })
}

export function createStorage(): Storage {
  const kept = new Map<string, string>()
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
    clear: () => kept.clear(),
    key: () => null,
    get length() {
      return kept.size
    },
  }
}

/** The first element a person would find under these words. */
export function byText(selector: string, words: string): HTMLElement {
  const found = [...document.querySelectorAll<HTMLElement>(selector)].find(
    (element) => element.textContent?.includes(words) || element.getAttribute('aria-label')?.includes(words),
  )
  if (!found) throw new Error(`nothing like ${selector} with «${words}» in: ${document.body.textContent}`)
  return found
}
