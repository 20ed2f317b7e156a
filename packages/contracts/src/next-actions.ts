import { Type, type Static } from 'typebox'

import { ExternalUserId, Moment, ObjectIdText } from './ids.ts'
import { NextPage, pageFields } from './paging.ts'

/** In the order of their weight: the first that fits is the one a guide sees. */
export const actionRuleNames = [
  'follow_up_due',
  'birthday',
  'coupon_expiring',
  'first_week',
  'new_item',
  'long_absent',
] as const
export const ActionRuleName = Type.Enum(actionRuleNames)
export type ActionRuleName = (typeof actionRuleNames)[number]

/** A rule as an admin tunes it. */
export const ActionRule = Type.Object(
  {
    rule: ActionRuleName,
    isOn: Type.Boolean(),
    /** Days ahead (birthday, coupon), after (first week, new item) or without a sign (long absent). */
    days: Type.Integer({ minimum: 0, maximum: 730 }),
    /** What is ready to be sent; at most one of the two. */
    replyId: Type.Union([ObjectIdText, Type.Null()]),
    cardId: Type.Union([ObjectIdText, Type.Null()]),
    /** Of `new_item`: whoever has one of these tags may like a card whose title holds one of the words. */
    interests: Type.Array(
      Type.Object(
        {
          tagName: Type.String({ minLength: 1, maxLength: 30 }),
          words: Type.Array(Type.String({ minLength: 1, maxLength: 30 }), { minItems: 1, maxItems: 20 }),
        },
        { additionalProperties: false },
      ),
      { maxItems: 100 },
    ),
  },
  { additionalProperties: false },
)
export type ActionRule = Static<typeof ActionRule>
export const ActionRules = Type.Object(
  { rules: Type.Array(ActionRule, { maxItems: actionRuleNames.length }) },
  { additionalProperties: false },
)
export type ActionRules = Static<typeof ActionRules>

/** One thing to do for one customer, with its reason in words of the panel: `nextAction.<rule>` and these values. */
export const NextAction = Type.Object({
  /** Names the occasion, so that it can be put away and comes back with the next one. */
  key: Type.String({ minLength: 1, maxLength: 120 }),
  rule: ActionRuleName,
  values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer()])),
  dueAt: Moment,
  replyId: Type.Union([ObjectIdText, Type.Null()]),
  cardId: Type.Union([ObjectIdText, Type.Null()]),
})
export type NextAction = Static<typeof NextAction>

export const MyDayItem = Type.Object({
  externalUserId: ExternalUserId,
  customerName: Type.String(),
  avatarUrl: Type.Union([Type.String(), Type.Null()]),
  action: NextAction,
})
export type MyDayItem = Static<typeof MyDayItem>
export const MyDayQuery = Type.Object(pageFields, { additionalProperties: false })
/** The weightiest first. `total` counts all pages. */
export const MyDayPage = Type.Object({ items: Type.Array(MyDayItem), total: Type.Integer(), next: NextPage })
export type MyDayPage = Static<typeof MyDayPage>

/** Puts an occasion away: for good, or until a moment. */
export const PutAwayAction = Type.Object(
  { key: Type.String({ minLength: 1, maxLength: 120 }), until: Type.Optional(Moment) },
  { additionalProperties: false },
)
export type PutAwayAction = Static<typeof PutAwayAction>
