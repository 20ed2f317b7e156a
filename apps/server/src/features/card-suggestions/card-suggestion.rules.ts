import type { ActionRule, CardSuggestions, MiniProgramCardView } from '@guidebar/contracts'

type Suggestion = CardSuggestions['cards'][number]
export type SuggestionFacts = {
  /** Everything that may be sent now, newest first. */
  cards: Pick<MiniProgramCardView, 'id' | 'title' | 'sku' | 'teamUses'>[]
  /** What the guide sent here lately, newest first. */
  sentHere: { cardId: string; openedTimes: number }[]
  /** What the guide sent to anybody lately, newest first. */
  recentIds: string[]
  /** SKUs the customer has bought. */
  ownedSkus: Set<string>
  /** What the customer bought last, by name. */
  lastBought: string[]
  tagNames: string[]
  /** Orders of the corp that came of each card lately. */
  ordersByCard: Map<string, number>
  interests: ActionRule['interests']
}

const most = { opened: 2, tag: 4, order: 2, recent: 3, sold: 3, all: 8 }
/** Fewer say nothing about a card. */
const leastOrders = 2

/** Which cards to show first, and why: the same facts give the same answer. */
export function suggestCards(facts: SuggestionFacts): Suggestion[] {
  const { cards, sentHere, recentIds, ownedSkus, lastBought, tagNames, ordersByCard, interests } = facts
  const onShelf = new Map(cards.map((card) => [card.id, card]))
  const isOwned = (sku: string) => sku !== '' && ownedSkus.has(sku)
  const fresh = cards.filter((card) => !isOwned(card.sku))

  const openings = new Map<string, number>()
  for (const { cardId, openedTimes } of sentHere) openings.set(cardId, (openings.get(cardId) ?? 0) + openedTimes)
  const opened = [...openings].flatMap(([cardId, times]): Suggestion[] => {
    const card = onShelf.get(cardId)
    return card && times > 0 && !isOwned(card.sku) ? [{ cardId, reason: 'opened', values: { times } }] : []
  })

  const speaksOf = (name: string, words: string[]) =>
    words.some((word) => name.toLowerCase().includes(word.toLowerCase()))
  const byTag = fresh.flatMap((card): Suggestion[] => {
    const interest = interests.find(({ tagName, words }) => tagNames.includes(tagName) && speaksOf(card.title, words))
    return interest ? [{ cardId: card.id, reason: 'tag', values: { tag: interest.tagName } }] : []
  })

  const byOrder = fresh.flatMap((card): Suggestion[] => {
    const item = lastBought.find((name) =>
      interests.some(({ words }) => speaksOf(name, words) && speaksOf(card.title, words)),
    )
    return item ? [{ cardId: card.id, reason: 'order', values: { item } }] : []
  })

  const recent = recentIds
    .filter((cardId) => onShelf.has(cardId))
    .map((cardId): Suggestion => ({ cardId, reason: 'recent', values: {} }))

  // By share, not by number: a card that everybody sends and nobody buys from is no good card.
  const sold = fresh
    .map((card) => ({ card, orders: ordersByCard.get(card.id) ?? 0 }))
    .filter(({ orders }) => orders >= leastOrders)
    .map(({ card, orders }) => ({ cardId: card.id, orders, share: orders / Math.max(orders, card.teamUses) }))
    .toSorted((a, b) => b.share - a.share || b.orders - a.orders)
    .map(({ cardId, orders }): Suggestion => ({ cardId, reason: 'sold', values: { count: orders } }))

  const team = fresh
    .filter(({ teamUses }) => teamUses > 0)
    .toSorted((a, b) => b.teamUses - a.teamUses)
    .map(({ id, teamUses }): Suggestion => ({ cardId: id, reason: 'team', values: { count: teamUses } }))

  // The first reason of a card is the one that is told.
  const chosen = new Map<string, Suggestion>()
  for (const [list, limit] of [
    [opened, most.opened],
    [byTag, most.tag],
    [byOrder, most.order],
    [recent, most.recent],
    [sold, most.sold],
    [team, most.all],
  ] as const) {
    const next = list.filter(({ cardId }) => !chosen.has(cardId)).slice(0, limit)
    for (const suggestion of next) if (chosen.size < most.all) chosen.set(suggestion.cardId, suggestion)
  }
  return [...chosen.values()]
}
