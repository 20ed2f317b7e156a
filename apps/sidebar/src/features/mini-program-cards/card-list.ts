import type { CardCatalogue, CardKind, CardSuggestions, MiniProgramCardView } from '@guidebar/contracts'
import { createIndex, search, type Range, type SearchIndex } from '@guidebar/pinyin-search'

import { isInBand, readPriceBand, type PriceBand } from './price-band.ts'

export type Suggestion = CardSuggestions['cards'][number]
export type CardHit = { card: MiniProgramCardView; ranges: Range[]; suggestion: Suggestion | null }
type Row = { title: string; keys: string; shortcut: string; body: string; card: MiniProgramCardView }
export type CardIndex = { index: SearchIndex<Row>; reasons: Map<string, Suggestion> }
export type CardFilter = { query: string; kind: CardKind | 'every'; band: PriceBand | null }

const mostHits = 200

/** Where each card stood when it was first seen: lists do not jump while somebody reads them. */
export type Places = Map<string, number>

export function takePlaces(places: Places, cards: MiniProgramCardView[], suggestions: Suggestion[]): Places {
  const suggested = new Map(suggestions.map(({ cardId }, at) => [cardId, at]))
  const rank = ({ id }: MiniProgramCardView) => suggested.get(id) ?? suggestions.length
  const fresh = cards.filter(({ id }) => !places.has(id)).sort((a, b) => rank(a) - rank(b) || b.teamUses - a.teamUses)
  for (const { id } of fresh) places.set(id, places.size)
  return places
}

export function toCardIndex({ cards }: CardCatalogue, places: Places, suggestions: Suggestion[]): CardIndex {
  const placeOf = ({ id }: MiniProgramCardView) => places.get(id) ?? places.size
  const rows = [...cards]
    .sort((a, b) => placeOf(a) - placeOf(b))
    .map((card) => ({
      title: card.title,
      keys: card.keys,
      shortcut: card.sku,
      body: `${card.sku} ${card.programName}`,
      card,
    }))
  return { index: createIndex(rows), reasons: new Map(suggestions.map((each) => [each.cardId, each])) }
}

/** By SKU, name, pinyin and price; with nothing asked for, everything in its place. */
export function findCards({ index, reasons }: CardIndex, { query, kind, band }: CardFilter): CardHit[] {
  const typed = readPriceBand(query)
  const found: { card: MiniProgramCardView; ranges: Range[] }[] = typed.words.trim()
    ? search(index, typed.words, mostHits).map(({ item, ranges }) => ({ card: item.card, ranges }))
    : index.entries.map(({ item }) => ({ card: item.card, ranges: [] }))
  const bands = [typed.band, band].filter((each) => each !== null)
  return found
    .filter(
      ({ card }) => (kind === 'every' || card.kind === kind) && bands.every((each) => isInBand(card.priceFen, each)),
    )
    .map((hit) => ({ ...hit, suggestion: reasons.get(hit.card.id) ?? null }))
}
