/**
 * Shapes of the control API under `/__emulator/`: what tests, the demo and the chat simulator say to the emulator.
 * House spelling; moments are ISO 8601 text. Imports nothing, so that a browser can use it too.
 */

import type { FaultInput, FaultKind, FaultView, HttpFault } from './fault-contract.ts'

export type { FaultInput, FaultKind, FaultView, HttpFault }
export type * from './drill-contract.ts'

/** What a corp's administrator would set in the console, plus limits, faults and open points of the documentation. */
export interface EmulatorSettings {
  corp: { corpId: string; name: string }
  /** `stopped`: 停用; every call with a token answers 50003. */
  agent: { agentId: number; name: string; description: string; secret: string; homeUrl: string; stopped: boolean }
  /** 可信域名, `host` or `host:port`; for OAuth host and port must be equal, JS calls also allow sub-domains. */
  trustedDomains: string[]
  /** 授权回调域 of the QR sign-in; null = the trusted domains. */
  loginDomains: string[] | null
  /** 客户联系 → 可调用接口的应用; false makes every customer call answer 48002. */
  customerContactCallable: boolean
  /** 可见范围; null = the whole corp. Departments include those below them. */
  visibleRange: { userIds: string[]; departmentIds: number[] } | null
  /** 企业可信IP; null = any caller. */
  trustedIps: string[] | null
  /** Older apps still read mobile, mail, avatar and gender of members; new ones do not. */
  memberSensitiveFields: boolean
  /** appids of mini programs linked to the corp. */
  linkedMiniPrograms: string[]
  callbackIps: string[]
  callback: {
    url: string | null
    token: string
    aesKey: string
    /** WeCom cuts the line after five seconds. */
    timeoutMs: number
    /** Pause before each repetition; the real pause is not documented. */
    redeliverAfterMs: number
    /** Deliveries of one packet in all. */
    maxDeliveries: number
    /** Packets on their way at the same time. */
    concurrency: number
    /** Only contact sync receives change_contact in life; off = an ordinary app. */
    contactEvents: boolean
    /** Shares of 0 to 1: packets lost on the way, packets delivered twice. */
    dropRate: number
    duplicateRate: number
    /** Each packet waits a random time up to this, so that packets overtake each other. */
    shuffleMs: number
    /** Share of the packets that start `lateMs` after the others. */
    lateRate: number
    lateMs: number
    /** Same seed, same events lost, doubled, late and shuffled, in the order in which they are raised. */
    seed: number
  }
  limits: {
    /** Calls for one API of one corp; 0 = no limit. A full minute blocks 60 s, a full hour 60 min (45009). */
    perMinute: number
    perHour: number
    /** Calls for one API at the same time (45033); 0 = no limit. */
    concurrent: number
    /** Wrong secrets from one address until it is shut out for an hour (45009). */
    wrongSecrets: number
    /** jsapi tickets an hour for the app (45009); 0 = no limit. */
    ticketsPerHour: number
    /** App messages to one member; what is above is dropped in silence; 0 = no limit. */
    messagesPerMemberMinute: number
    messagesPerMemberHour: number
  }
  /** Added to every API call, and to single paths on top of it. */
  latencyMs: number
  latencyMsByPath: Record<string, number>
  /** The whole API is away: HTTP 500, no answer, or closed connections. */
  outage: 'none' | 'status500' | 'hang' | 'close'
  /** Points that the documentation leaves open. */
  uncertain: {
    /** `expires_in` when the same token is handed out again. */
    expiresInOnRepeat: 'full' | 'left'
    /** How long an ended token is still accepted. */
    tokenOverlapSec: number
    /** Life of a paging cursor; 0 = no end. */
    cursorLifeSec: number
    /** What add_corp_tag lists. */
    addCorpTagLists: 'new' | 'all'
    /** How `+` of echostr is written in the query. */
    echostrPlus: 'encoded' | 'raw'
    /** What bad JSON gives: 40058, or success with a warning and no parameters read. */
    badJson: 'refuse' | 'warn'
    /** Answer to changing a tag that another app or the console made. */
    foreignTagErrcode: number
    /** Answer to a welcome code that was used up: 41050 or 41051. */
    usedWelcomeErrcode: number
    /** Whether one-sided relations of an unchecked addition show in the customer calls. */
    halfRelations: 'hidden' | 'visible'
    /** Pages of lists end before `limit`. */
    shortPages: boolean
    /** The upload page says 10 MB, the error list 5 MB. */
    imageMaxBytes: number
  }
}

