import { Type, type Static } from 'typebox'

import { ExternalUserId, Moment, TagId } from './ids.ts'
import { RelationTag } from './relations.ts'

/** WeCom's limits on a corp's tags: shown before they are reached. */
export const TagLimits = Type.Object({
  tags: Type.Integer(),
  mostTags: Type.Integer(),
  mostNameLength: Type.Integer(),
})

/** Since when a guide's own tag is held to be true, and whether it had better be asked again. */
export const TagFreshness = Type.Object({
  tagId: TagId,
  /** Put on, or last called «still true». */
  confirmedAt: Moment,
  isStale: Type.Boolean(),
})
export type TagFreshness = Static<typeof TagFreshness>

/** bought: an order names what the tag is about · noted: a note has a chip of that name · tier: the CRM's tier is called so. */
export const TagReason = Type.Union([Type.Literal('bought'), Type.Literal('noted'), Type.Literal('tier')])
export type TagReason = Static<typeof TagReason>

/** A tag by rules, with what speaks for it: the item bought, the words noted, the tier. */
export const TagSuggestion = Type.Object({
  tag: RelationTag,
  reason: TagReason,
  words: Type.String(),
  at: Type.Union([Moment, Type.Null()]),
})
export type TagSuggestion = Static<typeof TagSuggestion>

/** What there is to say about the tags of one customer beyond which they are. */
export const TagCare = Type.Object({
  own: Type.Array(TagFreshness),
  /** On colleagues' relations with the same customer: WeCom lets only them take these off. */
  byColleagues: Type.Array(Type.Object({ tag: RelationTag, byNames: Type.Array(Type.String()) })),
  suggested: Type.Array(TagSuggestion),
  limits: TagLimits,
  /** Whether this guide may make new corp tags. */
  canCreate: Type.Boolean(),
})
export type TagCare = Static<typeof TagCare>

/** confirmed: still true · declined: not wanted · open: nothing was said, as an undo of the other two. */
export const JudgeTag = Type.Object(
  { verdict: Type.Union([Type.Literal('confirmed'), Type.Literal('declined'), Type.Literal('open')]) },
  { additionalProperties: false },
)
export type JudgeTag = Static<typeof JudgeTag>
export const TagOfCustomerParams = Type.Object(
  { externalUserId: ExternalUserId, tagId: TagId },
  { additionalProperties: false },
)

/** A new corp tag in a group that exists; one of that name is taken as it is. */
export const CreateTag = Type.Object(
  { groupId: TagId, name: Type.String({ minLength: 1, maxLength: 30 }) },
  { additionalProperties: false },
)
export type CreateTag = Static<typeof CreateTag>
