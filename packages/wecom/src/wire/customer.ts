import { Type, type Static } from 'typebox'
import { answer, OpaqueId, Seconds, UserId } from './common.ts'

/** A customer as WeCom describes the person, the same for every guide. */
export const ExternalContact = Type.Object({
  external_userid: Type.String(),
  name: Type.Optional(Type.String()),
  /** 1 WeChat user, 2 WeCom user of another corp. */
  type: Type.Optional(Type.Integer()),
  avatar: Type.Optional(Type.String()),
  /** 0 unknown, 1 male, 2 female. */
  gender: Type.Optional(Type.Integer()),
  unionid: Type.Optional(Type.String()),
  position: Type.Optional(Type.String()),
  corp_name: Type.Optional(Type.String()),
  corp_full_name: Type.Optional(Type.String()),
  external_profile: Type.Optional(Type.Unknown()),
})
export type ExternalContact = Static<typeof ExternalContact>

const relation = {
  userid: Type.String(),
  remark: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  createtime: Seconds,
  remark_corp_name: Type.Optional(Type.String()),
  remark_mobiles: Type.Optional(Type.Array(Type.String())),
  oper_userid: Type.Optional(Type.String()),
  add_way: Type.Optional(Type.Integer()),
  state: Type.Optional(Type.String()),
  wechat_channels: Type.Optional(
    Type.Object({ nickname: Type.Optional(Type.String()), source: Type.Optional(Type.Integer()) }),
  ),
}

export const FollowUserTag = Type.Object({
  group_name: Type.Optional(Type.String()),
  tag_name: Type.Optional(Type.String()),
  /** Absent for a tag the member made. */
  tag_id: Type.Optional(Type.String()),
  /** 1 corp tag, 2 made by the member, 3 rule-group tag. */
  type: Type.Optional(Type.Integer()),
})
export type FollowUserTag = Static<typeof FollowUserTag>

/** One guide's relation in `externalcontact/get`: tags are whole objects, personal ones included. */
export const FollowUser = Type.Object({ ...relation, tags: Type.Optional(Type.Array(FollowUserTag)) })
export type FollowUser = Static<typeof FollowUser>

/** One guide's relation in `batch/get_by_user`: tags are ids only, personal ones missing. */
export const FollowInfo = Type.Object({ ...relation, tag_id: Type.Optional(Type.Array(Type.String())) })
export type FollowInfo = Static<typeof FollowInfo>

/** @see https://developer.work.weixin.qq.com/document/path/92571 */
export const GetFollowUserListAnswer = answer({ follow_user: Type.Array(Type.String()) })
export type GetFollowUserListAnswer = Static<typeof GetFollowUserListAnswer>

export const ExternalContactListRequest = Type.Object({ userid: UserId })
export type ExternalContactListRequest = Static<typeof ExternalContactListRequest>

/** @see https://developer.work.weixin.qq.com/document/path/92113 */
export const ExternalContactListAnswer = answer({ external_userid: Type.Array(Type.String()) })
export type ExternalContactListAnswer = Static<typeof ExternalContactListAnswer>

export const ExternalContactGetRequest = Type.Object({
  external_userid: OpaqueId,
  cursor: Type.Optional(Type.String()),
})
export type ExternalContactGetRequest = Static<typeof ExternalContactGetRequest>

/**
 * A page holds 500 guides; `next_cursor` is there only when more follow.
 * @see https://developer.work.weixin.qq.com/document/path/92114
 */
export const ExternalContactGetAnswer = answer({
  external_contact: ExternalContact,
  follow_user: Type.Array(FollowUser),
  next_cursor: Type.Optional(Type.String()),
})
export type ExternalContactGetAnswer = Static<typeof ExternalContactGetAnswer>

/** @see https://developer.work.weixin.qq.com/document/path/92994 */
export const BatchGetByUserRequest = Type.Object({
  userid_list: Type.Array(UserId, { minItems: 1, maxItems: 100 }),
  cursor: Type.Optional(Type.String()),
  /** Default 50; WeCom takes more than 100 as 100. */
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
})
export type BatchGetByUserRequest = Static<typeof BatchGetByUserRequest>

export const BatchGetByUserAnswer = answer({
  external_contact_list: Type.Array(Type.Object({ external_contact: ExternalContact, follow_info: FollowInfo })),
  /** Empty or absent at the end; a page may be shorter than the limit before it. */
  next_cursor: Type.Optional(Type.String()),
  fail_info: Type.Optional(Type.Object({ unlicensed_userid_list: Type.Optional(Type.Array(Type.String())) })),
})
export type BatchGetByUserAnswer = Static<typeof BatchGetByUserAnswer>

/**
 * At least one of the five beside the two ids. `remark_mobiles` replaces all; `['']` clears.
 * @see https://developer.work.weixin.qq.com/document/path/92115
 */
export const RemarkRequest = Type.Object({
  userid: UserId,
  external_userid: OpaqueId,
  remark: Type.Optional(Type.String({ maxLength: 20 })),
  description: Type.Optional(Type.String({ maxLength: 150 })),
  remark_company: Type.Optional(Type.String({ maxLength: 20 })),
  remark_mobiles: Type.Optional(Type.Array(Type.String())),
  remark_pic_mediaid: Type.Optional(Type.String()),
})
export type RemarkRequest = Static<typeof RemarkRequest>
