import { Type, type Static } from 'typebox'

import { Moment } from './ids.ts'

const Sku = Type.String({ minLength: 1, maxLength: 64 })
const StoreId = Type.String({ minLength: 1, maxLength: 20, pattern: '^\\d+$' })

/** Stock of up to 1,000 pairs of store and SKU as it was at `asOf`; an older figure never replaces a newer one. */
export const StockIntake = Type.Object(
  {
    asOf: Moment,
    rows: Type.Array(
      Type.Object(
        { storeId: StoreId, sku: Sku, quantity: Type.Integer({ minimum: 0, maximum: 1_000_000 }) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 1_000 },
    ),
  },
  { additionalProperties: false },
)
export type StockIntake = Static<typeof StockIntake>
/** `kept` rows were stored, `older` ones had newer figures already. */
export const StockAccepted = Type.Object({ kept: Type.Integer(), older: Type.Integer() })
export type StockAccepted = Static<typeof StockAccepted>

export const StockQuery = Type.Object({ sku: Sku }, { additionalProperties: false })
export const StoreStock = Type.Object({
  storeId: Type.String(),
  storeName: Type.String(),
  quantity: Type.Integer(),
  asOf: Moment,
  isMine: Type.Boolean(),
})
export type StoreStock = Static<typeof StoreStock>
/** The guide's own store first, then the others with the most on the shelf first; at most 50. */
export const StockView = Type.Object({ sku: Type.String(), stores: Type.Array(StoreStock) })
export type StockView = Static<typeof StockView>

/** What the guide's own store has, by SKU; `asOf` is the oldest of the figures. */
export const OwnStock = Type.Object({
  storeId: Type.String(),
  asOf: Type.Union([Moment, Type.Null()]),
  bySku: Type.Record(Type.String(), Type.Integer()),
})
export type OwnStock = Static<typeof OwnStock>
