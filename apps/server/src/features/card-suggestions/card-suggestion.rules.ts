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
  tagNames: string[]
  interests: ActionRule['interests']
}

const most = { opened: 2, tag: 4, recent: 4, all: 8 }

/** Which cards to show first, and why: the same facts give the same answer. */
export function suggestCards(facts: SuggestionFacts): Suggestion[] {
  const { cards, sentHere, recentIds, ownedSkus, tagNames, interests } = facts
  const onShelf = new Map(cards.map((card) => [card.id, card]))
  const isOwned = (sku: string) => sku !== '' && ownedSkus.has(sku)
  const fresh = cards.filter((card) => !isOwned(card.sku))

  const openings = new Map<string, number>()
  for (const { cardId, openedTimes } of sentHere) openings.set(cardId, (openings.get(cardId) ?? 0) + openedTimes)
  const opened = [...openings].flatMap(([cardId, times]): Suggestion[] => {
    const card = onShelf.get(cardId)
    return card && times > 0 && !isOwned(card.sku) ? [{ cardId, reason: 'opened', values: { times } }] : []
  })

  const byTag = fresh.flatMap((card): Suggestion[] => {
    const title = card.title.toLowerCase()
    const interest = interests.find(
      ({ tagName, words }) => tagNames.includes(tagName) && words.some((word) => title.includes(word.toLowerCase())),
    )
    return interest ? [{ cardId: card.id, reason: 'tag', values: { tag: interest.tagName } }] : []
  })

  const recent = recentIds
    .filter((cardId) => onShelf.has(cardId))
    .map((cardId): Suggestion => ({ cardId, reason: 'recent', values: {} }))

  const team = fresh
    .filter(({ teamUses }) => teamUses > 0)
    .toSorted((a, b) => b.teamUses - a.teamUses)
    .map(({ id, teamUses }): Suggestion => ({ cardId: id, reason: 'team', values: { count: teamUses } }))

  // The first reason of a card is the one that is told.
  const chosen = new Map<string, Suggestion>()
  for (const [list, limit] of [
    [opened, most.opened],
    [byTag, most.tag],
    [recent, most.recent],
    [team, most.all],
  ] as const) {
    const next = list.filter(({ cardId }) => !chosen.has(cardId)).slice(0, limit)
    for (const suggestion of next) if (chosen.size < most.all) chosen.set(suggestion.cardId, suggestion)
  }
  return [...chosen.values()]
}