/** A part of the settings; groups are merged key by key, lists replace. */
export type SettingsPatch = {
  [K in keyof EmulatorSettings]?: EmulatorSettings[K] extends string[] | null
    ? EmulatorSettings[K]
    : EmulatorSettings[K] extends Record<string, unknown>
      ? Partial<EmulatorSettings[K]>
      : EmulatorSettings[K]
}

export interface DepartmentSeed {
  id: number
  name: string
  nameEn?: string
  parentId?: number
  order?: number
  leaderUserIds?: string[]
}

/** status: 1 active, 2 disabled, 4 not activated, 5 left. */
export interface MemberSeed {
  userId: string
  name: string
  departmentIds: number[]
  mainDepartmentId?: number
  leaderInDepartments?: boolean[]
  directLeaderUserIds?: string[]
  position?: string
  alias?: string
  gender?: 0 | 1 | 2
  mobile?: string
  email?: string
  avatar?: string
  status?: 1 | 2 | 4 | 5
  /** 客户联系 → 使用范围; default true. */
  customerContact?: boolean
  /** Has an interop licence (互通账号); default true. */
  licensed?: boolean
  /** Out of the address book; the relations still wait for a handover. */
  left?: boolean
}

export interface TagGroupSeed {
  groupId?: string
  name: string
  order?: number
  createdAt?: string
  /** Who made it: only tags of the app can be changed through the API. Default `app`. */
  createdBy?: 'app' | 'admin'
  /** Set for a rule group (规则组): its tags are of type 3 and not in the corp tag list. */
  strategyId?: number
  /** Deleted ones can still be asked for by id. */
  deleted?: boolean
  tags: TagSeed[]
}

export interface TagSeed {
  tagId?: string
  name: string
  order?: number
  createdAt?: string
  /** Default: as the group. */
  createdBy?: 'app' | 'admin'
  deleted?: boolean
}

export interface CustomerSeed {
  externalUserId?: string
  name: string
  /** 1 WeChat user (default), 2 WeCom user of another corp. */
  type?: 1 | 2
  gender?: 0 | 1 | 2
  avatar?: string
  unionId?: string
  position?: string
  corpName?: string
  corpFullName?: string
}

export type RelationStatus = 'both' | 'half' | 'customerDeleted'

export interface RelationSeed {
  userId: string
  externalUserId: string
  remark?: string
  description?: string
  company?: string
  mobiles?: string[]
  tagIds?: string[]
  /** Tags that the member made for himself (type 2). */
  personalTags?: { groupName: string; name: string }[]
  addWay?: number
  operUserId?: string
  state?: string
  wechatChannels?: { nickname: string; source: number }
  addedAt?: string
  status?: RelationStatus
  /** The guide of this relation is the one who left, not a later member with the same userid. */
  ofLeaver?: boolean
}

export interface ChatSeed {
  chatId?: string
  name: string
  ownerUserId: string
  notice?: string
  createdAt?: string
  /** userids and external ids beside the owner. */
  members?: string[]
  adminUserIds?: string[]
  /** In place of `members`: all of them, with how they came in. */
  joined?: { id: string; joinedAt: string; joinScene: 1 | 2 | 3; invitorUserId: string }[]
  /** Changes of the members so far: what `member_version` is made of. */
  version?: number
}

