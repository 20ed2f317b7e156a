import { Type, type Static } from 'typebox'

import { ObjectIdText } from './ids.ts'

/**
 * opened: sent here, opened and not bought · tag: fits one of the customer's tags by the rule of new items · order: goes
 * with what was bought last, by the same rule · recent: the guide sent it lately · sold: of those who got it, most bought
 * · team: sent most by everybody.
 */
export const CardReason = Type.Union([
  Type.Literal('opened'),
  Type.Literal('tag'),
  Type.Literal('order'),
  Type.Literal('recent'),
  Type.Literal('sold'),
  Type.Literal('team'),
])
export type CardReason = Static<typeof CardReason>

/** Cards to look at first, the likeliest first, each with its reason in words of the panel: `cardReason.<reason>`. */
export const CardSuggestions = Type.Object({
  cards: Type.Array(
    Type.Object({
      cardId: ObjectIdText,
      reason: CardReason,
      values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer()])),
    }),
    { maxItems: 8 },
  ),
})
export type CardSuggestions = Static<typeof CardSuggestions>
