import { Type, type Static } from 'typebox'

import { AttributionToken, ExternalUserId, Moment } from './ids.ts'

/** A paid order as the shop reports it. The token, when there is one, credits it to a guide. */
export const OrderIntake = Type.Object(
  {
    orderNo: Type.String({ minLength: 1, maxLength: 64 }),
    /** From the card's path, as the mini program got it. */
    token: Type.Optional(AttributionToken),
    externalUserId: Type.Optional(ExternalUserId),
    /** Last four digits of the buyer's phone number, for the match helper. */
    phoneTail: Type.Optional(Type.String({ pattern: '^\\d{4}$' })),
    /** What was paid, in fen. */
    amountFen: Type.Integer({ minimum: 0, maximum: 10_000_000_000 }),
    paidAt: Moment,
    items: Type.Array(
      Type.Object(
        {
          sku: Type.String({ minLength: 1, maxLength: 64 }),
          name: Type.String({ minLength: 1, maxLength: 128 }),
          quantity: Type.Integer({ minimum: 1, maximum: 10_000 }),
          priceFen: Type.Integer({ minimum: 0, maximum: 10_000_000_000 }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 200 },
    ),
  },
  { additionalProperties: false },
)
export type OrderIntake = Static<typeof OrderIntake>

/** `credited` is true when the token led to a guide. */
export const OrderAccepted = Type.Object({ orderNo: Type.String(), credited: Type.Boolean() })
export type OrderAccepted = Static<typeof OrderAccepted>

/** The mini program reports that a card was opened. */
export const CardOpened = Type.Object({ token: AttributionToken, openedAt: Moment }, { additionalProperties: false })
export type CardOpened = Static<typeof CardOpened>

/** A guide's own results since the first of this month, Beijing time. */
export const PerformanceView = Type.Object({
  monthStart: Moment,
  cardsSent: Type.Integer(),
  cardsOpened: Type.Integer(),
  orders: Type.Integer(),
  amountFen: Type.Integer(),
})
export type PerformanceView = Static<typeof PerformanceView>
