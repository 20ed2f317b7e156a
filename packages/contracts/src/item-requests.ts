import { Type, type Static } from 'typebox'

import { ExternalUserId, IdempotencyKey, Moment } from './ids.ts'
import { NextPage, pageFields } from './paging.ts'

/** «反馈采购»: a customer asked for something the search did not find. One tap, counted once for each key. */
export const RequestItem = Type.Object(
  {
    key: IdempotencyKey,
    words: Type.String({ minLength: 1, maxLength: 60, pattern: '\\S' }),
    sku: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    externalUserId: Type.Optional(ExternalUserId),
  },
  { additionalProperties: false },
)
export type RequestItem = Static<typeof RequestItem>
/** How often the same was asked for in the last 30 days, by everybody. */
export const ItemRequested = Type.Object({ count: Type.Integer() })
export type ItemRequested = Static<typeof ItemRequested>

export const ItemRequestRow = Type.Object({
  words: Type.String(),
  sku: Type.String(),
  count: Type.Integer(),
  guides: Type.Integer(),
  firstAt: Moment,
  lastAt: Moment,
})
export type ItemRequestRow = Static<typeof ItemRequestRow>
export const ItemRequestQuery = Type.Object(
  { days: Type.Integer({ minimum: 1, maximum: 365, default: 30 }), ...pageFields },
  { additionalProperties: false },
)
export type ItemRequestQuery = Static<typeof ItemRequestQuery>
/** The most wanted first. */
export const ItemRequestPage = Type.Object({ requests: Type.Array(ItemRequestRow), next: NextPage })
export type ItemRequestPage = Static<typeof ItemRequestPage>
