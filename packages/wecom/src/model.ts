/** A customer, the same for every guide. */
export interface Customer {
  externalUserId: string
  /** May be empty. */
  name: string
  kind: 'wechat' | 'wecom' | 'unknown'
  gender: 'male' | 'female' | 'unknown'
  avatarUrl?: string
  /** WeChat users only, and only if the corp bound a WeChat developer account: its absence says nothing. */
  unionId?: string
  position?: string
  corpName?: string
  corpFullName?: string
}

interface RelationBase {
  userId: string
  remark: string
  description: string
  addedAt: Date
  /** Phone numbers noted by the guide. */
  remarkMobiles: string[]
  remarkCorpName?: string
  /** Who began it: the guide, the customer's own id, or a colleague. */
  operatorId?: string
  /** 来源; unknown values are kept as they are. */
  addWay?: number
  /** Our channel parameter. */
  state?: string
  channel?: { nickname: string; source: number }
}

export interface RelationTag {
  /** `corp` tags belong to the corp, `personal` ones to the guide (no id), `rule` ones to a rule group. */
  kind: 'corp' | 'personal' | 'rule' | 'unknown'
  tagId?: string
  name: string
  groupName: string
}

/** One guide following one customer, with whole tags. */
export interface RelationDetail extends RelationBase {
  tags: RelationTag[]
}

/** The same from the batch endpoint: ids of corp and rule-group tags; personal tags are not told. */
export interface RelationSummary extends RelationBase {
  tagIds: string[]
}

export interface CustomerDetail {
  customer: Customer
  /** Guides in the app's visible range only. */
  relations: RelationDetail[]
}

/** One page of relations. Follow `nextCursor` until it is null: a page may be short, or empty, before the end. */
export interface RelationPage {
  rows: { customer: Customer; relation: RelationSummary }[]
  nextCursor: string | null
  /** Guides left out for want of a licence. */
  unlicensedUserIds: string[]
}

export interface Tag {
  tagId: string
  name: string
  /** Larger first, up to 2^32-1. */
  order: number
  createdAt?: Date
  /** Told only when asked by id. */
  deleted: boolean
}

export interface TagGroup {
  groupId: string
  name: string
  order: number
  createdAt?: Date
  deleted: boolean
  tags: Tag[]
}

/** A member of the corp. New apps are told neither avatar nor mobile nor mail. */
export interface Member {
  userId: string
  name: string
  alias: string
  position: string
  departmentIds: number[]
  mainDepartmentId?: number
  /** Departments the member leads. */
  leaderOfDepartmentIds: number[]
  directLeaderUserIds: string[]
  status: 'active' | 'disabled' | 'not-activated' | 'left' | 'unknown'
  avatarUrl?: string
  mobile?: string
}

export interface MemberSummary {
  userId: string
  name: string
  departmentIds: number[]
}

export interface Department {
  departmentId: number
  name: string
  /** 0 or absent at the root. */
  parentId?: number
  order: number
  leaderUserIds: string[]
}

export interface DepartmentNode {
  departmentId: number
  parentId?: number
  order: number
}

/** The app as WeCom knows it. */
export interface AgentInfo {
  agentId: number
  name: string
  logoUrl?: string
  stopped: boolean
  /** 可信域名, without scheme. */
  trustedDomain?: string
  homeUrl?: string
  /** 可见范围. */
  visible: { userIds: string[]; departmentIds: number[]; tagIds: number[] }
}

/** Who signed in: a member, or somebody else (a customer, if a guide in range serves that person). */
export type SignedInUser =
  | { kind: 'member'; userId: string; userTicket?: string }
  | { kind: 'outsider'; openId?: string; externalUserId?: string }

export interface UploadedMedia {
  mediaId: string
  createdAt: Date
  /** WeCom keeps it for three days. */
  expiresAt: Date
}

export type GuideMessage =
  | { kind: 'text'; content: string }
  | { kind: 'markdown'; content: string }
  | { kind: 'textCard'; title: string; description: string; url: string; buttonText?: string }
  | {
      kind: 'miniProgramNotice'
      appid: string
      page?: string
      title: string
      description?: string
      emphasizeFirst?: boolean
      items: { key: string; value: string }[]
    }
  | {
      kind: 'templateCard'
      /** In WeCom's own spelling: the five kinds have little in common. */
      card: {
        card_type: 'text_notice' | 'news_notice' | 'button_interaction' | 'vote_interaction' | 'multiple_interaction'
      } & Record<string, unknown>
    }

export interface SendMessage {
  /** Userids (at most 1000), or everybody in range. */
  toUserIds?: string[] | 'everyone'
  toDepartmentIds?: number[]
  toTagIds?: number[]
  message: GuideMessage
  /** WeCom drops an equal message within this time; at most 4 hours. */
  dropDuplicatesForSec?: number
}

/** Who was not reached; ids come back in lower case. */
export interface SentMessage {
  messageId?: string
  invalidUserIds: string[]
  invalidDepartmentIds: number[]
  invalidTagIds: number[]
  unlicensedUserIds: string[]
  /** Template cards: good once, 72 hours. */
  responseCode?: string
}

/** A customer group. */
export interface GroupChat {
  chatId: string
  /** Empty when nobody named it. */
  name: string
  ownerUserId: string
  createdAt: Date
  notice: string
  /** Members of the corp in it, the owner included. */
  memberUserIds: string[]
  externalUserIds: string[]
}

/** At least one field beside the pair. */
export interface EditRemark {
  userId: string
  externalUserId: string
  /** At most 20 characters. */
  remark?: string
  /** At most 150 characters. */
  description?: string
  /** At most 20 characters; WeChat customers only. */
  remarkCorpName?: string
  /** Replaces all; an empty list clears. */
  remarkMobiles?: string[]
  pictureMediaId?: string
}
