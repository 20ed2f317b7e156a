import type { ActionRule, TagLibrary, TagSuggestion } from '@guidebar/contracts'

/** All that the suggestions look at. */
export type TagFacts = {
  ownTagIds: string[]
  declinedTagIds: string[]
  tier: string
  /** Newest first. */
  orders: { paidAt: Date; items: { name: string }[] }[]
  /** Newest first; none of a sensitive note. */
  chips: { chip: string; at: Date }[]
}
type Interest = ActionRule['interests'][number]

/**
 * Tags that facts speak for and that are not there yet, each with its first reason. The same facts give the same tags;
 * nothing is learnt from what a guide takes or leaves, except that what was declined stays away.
 */
export function suggestTags(library: TagLibrary, interests: Interest[], facts: TagFacts): TagSuggestion[] {
  const byName = new Map(
    library.groups.flatMap(({ groupId, name: groupName, tags }) =>
      tags.map(({ tagId, name }) => [name, { tagId, name, groupId, groupName }] as const),
    ),
  )
  const found = new Map<string, TagSuggestion>()
  const suggest = (tagName: string, why: Omit<TagSuggestion, 'tag'>) => {
    const tag = byName.get(tagName)
    if (!tag || facts.ownTagIds.includes(tag.tagId) || facts.declinedTagIds.includes(tag.tagId)) return
    if (!found.has(tag.tagId)) found.set(tag.tagId, { tag, ...why })
  }

  for (const { paidAt, items } of facts.orders)
    for (const { tagName, words } of interests) {
      const item = items.find(({ name }) => words.some((word) => name.toLowerCase().includes(word.toLowerCase())))
      if (item) suggest(tagName, { reason: 'bought', words: item.name, at: paidAt.toISOString() })
    }
  for (const { chip, at } of facts.chips) suggest(chip, { reason: 'noted', words: chip, at: at.toISOString() })
  if (facts.tier) suggest(facts.tier, { reason: 'tier', words: facts.tier, at: null })
  return [...found.values()]
}
