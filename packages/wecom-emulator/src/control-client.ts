import type {
  WelcomeCallView,
  StormResult,
  StormInput,
  LedgerSummary,
  LedgerState,
  LedgerEntry,
  GuideDigest,
  GenerateResult,
  GenerateInput,
  FaultView,
  DumpPage,
  CallEntry,
  CallbackDelivery,
  ChatView,
  ClientActionName,
  ClientActions,
  CorpView,
  CoverageRow,
  CustomerView,
  EmulatorSettings,
  FaultInput,
  JsSignatureInput,
  JsSignatureVerdict,
  LoadInput,
  LoadResult,
  MediaView,
  MemberView,
  MessageView,
  RawCallbackInput,
  RawCallbackResult,
  RelationView,
  SettingsPatch,
  TagGroupView,
  TruthDigest,
} from './control-contract.ts'

export type * from './control-contract.ts'

/** The control API refused a command; `message` names what was wrong with it. */
export class EmulatorControlError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'EmulatorControlError'
    this.status = status
  }
}

export type EmulatorControl = ReturnType<typeof createEmulatorControl>

/**
 * Drives an emulator over HTTP; needs nothing but `fetch`, so it works in the browser too.
 * @param baseUrl address of the emulator, such as `http://127.0.0.1:4100`
 * @throws EmulatorControlError when a command is refused
 */
