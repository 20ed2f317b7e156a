import { Type, type Static } from 'typebox'

import { CustomerProfileView } from './customer-profiles.ts'
import { ExternalUserId, Moment, ObjectIdText, TagId, UserId } from './ids.ts'
import { NextPage, pageFields } from './paging.ts'
import { CustomerView, RelationStatus, RelationTag } from './relations.ts'
import { CustomerCount } from './segments.ts'

const closed = { additionalProperties: false }
const StoreId = Type.String({ minLength: 1, maxLength: 20, pattern: '^\\d+$' })

/** Conditions of the list; all of them must hold. */
const filters = {
  /** Name, remark, pinyin, initials, or the last digits of the phone number. */
  q: Type.Optional(Type.String({ maxLength: 64 })),
  segmentId: Type.Optional(ObjectIdText),
  tagId: Type.Optional(TagId),
  storeId: Type.Optional(StoreId),
  userId: Type.Optional(UserId),
}
export const CustomerFilter = Type.Object(filters, closed)
export type CustomerFilter = Static<typeof CustomerFilter>
export const CustomerQuery = Type.Object({ ...filters, ...pageFields }, closed)
export type CustomerQuery = Static<typeof CustomerQuery>

/** One guide who follows a customer, as the caller may see it. */
export const CustomerFollower = Type.Object({
  userId: UserId,
  name: Type.String(),
  storeName: Type.String(),
  remark: Type.String(),
  status: RelationStatus,
  addedAt: Moment,
})
export type CustomerFollower = Static<typeof CustomerFollower>

export const CustomerRow = Type.Object({
  externalUserId: ExternalUserId,
  name: Type.String(),
  avatarUrl: Type.Union([Type.String(), Type.Null()]),
  /** 1 WeChat user, 2 WeCom user of another corp. */
  type: Type.Integer(),
  tier: Type.String(),
  /** `•••• 8000`; empty when no number is known. */
  maskedPhone: Type.String(),
  followers: Type.Array(CustomerFollower),
  tags: Type.Array(RelationTag),
  orders: Type.Object({
    count: Type.Integer(),
    amountFen: Type.Integer(),
    lastAt: Type.Union([Moment, Type.Null()]),
  }),
  lastSentAt: Type.Union([Moment, Type.Null()]),
})
export type CustomerRow = Static<typeof CustomerRow>

/** The customer added last comes first. */
export const CustomerPage = Type.Object({ customers: Type.Array(CustomerRow), next: NextPage })
export type CustomerPage = Static<typeof CustomerPage>
export const CustomerTotal = CustomerCount

/** One relation on the customer's page. */
export const CustomerRelation = Type.Object({
  ...CustomerFollower.properties,
  description: Type.String(),
  tags: Type.Array(RelationTag),
  addWay: Type.Integer(),
  state: Type.String(),
})
export type CustomerRelation = Static<typeof CustomerRelation>

export const CustomerDetail = Type.Object({
  customer: CustomerView,
  maskedPhone: Type.String(),
  profile: CustomerProfileView,
  orders: CustomerRow.properties.orders,
  /** Only those the caller may see. */
  relations: Type.Array(CustomerRelation),
})
export type CustomerDetail = Static<typeof CustomerDetail>

/** Numbers that guides noted in WeCom, asked for at this moment; we keep none of them. */
export const CustomerPhones = Type.Object({
  phones: Type.Array(Type.Object({ phone: Type.String(), guideName: Type.String() })),
})
export type CustomerPhones = Static<typeof CustomerPhones>
