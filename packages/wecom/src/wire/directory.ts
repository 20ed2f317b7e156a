import { Type, type Static } from 'typebox'
import { answer, UserId } from './common.ts'

export const UserGetRequest = Type.Object({ userid: UserId })
export type UserGetRequest = Static<typeof UserGetRequest>

/**
 * A member. New self-built apps get no avatar, mobile, email or gender.
 * `department`, `order` and `is_leader_in_dept` run in parallel.
 */
export const Member = Type.Object({
  userid: Type.String(),
  name: Type.Optional(Type.String()),
  department: Type.Optional(Type.Array(Type.Integer())),
  order: Type.Optional(Type.Array(Type.Integer())),
  position: Type.Optional(Type.String()),
  mobile: Type.Optional(Type.String()),
  /** Text here ("0", "1", "2"), a number for customers. */
  gender: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  biz_mail: Type.Optional(Type.String()),
  is_leader_in_dept: Type.Optional(Type.Array(Type.Integer())),
  direct_leader: Type.Optional(Type.Array(Type.String())),
  avatar: Type.Optional(Type.String()),
  thumb_avatar: Type.Optional(Type.String()),
  telephone: Type.Optional(Type.String()),
  alias: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  open_userid: Type.Optional(Type.String()),
  main_department: Type.Optional(Type.Integer()),
  extattr: Type.Optional(Type.Unknown()),
  /** 1 active, 2 disabled, 4 not activated, 5 left. */
  status: Type.Optional(Type.Integer()),
  qr_code: Type.Optional(Type.String()),
  external_position: Type.Optional(Type.String()),
  external_profile: Type.Optional(Type.Unknown()),
})
export type Member = Static<typeof Member>

/** @see https://developer.work.weixin.qq.com/document/path/90196 */
export const UserGetAnswer = answer(Member.properties)
export type UserGetAnswer = Static<typeof UserGetAnswer>

export const UserListRequest = Type.Object({ department_id: Type.Integer({ minimum: 1 }) })
export type UserListRequest = Static<typeof UserListRequest>

/** @see https://developer.work.weixin.qq.com/document/path/90201 */
export const UserListAnswer = answer({ userlist: Type.Array(Member) })
export type UserListAnswer = Static<typeof UserListAnswer>

export const SimpleMember = Type.Object({
  userid: Type.String(),
  name: Type.Optional(Type.String()),
  department: Type.Optional(Type.Array(Type.Integer())),
  open_userid: Type.Optional(Type.String()),
})
export type SimpleMember = Static<typeof SimpleMember>

/** @see https://developer.work.weixin.qq.com/document/path/90200 */
export const UserSimpleListAnswer = answer({ userlist: Type.Array(SimpleMember) })
export type UserSimpleListAnswer = Static<typeof UserSimpleListAnswer>

export const DepartmentListRequest = Type.Object({ id: Type.Optional(Type.Integer({ minimum: 1 })) })
export type DepartmentListRequest = Static<typeof DepartmentListRequest>

export const Department = Type.Object({
  id: Type.Integer(),
  name: Type.Optional(Type.String()),
  name_en: Type.Optional(Type.String()),
  department_leader: Type.Optional(Type.Array(Type.String())),
  parentid: Type.Optional(Type.Integer()),
  order: Type.Optional(Type.Integer()),
})
export type Department = Static<typeof Department>

/** @see https://developer.work.weixin.qq.com/document/path/90208 */
export const DepartmentListAnswer = answer({ department: Type.Array(Department) })
export type DepartmentListAnswer = Static<typeof DepartmentListAnswer>

export const SimpleDepartment = Type.Object({
  id: Type.Integer(),
  parentid: Type.Optional(Type.Integer()),
  order: Type.Optional(Type.Integer()),
})
export type SimpleDepartment = Static<typeof SimpleDepartment>

/** @see https://developer.work.weixin.qq.com/document/path/95350 */
export const DepartmentSimpleListAnswer = answer({ department_id: Type.Array(SimpleDepartment) })
export type DepartmentSimpleListAnswer = Static<typeof DepartmentSimpleListAnswer>

export const AgentGetRequest = Type.Object({ agentid: Type.Integer() })
export type AgentGetRequest = Static<typeof AgentGetRequest>

/**
 * The app itself: who may see it (visible range) and which domain it trusts.
 * @see https://developer.work.weixin.qq.com/document/path/90227
 */
export const AgentGetAnswer = answer({
  agentid: Type.Integer(),
  name: Type.Optional(Type.String()),
  square_logo_url: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  allow_userinfos: Type.Optional(
    Type.Object({ user: Type.Optional(Type.Array(Type.Object({ userid: Type.String() }))) }),
  ),
  allow_partys: Type.Optional(Type.Object({ partyid: Type.Optional(Type.Array(Type.Integer())) })),
  allow_tags: Type.Optional(Type.Object({ tagid: Type.Optional(Type.Array(Type.Integer())) })),
  /** 1 = the app is stopped. */
  close: Type.Optional(Type.Integer()),
  redirect_domain: Type.Optional(Type.String()),
  report_location_flag: Type.Optional(Type.Integer()),
  isreportenter: Type.Optional(Type.Integer()),
  home_url: Type.Optional(Type.String()),
  customized_publish_status: Type.Optional(Type.Integer()),
})
export type AgentGetAnswer = Static<typeof AgentGetAnswer>
