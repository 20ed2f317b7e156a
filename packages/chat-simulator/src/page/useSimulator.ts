import { computed, inject, type InjectionKey, reactive, readonly, ref, shallowRef, watch } from 'vue'

import type { ChatMessage, ClientView } from '../api-contract.ts'
import { type BridgeCall, createBridgeHost } from '../host/bridge-host.ts'
import { toolbarEntry } from '../host/entries.ts'
import type { FrameLink } from '../host/frame-link.ts'
import type { SendableContent } from '../host/message-rules.ts'
import { isPhone, presets, toUserAgent } from '../host/presets.ts'
import { type Chat, listChats, toChat, toConversationId } from './chats.ts'
import { useDialogs } from './dialogs.ts'
import { text } from './messages.zh-CN.ts'
import { simulatorApi as api } from './simulator.api.ts'
import { readAddress, toAddress } from './url-state.ts'
import { useCustomerActions } from './useCustomerActions.ts'
import { useMediaQuery } from './useMediaQuery.ts'

export type Simulator = ReturnType<typeof createSimulator>
export const simulatorKey: InjectionKey<Simulator> = Symbol('simulator')

export function useSimulator(): Simulator {
  const simulator = inject(simulatorKey)
  if (!simulator) throw new Error('The simulator is not provided')
  return simulator
}

const refreshEveryMs = 5000

