import type { ClientReport, SetUpAnswers, SyncProgress } from '@guidebar/contracts'
import type { AgentInfo, WecomClient } from '@guidebar/wecom'

import type { Config, WecomConfig } from '../../platform/config.ts'

/** A refusal that WeCom gave to our calls within the last hour. */
export type SeenRefusal = { errcode: number; count: number; path: string }
/** The panel as it came up, or did not, on somebody's screen. */
export type SeenClient = ClientReport & { at: Date }

/** What only the database and the running server know. Everything is of one corp. */
export type DoctorRecords = {
  refusals(): Promise<SeenRefusal[]>
  closedApis(): Promise<{ path: string; until: Date }[]>
  /** Why no token can be had: a refusal that stands. */
  tokenFault(): Promise<{ errcode: number; isStopped: boolean } | null>
  token(): Promise<{ ageMs: number; leftMs: number; refreshes: number; holder: string } | null>
  callbacks(): Promise<{
    verifiedAt: Date | null
    lastEventAt: Date | null
    oldestWaitingSec: number | null
    dead: number
    /** The last request to the callback address that was no event; verdict `ok` or the reason of the refusal. */
    lastAttempt: { at: Date; verdict: string } | null
  }>
  welcomes(): Promise<{
    sent: number
    newCustomers: number
    withoutCode: number
    tooLate: number
  }>
  sync(): Promise<SyncProgress & { relations: number; movedAt: Date | null }>
  cards(): Promise<{ title: string; problem: string | null }[]>
  miniProgramTest(): Promise<{ appId: string; errcode: number | null } | null>
  unionIds(): Promise<{ sampled: number; withUnionId: number }>
  clients(): Promise<SeenClient[]>
  answers(): Promise<SetUpAnswers>
  /** Lets the server note what it sees of the request with this word in its path. */
  expectProbe(word: string): Promise<void>
  probeSeen(word: string): Promise<{ host: string; scheme: string } | null>
}

export type DoctorContext = {
  /** null: the environment is wrong; then its variables are named. */
  config: Config | null
  wrongVariables: string[]
  database: { status: 'ok'; kind: string } | { status: 'in-use' } | { status: 'away'; reason: string }
  hasDataKey: boolean
  /** What is not entered yet of what it takes to speak for a corp. */
  missingFields: string[]
  hasUnreadableFields: boolean
  callbackHalf: boolean
  verifyFile: { name: string; content: string } | null
  wecom: WecomConfig | null
  client: WecomClient | null
  /** null where the database cannot be read. */
  records: DoctorRecords | null
  /** Whoever asks, when that is a member. */
  userId: string | null
  lang: 'zh-CN' | 'zh-TW' | 'en'
  fetch: typeof fetch
  now: () => Date
  /** What earlier looks found out for later ones. */
  memo: {
    hasToken?: boolean
    agent?: AgentInfo
    followers?: string[]
    visibleUserIds?: string[]
    isRunning?: boolean
  }
}
