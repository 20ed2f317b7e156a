import { Type, type Static } from 'typebox'

import { ExternalUserId, Moment, TagId, UserId } from './ids.ts'

export const CustomerParams = Type.Object({ externalUserId: ExternalUserId }, { additionalProperties: false })

/** Tags to put on and take off one relation: ids, not names. */
export const MarkTags = Type.Object(
  {
    add: Type.Array(TagId, { maxItems: 100, uniqueItems: true, default: [] }),
    remove: Type.Array(TagId, { maxItems: 100, uniqueItems: true, default: [] }),
  },
  { additionalProperties: false },
)
export type MarkTags = Static<typeof MarkTags>

/** The guide's own words about a customer. WeCom takes at most 20 and 150 characters. */
export const EditRemark = Type.Object(
  {
    remark: Type.String({ maxLength: 20 }),
    description: Type.Optional(Type.String({ maxLength: 150 })),
  },
  { additionalProperties: false },
)
export type EditRemark = Static<typeof EditRemark>

/** One corp tag on a relation, with the words to show. */
export const RelationTag = Type.Object({
  tagId: TagId,
  name: Type.String(),
  groupId: TagId,
  groupName: Type.String(),
})
export type RelationTag = Static<typeof RelationTag>

/** `active`: both are friends · `deleted_by_customer`: the customer left, the guide still has the entry. */
export const RelationStatus = Type.Union([Type.Literal('active'), Type.Literal('deleted_by_customer')])
export type RelationStatus = Static<typeof RelationStatus>

/** What one guide knows of one customer. */
export const RelationView = Type.Object({
  externalUserId: ExternalUserId,
  status: RelationStatus,
  remark: Type.String(),
  description: Type.String(),
  tags: Type.Array(RelationTag),
  addedAt: Moment,
  /** WeCom `add_way`: 1 QR code, 2 phone search, 3 card … 201 shared by a colleague, 202 assigned. */
  addWay: Type.Integer(),
  /** Our channel parameter from the code the customer scanned; empty when there was none. */
  state: Type.String(),
  /** When this was last read from WeCom. */
  syncedAt: Moment,
})
export type RelationView = Static<typeof RelationView>

/** The person, the same for every guide who follows. */
export const CustomerView = Type.Object({
  externalUserId: ExternalUserId,
  name: Type.String(),
  avatarUrl: Type.Union([Type.String(), Type.Null()]),
  /** WeCom: 0 unknown, 1 male, 2 female. */
  gender: Type.Integer(),
  /** 1 WeChat user, 2 WeCom user of another corp. */
  type: Type.Integer(),
  corpName: Type.Union([Type.String(), Type.Null()]),
})
export type CustomerView = Static<typeof CustomerView>

/** A colleague who serves the same customer: no remark, no tags, only who and since when. */
export const FellowGuide = Type.Object({
  userId: UserId,
  name: Type.String(),
  storeName: Type.String(),
  addedAt: Moment,
})
export type FellowGuide = Static<typeof FellowGuide>
