import { Type, type Static } from 'typebox'

import { ObjectIdText } from './ids.ts'
import { SearchKeys } from './search-keys.ts'
import { OwnStock } from './stock.ts'

export const CardKind = Type.Union([
  Type.Literal('product'),
  Type.Literal('coupon'),
  Type.Literal('member_card'),
  Type.Literal('activity'),
  Type.Literal('store'),
])
export type CardKind = Static<typeof CardKind>

/** One card of the catalogue, as the panel lists and previews it. The path template never leaves the server. */
export const MiniProgramCardView = Type.Object({
  id: ObjectIdText,
  kind: CardKind,
  /** Title on the card: at most 64 bytes of UTF-8, about 21 Chinese characters. */
  title: Type.String(),
  /** Cover, 5:4 (520 × 416 pixels), http(s). */
  coverUrl: Type.String(),
  /** Name the customer sees above the card. */
  programName: Type.String(),
  sku: Type.String(),
  /** In fen; null when the card has no price. */
  priceFen: Type.Union([Type.Integer(), Type.Null()]),
  keys: SearchKeys,
  teamUses: Type.Integer(),
})
export type MiniProgramCardView = Static<typeof MiniProgramCardView>

export const CardCatalogue = Type.Object({
  version: Type.String(),
  cards: Type.Array(MiniProgramCardView),
  /** What the guide's own store has of them. */
  stock: Type.Optional(OwnStock),
})
export type CardCatalogue = Static<typeof CardCatalogue>
