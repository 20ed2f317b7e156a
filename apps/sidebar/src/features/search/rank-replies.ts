import type { QuickReplyView, RelationTag, ReplyMarks } from '@guidebar/contracts'

/** What is known when a visit begins: who is served, and what is used when. */
export type RankFacts = { marks: ReplyMarks | null; tags: Pick<RelationTag, 'name'>[] }

const weights = { usedNow: 3, own: 2, team: 1, concerned: 2.5 } as const

/**
 * The likeliest first: what this guide uses at this time of day, what the guide uses at all, what everybody uses, and
 * what speaks of a tag of this customer. What is over comes last.
 */
export function rankReplies(replies: QuickReplyView[], { marks, tags }: RankFacts): QuickReplyView[] {
  const expired = new Set(marks?.expired)
  const concerns = tags.map(({ name }) => name).filter((word) => word.length > 1)
  const score = (reply: QuickReplyView) => {
    // Often used is ahead of seldom used, but a hundred times is not ten times ahead of ten.
    const uses =
      weights.usedNow * Math.log1p(marks?.usedNow[reply.id] ?? 0) +
      weights.own * Math.log1p(reply.ownUses) +
      weights.team * Math.log1p(reply.teamUses)
    const words = `${reply.folder} ${reply.title}`
    const concerned = concerns.some((word) => words.includes(word)) ? weights.concerned : 0
    return expired.has(reply.id) ? -1 : uses + concerned
  }
  const scored = replies.map((reply) => ({ reply, score: score(reply) }))
  return scored.sort((a, b) => b.score - a.score).map(({ reply }) => reply)
}

/**
 * Keeps everything where it was first seen in a visit: a list that reorders itself under a finger sends the wrong
 * reply. What is new comes first, since the guide has just made it.
 */
export function createPlaces() {
  const places = new Map<string, number>()
  let first = 0
  return <T extends { id: string }>(ranked: T[]): T[] => {
    const fresh = ranked.filter(({ id }) => !places.has(id))
    if (places.size === 0) fresh.forEach(({ id }, at) => places.set(id, at))
    else for (const { id } of fresh.reverse()) places.set(id, --first)
    const placeOf = ({ id }: T) => places.get(id) ?? 0
    return [...ranked].sort((a, b) => placeOf(a) - placeOf(b))
  }
}

/** Own replies as the guide has put them; those never put anywhere follow in the order they come in. */
export function toOwnOrder(replies: QuickReplyView[], order: string[]): QuickReplyView[] {
  const places = new Map(order.map((id, at) => [id, at]))
  const placeOf = ({ id }: QuickReplyView) => places.get(id) ?? order.length
  return [...replies].sort((a, b) => placeOf(a) - placeOf(b))
}