/** Rows to add; existing rows with the same key are replaced. */
export interface LoadInput {
  departments?: DepartmentSeed[]
  members?: MemberSeed[]
  tagGroups?: TagGroupSeed[]
  customers?: CustomerSeed[]
  relations?: RelationSeed[]
  chats?: ChatSeed[]
  /** Goes on with the random numbers of a dump, so that new ids do not repeat old ones. */
  randomState?: number
}

/** A part of the corp that `load` takes as it is; all parts in their order make the whole. */
export interface DumpPage extends LoadInput {
  /** The `after` of the following part; null = this was the last. */
  next: number | null
  /** Of the corp when the part was taken: parts with different ones do not fit together. */
  changeCount: number
}

/** Ids in the order of the rows given. */
export interface LoadResult {
  tagGroups: { groupId: string; name: string; tags: { tagId: string; name: string }[] }[]
  externalUserIds: string[]
  chatIds: string[]
}

export interface CallEntry {
  at: string
  method: string
  path: string
  query: Record<string, string>
  body: unknown
  errcode: number | null
  httpStatus: number
  ms: number
  ip: string
}

export interface CallbackDelivery {
  id: number
  event: string
  changeType: string
  /** Decrypted event, as WeCom would have written it. */
  xml: string
  raisedAt: string
  state: 'waiting' | 'delivered' | 'failed' | 'dropped' | 'notConfigured'
  attempts: { at: string; status: number | null; error: string | null; ms: number }[]
}

export interface RelationView {
  userId: string
  externalUserId: string
  status: RelationStatus
  remark: string
  description: string
  company: string
  mobiles: string[]
  tagIds: string[]
  tagNames: string[]
  addWay: number
  operUserId: string
  state: string
  addedAt: string
}

export interface CustomerView {
  externalUserId: string
  name: string
  type: 1 | 2
  gender: 0 | 1 | 2
  avatar: string
  unionId: string
  relations: RelationView[]
}

export interface MemberView {
  userId: string
  name: string
  departmentIds: number[]
  position: string
  avatar: string
  status: number
  customerContact: boolean
  visible: boolean
  customerCount: number
}

export interface TagGroupView {
  groupId: string
  name: string
  order: number
  strategyId: number | null
  tags: { tagId: string; name: string; order: number }[]
}

export interface ChatView {
  chatId: string
  name: string
  ownerUserId: string
  notice: string
  members: { id: string; name: string; external: boolean }[]
}

export interface MessageView {
  msgId: string
  at: string
  userIds: string[]
  msgType: string
  /** The object under the key of its msgtype. */
  content: unknown
  /** Members over the limit, for whom WeCom drops the message in silence. */
  droppedUserIds: string[]
}

export interface MediaView {
  mediaId: string
  type: string
  filename: string
  contentType: string
  bytes: number
  createdAt: string
  ageSec: number
  expired: boolean
  url: string
}

export interface JsSignatureInput {
  /** The page's address; what follows `#` is cut. */
  url: string
  timestamp: string | number
  nonceStr: string
  signature: string
  corpId: string
  agentId?: string | number
  /** `config` is signed with the corp ticket, `agentConfig` with the app ticket. */
  kind: 'config' | 'agentConfig'
}

/** `message` is the text a client hands to the SDK: the caller puts `<name>:fail_` before it. */
export type JsSignatureVerdict = { ok: true } | { ok: false; errcode: number; message: string; reason: string }

export interface CorpView {
  corpId: string
  corpName: string
  agentId: number
  agentName: string
  now: string
  counts: {
    departments: number
    members: number
    customers: number
    relations: number
    tags: number
    chats: number
    media: number
    messages: number
  }
  token: { expiresAt: string } | null
  pendingCallbacks: number
  /** Calls that are kept waiting for ever by the fault `hang`. */
  hangingCalls: number
  /** Rises with every change of the corp: of people, relations, tags and chats, not of settings. */
  changeCount: number
}

