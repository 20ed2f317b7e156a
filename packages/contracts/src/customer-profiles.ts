import { Type, type Static } from 'typebox'

import { ExternalUserId, Moment } from './ids.ts'

/** The day customers are congratulated on. The year is often unknown; who was born on 29 February has the 28th in other years. */
export const Birthday = Type.Object(
  {
    month: Type.Integer({ minimum: 1, maximum: 12 }),
    day: Type.Integer({ minimum: 1, maximum: 31 }),
    year: Type.Optional(Type.Integer({ minimum: 1900, maximum: 2100 })),
  },
  { additionalProperties: false },
)
export type Birthday = Static<typeof Birthday>

export const MemberNo = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })
const PhoneTail = Type.String({ pattern: '^\\d{4}$' })

export const CustomerCoupon = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 64 }),
    name: Type.String({ minLength: 1, maxLength: 60 }),
    expiresAt: Moment,
    redeemedAt: Type.Optional(Moment),
  },
  { additionalProperties: false },
)
export type CustomerCoupon = Static<typeof CustomerCoupon>

const memberFacts = {
  tier: Type.Optional(Type.String({ maxLength: 20 })),
  birthday: Type.Optional(Type.Union([Birthday, Type.Null()])),
  preferences: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 30 }), { maxItems: 20, uniqueItems: true }),
  ),
  coupons: Type.Optional(Type.Array(CustomerCoupon, { maxItems: 50 })),
  /** The last four digits, for the match helper; the number itself is never told to us. */
  phoneTail: Type.Optional(PhoneTail),
}

/** What the firm's CRM knows of a customer. What is left out stays as it is. */
export const ProfileIntake = Type.Object(
  {
    memberNo: Type.Optional(MemberNo),
    doNotDisturb: Type.Optional(Type.Boolean()),
    /** false: whether this customer opens articles is not recorded. */
    openTracking: Type.Optional(Type.Boolean()),
    ...memberFacts,
    /** When the CRM knew it; an older one than the stored changes nothing. */
    asOf: Moment,
  },
  { additionalProperties: false },
)
export type ProfileIntake = Static<typeof ProfileIntake>

/** A member of whom nobody knows yet which customer it is. */
export const MemberIntake = Type.Object(
  { ...memberFacts, /** Masked by the CRM, e.g. 陈**. */ maskedName: Type.String({ maxLength: 20 }), asOf: Moment },
  { additionalProperties: false },
)
export type MemberIntake = Static<typeof MemberIntake>
export const MemberParams = Type.Object({ memberNo: MemberNo }, { additionalProperties: false })
export const IntakeAccepted = Type.Object({ changed: Type.Boolean() })
export type IntakeAccepted = Static<typeof IntakeAccepted>

export const OwnedItem = Type.Object({
  sku: Type.String(),
  name: Type.String(),
  quantity: Type.Integer(),
  priceFen: Type.Integer(),
  boughtAt: Moment,
  orderNo: Type.String(),
  /** Cover of the card with that SKU; null when there is none. */
  coverUrl: Type.Union([Type.String(), Type.Null()]),
})
export type OwnedItem = Static<typeof OwnedItem>

/** The head of a profile: stands in the context. */
export const ProfileHead = Type.Object({
  tier: Type.String(),
  memberNo: Type.String(),
  doNotDisturb: Type.Boolean(),
  openTracking: Type.Boolean(),
})
export type ProfileHead = Static<typeof ProfileHead>

export const CustomerProfileView = Type.Object({
  ...ProfileHead.properties,
  birthday: Type.Union([Birthday, Type.Null()]),
  preferences: Type.Array(Type.String()),
  /** Not redeemed and not expired, the first to expire first. */
  coupons: Type.Array(CustomerCoupon),
  /** The last five purchases, newest first. */
  ownedItems: Type.Array(OwnedItem),
  /** null when the CRM never told anything. */
  asOf: Type.Union([Moment, Type.Null()]),
})
export type CustomerProfileView = Static<typeof CustomerProfileView>

export const ContactPreferences = Type.Object(
  { doNotDisturb: Type.Boolean(), openTracking: Type.Boolean() },
  { additionalProperties: false },
)
export type ContactPreferences = Static<typeof ContactPreferences>

/** Four digits: end of a phone number. Anything else: a whole order number. */
export const MatchQuery = Type.Object(
  { q: Type.String({ minLength: 4, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' }) },
  { additionalProperties: false },
)
export const MatchCandidate = Type.Object({
  type: Type.Union([Type.Literal('member'), Type.Literal('order')]),
  /** Member number or order number. */
  id: Type.String(),
  maskedName: Type.String(),
  tier: Type.String(),
  title: Type.String(),
  amountFen: Type.Union([Type.Integer(), Type.Null()]),
  paidAt: Type.Union([Moment, Type.Null()]),
})
export type MatchCandidate = Static<typeof MatchCandidate>
export const MatchList = Type.Object({ candidates: Type.Array(MatchCandidate) })
export type MatchList = Static<typeof MatchList>
export const ConfirmMatch = Type.Object(
  {
    type: Type.Union([Type.Literal('member'), Type.Literal('order')]),
    id: Type.String({ minLength: 1, maxLength: 64 }),
  },
  { additionalProperties: false },
)
export type ConfirmMatch = Static<typeof ConfirmMatch>
export const IntakeCustomerParams = Type.Object({ externalUserId: ExternalUserId }, { additionalProperties: false })