export function createEmulatorControl(baseUrl: string, fetchImpl: typeof fetch = fetch) {
  const base = `${baseUrl.replace(/\/+$/, '')}/__emulator`

  async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const response = await fetchImpl(`${base}/${path}`, {
      method,
      ...(method === 'POST' && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) }),
    })
    const answer = (await response.json()) as { result: T } | { error: string }
    if ('error' in answer) throw new EmulatorControlError(response.status, answer.error)
    return answer.result
  }

  const get = <T>(path: string, query: Record<string, string | number | undefined> = {}) => {
    const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    )
    return call<T>('GET', given.length ? `${path}?${new URLSearchParams(given).toString()}` : path)
  }
  const post = <T>(path: string, body?: unknown) => call<T>('POST', path, body)

  return {
    /** Empties the corp; settings return to their first values unless they are kept. Pending callbacks are dropped. */
    reset: (options: { keepSettings?: boolean } = {}) => post<null>('reset', options),
    /** Adds rows without raising callbacks; call it in pieces of some 10,000 rows for a big corp. */
    load: (rows: LoadInput) => post<LoadResult>('load', rows),
    /** The corp as rows for `load`: all of it, or in parts of `limit` customers or relations; pass `next` until it is null. */
    dump: (page: { after?: number; limit?: number } = {}) => get<DumpPage>('dump', page),
    /** Fills an empty corp inside the emulator; a million relations take some seconds. */
    generate: (input: GenerateInput) => post<GenerateResult>('generate', input),
    settings: () => get<EmulatorSettings>('settings'),
    changeSettings: (patch: SettingsPatch) => post<EmulatorSettings>('settings', patch),

    /** Spoils calls of a path: by errcode, by a fault of HTTP itself, by time, by quota … The same `id` replaces. */
    failNext: (fault: FaultInput) => post<FaultView>('faults', fault),
    /** What is still active, oldest first. */
    faults: () => get<FaultView[]>('faults'),
    /** All of them, or those with this id or path. */
    clearFaults: (which: { id?: string; path?: string } = {}) => post<null>('faults/clear', which),
    /** Moves the emulator's clock forward. */
    advanceClock: (seconds: number) => post<{ now: string }>('clock/advance', { seconds }),
    /** Ends all tokens as if their time were over (42001). */
    expireTokens: () => post<null>('tokens/expire'),
    /** Withdraws all tokens (40014). */
    revokeTokens: () => post<null>('tokens/revoke'),
    /** A sign-in code as the authorize page would give it, for a userid or an external id. */
    createOauthCode: (id: string) => post<{ code: string }>('oauth-codes', { id }),

    /** Somebody does something in a client or in the console; raises the callbacks that belong to it. */
    act: <K extends ClientActionName>(name: K, input: ClientActions[K]['input']) =>
      post<ClientActions[K]['output']>(`actions/${name}`, input),
    /** Does the GET check of the callback URL that the console does on saving. */
    verifyCallbackUrl: () => post<{ ok: boolean; message: string }>('callback/verify-url'),
    /** Sends one packet as given, once, and waits for its answer. */
    sendRawCallback: (packet: RawCallbackInput) => post<RawCallbackResult>('callback/raw', packet),
    /** Answers when no callback is waiting any more; `false` after the time is over. */
    waitForCallbacks: (timeoutMs = 10_000) => post<{ settled: boolean }>('callback/settled', { timeoutMs }),
    /** Counts of the events since the ledger was cleared, and how long their delivery took. */
    ledger: () => get<LedgerSummary>('callback/ledger'),
    /** Each event with what became of it, in pages; pass `next` until it is null. */
    ledgerEntries: (page: { after?: number; limit?: number; state?: LedgerState } = {}) =>
      get<{ entries: LedgerEntry[]; next: number | null }>('callback/ledger/entries', page),
    clearLedger: () => post<null>('callback/ledger/clear'),
    /** Begins many random client actions at a planned rate; `storm` tells how far it is. */
    startStorm: (input: StormInput) => post<StormResult>('storm', input),
    /** The last storm; null when there was none. */
    storm: () => get<StormResult | null>('storm'),
    stopStorm: () => post<StormResult | null>('storm/stop'),
    /** A storm from beginning to end. Deliveries may go on after it: see `waitForCallbacks`. */
    async runStorm(input: StormInput): Promise<StormResult> {
      let result = await post<StormResult>('storm', input)
      while (result.running) {
        await new Promise((resolve) => setTimeout(resolve, 100))
        const now = await get<StormResult | null>('storm')
        if (!now) throw new EmulatorControlError(410, 'the emulator was reset during the storm')
        result = now
      }
      return result
    },
    callbackDeliveries: (limit?: number) => get<CallbackDelivery[]>('callback/deliveries', { limit }),

    corp: () => get<CorpView>('corp'),
    members: (limit?: number) => get<MemberView[]>('members', { limit }),
    customer: (externalUserId: string) => get<CustomerView>('customers/one', { id: externalUserId }),
    /** Customers whose name, remark or id contains the text; at most 200. */
    customers: (filter: { text?: string; userId?: string; limit?: number } = {}) =>
      get<CustomerView[]>('customers', filter),
    /** `null` when this guide does not follow that customer. */
    relation: (userId: string, externalUserId: string) =>
      get<RelationView | null>('relation', { userId, externalUserId }),
    tagGroups: () => get<TagGroupView[]>('tag-groups'),
    chats: () => get<ChatView[]>('chats'),
    messages: (filter: { userId?: string; limit?: number } = {}) => get<MessageView[]>('messages', filter),
    /** Calls of send_welcome_msg that reached the platform, refused ones too, newest first. */
    welcomeCalls: (filter: { welcomeCode?: string; limit?: number } = {}) => get<WelcomeCallView[]>('welcomes', filter),
    media: () => get<MediaView[]>('media'),
    /** `null` when no such media was ever uploaded; an expired one is still shown with its age. */
    findMedia: (mediaId: string) => get<MediaView | null>('media/one', { id: mediaId }),
    linkedMiniPrograms: () => get<string[]>('mini-programs'),
    /** What the client's server would say to `wx.config` or `wx.agentConfig` of this page. */
    verifyJsSignature: (input: JsSignatureInput) => post<JsSignatureVerdict>('js-signature', input),

    /** The last API calls, newest first. */
    calls: (filter: { path?: string; limit?: number } = {}) => get<CallEntry[]>('calls', filter),
    /** How often each path was called since the last reset. */
    callCounts: () => get<Record<string, number>>('calls/counts'),
    clearCalls: () => post<null>('calls/clear'),
    /** Calls of paths that the emulator does not know. */
    unknownCalls: () => get<{ at: string; method: string; path: string }[]>('unknown'),
    coverage: () => get<CoverageRow[]>('coverage'),
    digest: () => get<TruthDigest>('truth/digest'),
    /** One digest for each guide with relations, to find where two stores differ. */
    guideDigests: () => get<GuideDigest[]>('truth/guides'),
    /** All relations in pages, as `digest` counts them; pass `next` until it is null. */
    truth: (page: { after?: number; limit?: number; userId?: string } = {}) =>
      get<{ relations: RelationView[]; next: number | null }>('truth', page),
  }
}