/** The state of the pretend client: who is signed in, which chat is open, what the panel has asked. */
export function createSimulator() {
  const address = readAddress(location.search)
  const settings = reactive(address.settings)
  const view = shallowRef<ClientView | null>(null)
  const loadError = ref('')
  const search = ref('')
  const openChat = shallowRef<Chat | null>(null)
  const messages = ref<ChatMessage[]>([])
  const calls = ref<(BridgeCall & { id: number })[]>([])
  const logOpen = ref(address.opening.log)
  const phoneOpen = ref(address.opening.phone)
  const panelOpen = ref(true)
  /** What a phone-sized client shows; a wide one shows all three. */
  const screen = ref<'list' | 'chat' | 'panel'>('panel')
  /** Each value is one opening of the panel: a new frame, a new document. */
  const frame = ref(0)
  const notice = ref<{ text: string; alert: boolean; id: number } | null>(null)
  const dialogs = useDialogs()
  const link = shallowRef<FrameLink | null>(null)

  const isNarrow = useMediaQuery('(max-width: 820px)')
  const isSystemDark = useMediaQuery('(prefers-color-scheme: dark)')

  const compact = computed(() => settings.width === 'phone' || isNarrow.value)
  const scheme = computed(() =>
    settings.theme === 'system' ? (isSystemDark.value ? 'dark' : 'light') : settings.theme,
  )
  const preset = computed(() => presets[settings.preset])
  const guide = computed(() => view.value?.guides.find(({ userId }) => userId === view.value?.userId) ?? null)
  const entry = computed(() =>
    settings.entry === 'auto' ? toolbarEntry(openChat.value?.open ?? null) : settings.entry,
  )
  const chats = computed(() => listChats(view.value, search.value.trim()))

  function say(words: string, alert = false) {
    notice.value = { text: words, alert, id: (notice.value?.id ?? 0) + 1 }
  }
  const fail = (error: unknown) => say(text.failed + (error instanceof Error ? error.message : String(error)), true)

  const host = createBridgeHost({
    client: () => ({
      preset: preset.value,
      entry: entry.value,
      conversation: openChat.value?.open ?? null,
      customerContact:
        !settings.noPermission && Boolean(view.value?.customerContactCallable && guide.value?.customerContact),
      silent: settings.silent,
      userCancels: settings.cancels,
      latencyMs: settings.latencyMs,
    }),
    verifyJsSignature: api.verifyJsSignature,
    findMedia: api.findMedia,
    isMiniProgramLinked: api.isMiniProgramLinked,
    onCall: (call) => calls.value.push({ ...call, id: (calls.value.at(-1)?.id ?? 0) + 1 }),
    deeds: {
      async send(content, to, { returnToChat }) {
        await append(content, 'guide', toConversationId(view.value?.userId ?? '', to))
        say(text.sent)
        if (returnToChat) screen.value = 'chat'
      },
      openProfile: (who, id) => void dialogs.ask({ kind: 'profile', who, id }),
      async openChat({ chatId, externalUserIds }) {
        const wanted = chats.value.find(
          ({ open }) =>
            (open.kind === 'group' && open.chatId === chatId) ||
            (open.kind === 'customer' && externalUserIds.length === 1 && open.externalUserId === externalUserIds[0]),
        )
        if (wanted) await openConversation(wanted)
        return wanted !== undefined
      },
      pickCustomers: () => dialogs.ask({ kind: 'pickCustomers' }),
      addCustomer: async () => (await dialogs.ask({ kind: 'addCustomerPage' })) === true,
      launchMiniProgram: (appId, path) => void dialogs.ask({ kind: 'launch', appId, path }),
      previewImages: (urls, current) => void dialogs.ask({ kind: 'images', urls, current }),
      copy: (words) =>
        navigator.clipboard.writeText(words).then(
          () => say(text.copied),
          () => say(text.copyRefused, true),
        ),
      openBrowser: (url) => void dialogs.ask({ kind: 'browser', url }),
      closePanel,
    },
  })

  async function append(content: SendableContent, from: 'guide' | 'customer', conversationId = openChat.value?.id) {
    if (!conversationId) return
    const message = await api.append(conversationId, { clientId: crypto.randomUUID(), from, content })
    if (openChat.value?.id === conversationId && !messages.value.some(({ id }) => id === message.id))
      messages.value.push(message)
  }

  function openPanel() {
    panelOpen.value = true
    screen.value = 'panel'
    frame.value++
  }
  function closePanel() {
    panelOpen.value = false
    screen.value = 'chat'
  }

  async function openConversation(chat: Chat, { keepScreen = false } = {}) {
    const first = openChat.value === null
    if (openChat.value?.id === chat.id) {
      if (!keepScreen) screen.value = 'chat'
      return
    }
    openChat.value = chat
    messages.value = []
    if (!keepScreen) screen.value = 'chat'
    if (first || settings.onSwitch === 'reload') frame.value++
    else if (settings.onSwitch === 'keep') link.value?.show()
    try {
      const list = await api.messages(chat.id)
      // A fast second click may have opened another chat in the meantime.
      if (openChat.value.id === chat.id) messages.value = list
    } catch (error) {
      fail(error)
    }
  }

  async function refresh() {
    view.value = await api.view(search.value.trim())
    const open = openChat.value
    const again = open && chats.value.find(({ id }) => id === open.id)
    if (again) openChat.value = again
  }

  async function signIn(userId: string) {
    await api.signIn(userId)
    search.value = ''
    openChat.value = null
    messages.value = []
    await refresh()
  }

  const firstChat = () => chats.value.find(({ customer }) => customer && !customer.gone) ?? chats.value[0]

  async function switchGuide(userId: string) {
    try {
      await signIn(userId)
      const first = firstChat()
      if (first) await openConversation(first, { keepScreen: true })
    } catch (error) {
      fail(error)
    }
  }

  /** Opens the client as the address says, or as the guide with the most customers. */
  async function start() {
    loadError.value = ''
    try {
      await refresh()
      const { guides = [], userId } = view.value ?? {}
      const wanted =
        guides.find((known) => known.userId === address.opening.guide) ??
        guides.find((known) => known.userId === userId) ??
        guides.toSorted((a, b) => b.customerCount - a.customerCount)[0]
      if (wanted && wanted.userId !== userId) await signIn(wanted.userId)
      const chat = (await findOpening()) ?? firstChat()
      if (chat) await openConversation(chat, { keepScreen: true })
    } catch (error) {
      loadError.value = error instanceof Error ? error.message : String(error)
    }
  }

  async function findOpening(): Promise<Chat | undefined> {
    const { customer, chat, internal } = address.opening
    const found = chats.value.find(
      ({ open }) =>
        (customer && open.kind === 'customer' && open.externalUserId === customer) ||
        (chat && open.kind === 'group' && open.chatId === chat) ||
        (internal && open.kind === 'internal'),
    )
    if (found || !customer) return found
    // The list is cut at 200: ask for this one by its id.
    return (await api.view(customer)).customers
      .filter(({ externalUserId }) => externalUserId === customer)
      .map(toChat)[0]
  }

  async function openAdded(externalUserId: string) {
    search.value = ''
    await refresh()
    const chat = chats.value.find(({ customer }) => customer?.externalUserId === externalUserId)
    if (chat) await openConversation(chat)
  }
  const customerActions = useCustomerActions({ ask: dialogs.ask, refresh, say, fail, openAdded })

  /** The client's back key: the page may answer that it wants to stay. */
  async function goBack() {
    if (screen.value === 'chat') screen.value = 'list'
    else if (!(await link.value?.emit('historyBack'))?.stay) screen.value = 'chat'
  }

  let typing: ReturnType<typeof setTimeout> | undefined
  watch(search, () => {
    clearTimeout(typing)
    typing = setTimeout(() => void refresh().catch(fail), 200)
  })
  // What a page reads once at its start changes only with a new document.
  watch([() => settings.preset, () => settings.inject, () => settings.entry, scheme], () => {
    if (panelOpen.value) frame.value++
  })
  watch(
    [settings, openChat, logOpen, phoneOpen, guide],
    () => {
      const open = openChat.value?.open
      const search = toAddress(settings, {
        guide: guide.value?.userId,
        customer: open?.kind === 'customer' ? open.externalUserId : '',
        chat: open?.kind === 'group' ? open.chatId : '',
        internal: open?.kind === 'internal',
        log: logOpen.value,
        phone: phoneOpen.value,
      })
      if (guide.value) history.replaceState(null, '', location.pathname + search)
    },
    { deep: true },
  )
  setInterval(() => {
    if (document.visibilityState === 'visible' && view.value) void refresh().catch(() => undefined)
  }, refreshEveryMs)

  return {
    settings,
    view: readonly(view),
    loadError: readonly(loadError),
    search,
    chats,
    guide,
    preset,
    entry,
    scheme,
    compact,
    isPhoneClient: computed(() => isPhone(preset.value)),
    openChat: readonly(openChat),
    messages: readonly(messages),
    calls: readonly(calls),
    logOpen,
    phoneOpen,
    panelOpen: readonly(panelOpen),
    screen,
    frame: readonly(frame),
    notice: readonly(notice),
    dialog: dialogs.dialog,
    userAgent: computed(() => toUserAgent(preset.value, scheme.value)),
    host,
    start,
    switchGuide,
    openConversation,
    openPanel,
    closePanel,
    goBack,
    ...customerActions,
    sendText: (words: string, from: 'guide' | 'customer') => append({ type: 'text', text: words }, from).catch(fail),
    clearCalls: () => void (calls.value = []),
    fail,
    /** Hands over the line to the document now in the frame; the one before is dropped. */
    setLink(next: FrameLink | null) {
      link.value?.close()
      link.value = next
    },
  }
}