export interface CoverageRow {
  method: 'GET' | 'POST'
  path: string
  level: 'full' | 'partial'
  calls: number
}

/** Customers, guides and relations with their remarks and corp tags, in one number; see `digest.ts`. */
export interface TruthDigest {
  relations: number
  digest: string
}

/** What people do in their clients or in the console. Each raises the callbacks that WeCom would send. */
export interface ClientActions {
  /** A customer scans a guide's code or is added; `half` = without check and not yet added back. */
  addCustomer: {
    input: {
      userId: string
      /** An existing customer; else one is made from `customer`. */
      externalUserId?: string
      customer?: CustomerSeed
      state?: string
      addWay?: number
      operUserId?: string
      half?: boolean
      /** The console has a welcome for this guide: no WelcomeCode in the event. */
      withoutWelcomeCode?: boolean
    }
    output: { externalUserId: string; welcomeCode: string | null }
  }
  /** The guide changes remark, notes or tags in the client. */
  editRelation: {
    input: {
      userId: string
      externalUserId: string
      remark?: string
      description?: string
      company?: string
      mobiles?: string[]
      addTagIds?: string[]
      removeTagIds?: string[]
    }
    output: RelationView
  }
  /** The guide deletes the customer: the relation is gone. */
  guideDeletesCustomer: { input: { userId: string; externalUserId: string; byTransfer?: boolean }; output: null }
  /** The customer deletes (or blocks) the guide: a one-sided relation stays. */
  customerDeletesGuide: { input: { userId: string; externalUserId: string }; output: null }
  /** The customer changes the WeChat profile: WeCom sends nothing. */
  editCustomer: { input: CustomerSeed & { externalUserId: string }; output: null }
  /** Guide and customer begin to talk: their welcome code is worth nothing any more (41051). No event. */
  startChat: { input: { userId: string; externalUserId: string }; output: null }
  /** Another app takes the welcome code: it is sending (41096), or its message went out (41051). No event. */
  otherAppWelcomes: { input: { welcomeCode: string; sent?: boolean }; output: null }
  createTagGroup: { input: TagGroupSeed; output: TagGroupView }
  createTag: { input: { groupId: string; name: string; order?: number }; output: { tagId: string } }
  /** Renames or re-orders a tag or a group. */
  updateTag: { input: { id: string; name?: string; order?: number }; output: null }
  /** Deletes a tag or a group; a group gives one event, not one for each tag. */
  deleteTag: { input: { id: string }; output: null }
  /** The order of one group's tags, or with no id of the groups, changes. */
  shuffleTags: { input: { groupId?: string }; output: null }
  createMember: { input: MemberSeed; output: null }
  updateMember: { input: Partial<MemberSeed> & { userId: string; newUserId?: string }; output: null }
  /** The member leaves the corp; the customers stay behind unassigned. */
  deleteMember: { input: { userId: string }; output: null }
  createDepartment: { input: DepartmentSeed; output: null }
  updateDepartment: { input: Partial<DepartmentSeed> & { id: number }; output: null }
  deleteDepartment: { input: { id: number }; output: null }
  createChat: { input: ChatSeed; output: { chatId: string } }
  updateChat: {
    input: {
      chatId: string
      name?: string
      notice?: string
      ownerUserId?: string
      addMembers?: string[]
      removeMembers?: string[]
    }
    output: null
  }
  dismissChat: { input: { chatId: string }; output: null }
}

export type ClientActionName = keyof ClientActions

/** A packet made by hand, for receivers that must refuse it. */
export interface RawCallbackInput {
  xml: string
  /** `signature` breaks msg_signature, `receiveId` seals for another corp, `plain` sends the XML unencrypted, `expired` signs with an old time. */
  tamper?: 'none' | 'signature' | 'receiveId' | 'plain' | 'expired'
}

export interface RawCallbackResult {
  status: number | null
  body: string
  error: string | null
}
