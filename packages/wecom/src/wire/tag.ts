import { Type, type Static } from 'typebox'
import { answer, OpaqueId, Seconds, UserId } from './common.ts'

/** 0 to 2^32-1, larger first. */
const Order = Type.Integer({ minimum: 0, maximum: 4294967295 })
const TagName = Type.String({ minLength: 1, maxLength: 30 })

export const CorpTag = Type.Object({
  id: Type.String(),
  name: Type.String(),
  create_time: Type.Optional(Seconds),
  order: Type.Optional(Order),
  /** Only when asked by id. */
  deleted: Type.Optional(Type.Boolean()),
})
export type CorpTag = Static<typeof CorpTag>

export const CorpTagGroup = Type.Object({
  group_id: Type.String(),
  group_name: Type.String(),
  create_time: Type.Optional(Seconds),
  order: Type.Optional(Order),
  deleted: Type.Optional(Type.Boolean()),
  tag: Type.Optional(Type.Array(CorpTag)),
})
export type CorpTagGroup = Static<typeof CorpTagGroup>

/**
 * Neither given = all; both given = tag_id is ignored.
 * @see https://developer.work.weixin.qq.com/document/path/92117
 */
export const GetCorpTagListRequest = Type.Object({
  tag_id: Type.Optional(Type.Array(OpaqueId)),
  group_id: Type.Optional(Type.Array(OpaqueId)),
})
export type GetCorpTagListRequest = Static<typeof GetCorpTagListRequest>

export const GetCorpTagListAnswer = answer({ tag_group: Type.Array(CorpTagGroup) })
export type GetCorpTagListAnswer = Static<typeof GetCorpTagListAnswer>

/** group_id wins over group_name and order; an existing group_name adds to that group. */
export const AddCorpTagRequest = Type.Object({
  group_id: Type.Optional(OpaqueId),
  group_name: Type.Optional(TagName),
  order: Type.Optional(Order),
  tag: Type.Array(Type.Object({ name: TagName, order: Type.Optional(Order) }), { minItems: 1 }),
  agentid: Type.Optional(Type.Integer()),
})
export type AddCorpTagRequest = Static<typeof AddCorpTagRequest>

export const AddCorpTagAnswer = answer({ tag_group: CorpTagGroup })
export type AddCorpTagAnswer = Static<typeof AddCorpTagAnswer>

/** `id` names a tag or a group. */
export const EditCorpTagRequest = Type.Object({
  id: OpaqueId,
  name: Type.Optional(TagName),
  order: Type.Optional(Order),
  agentid: Type.Optional(Type.Integer()),
})
export type EditCorpTagRequest = Static<typeof EditCorpTagRequest>

/** Not both empty; a group left without a tag vanishes. */
export const DelCorpTagRequest = Type.Object({
  tag_id: Type.Optional(Type.Array(OpaqueId)),
  group_id: Type.Optional(Type.Array(OpaqueId)),
  agentid: Type.Optional(Type.Integer()),
})
export type DelCorpTagRequest = Static<typeof DelCorpTagRequest>

/**
 * Not both lists empty; the pair must exist.
 * @see https://developer.work.weixin.qq.com/document/path/92118
 */
export const MarkTagRequest = Type.Object({
  userid: UserId,
  external_userid: OpaqueId,
  add_tag: Type.Optional(Type.Array(OpaqueId)),
  remove_tag: Type.Optional(Type.Array(OpaqueId)),
})
export type MarkTagRequest = Static<typeof MarkTagRequest>
