import type { RelationStatus } from '../control-contract.ts'

export interface DepartmentRecord {
  id: number
  name: string
  nameEn: string
  parentId: number
  order: number
  leaderUserIds: string[]
}

export interface MemberRecord {
  /** Spelling of the first load; looked up without regard to case. */
  userId: string
  name: string
  departmentIds: number[]
  mainDepartmentId: number
  leaderInDepartments: boolean[]
  directLeaderUserIds: string[]
  position: string
  alias: string
  gender: 0 | 1 | 2
  mobile: string
  email: string
  avatar: string
  /** 1 active, 2 disabled, 4 not activated, 5 left. */
  status: 1 | 2 | 4 | 5
  customerContact: boolean
  licensed: boolean
  /** Sorted by `seq`, so that a page can go on after the last one seen. */
  relations: RelationRecord[]
  /** Rises when the member or one of the relations changes: what is worked out from them can be kept until then. */
  version: number
}

export interface TagRecord {
  id: string
  name: string
  order: number
  createdSec: number
  createdBy: 'app' | 'admin'
  /** Relations keep their tags; readers skip deleted ones, so that deleting a tag touches no relation. */
  deleted: boolean
  group: TagGroupRecord
}

export interface TagGroupRecord {
  id: string
  name: string
  order: number
  createdSec: number
  createdBy: 'app' | 'admin'
  strategyId: number | null
  deleted: boolean
  tags: TagRecord[]
}

export interface CustomerRecord {
  externalUserId: string
  name: string
  type: 1 | 2
  gender: 0 | 1 | 2
  avatar: string
  unionId: string
  /** Only for people of another corp. */
  work: { position: string; corpName: string; corpFullName: string } | null
  relations: RelationRecord[]
}

/** What few relations have; the others share one empty object, since there may be a million of them. */
export interface RelationNotes {
  readonly description?: string
  readonly company?: string
  readonly mobiles?: readonly string[]
  readonly personalTags?: readonly { groupName: string; name: string }[]
  readonly wechatChannels?: { nickname: string; source: number }
}

export interface RelationRecord {
  /** Rises with each addition: the key that paging goes on from. */
  seq: number
  guide: MemberRecord
  customer: CustomerRecord
  status: RelationStatus
  createdSec: number
  remark: string
  tags: readonly TagRecord[]
  addWay: number
  operUserId: string
  state: string
  notes: RelationNotes
}
