/** A corp of any size to make inside the emulator; the same input gives the same corp. */
export interface GenerateInput {
  guides: number
  /** Up to a million takes some seconds. */
  relations: number
  seed: number
  /** Groups of six corp tags; default 8. */
  tagGroups?: number
  /** Share of the relations whose customer another guide serves already, 0 to 0.5; default 0.07. */
  sharedShare?: number
}

export interface GenerateResult {
  departments: number
  members: number
  customers: number
  relations: number
  tags: number
  ms: number
}

export type StormAction =
  /** One of the customers meets another guide, or comes back. */
  | 'addRelation'
  /** A customer nobody knows yet. */
  | 'addNewCustomer'
  | 'editRemark'
  | 'editTags'
  | 'guideDeletes'
  | 'customerDeletes'
  /** A corp tag is renamed, made or deleted. */
  | 'changeTag'

export interface StormInput {
  /** How many actions. */
  actions: number
  /** Spread over this many customers of the corp. */
  customers: number
  seed: number
  /** Actions a second by plan, whatever the receiver does; 0 or missing = all at once. */
  perSecond?: number
  /** Weights of the actions; those not named never happen. Default: mostly edits, some of everything. */
  mix?: Partial<Record<StormAction, number>>
}

export interface StormResult {
  running: boolean
  seed: number
  planned: number
  done: number
  /** An edit of a customer whom nobody follows any more turns into an addition. */
  counts: Record<StormAction, number>
  /** Events raised by it; those that the settings drop are among them. */
  raised: number
  startedAt: string
  endedAt: string | null
  /** How far the emulator itself fell behind the plan, at worst. */
  behindPlanMs: number
  /** Why it ended before its time. */
  error: string | null
}

export interface LatencyHistogram {
  count: number
  p50Ms: number
  p90Ms: number
  p99Ms: number
  maxMs: number
  /** How many took up to `uptoMs` and longer than the one before; null = longer than all. */
  buckets: { uptoMs: number | null; count: number }[]
}

/** What became of the events since the ledger was cleared. An event may go out as several packets. */
export interface LedgerSummary {
  /** Different event keys. */
  events: number
  raised: number
  /** Packets put on their way: raised ones and duplicates. */
  packets: number
  dropped: number
  duplicated: number
  /** Packets that were held back on purpose. */
  delayed: number
  notConfigured: number
  delivered: number
  failed: number
  waiting: number
  attempts: number
  /** Answers other than 200. */
  non200: number
  /** Attempts without any answer: time over, line cut. */
  unanswered: number
  /** Of delivered packets: from the planned moment of the first attempt to the 200. */
  latency: LatencyHistogram
}

export interface LedgerEntry {
  /** SHA-256 (hex) of corp id, line feed and decrypted XML. */
  key: string
  event: string
  changeType: string
  /** How often this very text was raised: two equal events of one second are one key. */
  raised: number
  packets: number
  dropped: number
  delivered: number
  failed: number
  attempts: number
  raisedAt: string
  /** The first 200; null while there is none. */
  deliveredAt: string | null
}

export type LedgerState = 'delivered' | 'dropped' | 'failed' | 'waiting'

export interface WelcomeCallView {
  at: string
  welcomeCode: string
  /** Null for a code that was never given out. */
  userId: string | null
  externalUserId: string | null
  errcode: number
  /** Time since the code was given out; null for an unknown one. */
  ageMs: number | null
  text: string
  attachments: unknown[]
}

/** Of one guide's relations; see `digest.ts` for what counts. */
export interface GuideDigest {
  userId: string
  relations: number
  digest: string
}
