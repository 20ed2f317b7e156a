import { searchAll, searchNearly, type Found, type Range } from '@guidebar/pinyin-search'

import type { Hit, HitIndex, HitKind } from './hits.ts'

export type FoundHit = {
  hit: Hit
  /** Worked out when it is asked for: not all that is found is shown. */ readonly ranges: Range[]
}
/** `nearly`: fits but for a slip of the fingers. */
export type HitGroup = { kind: HitKind; total: number; hits: FoundHit[]; nearly?: true }
export type Indexes = Partial<Record<HitKind, HitIndex>>
export type FindOptions = {
  kinds: HitKind[]
  /** How many of each kind are shown. */
  limitOf: (kind: HitKind) => number
  fits?: (hit: Hit) => boolean
}

/** From here on it is the name or the short code that fits, and not only a word in the text. */
const nameScore = 400

/**
 * Finds in all kinds at once. Kinds keep their order; those where only a word in the text fits come after those where a
 * name does.
 */
export function findGroups(indexes: Indexes, query: string, { kinds, limitOf, fits }: FindOptions): HitGroup[] {
  // A leading slash is how a short code is typed elsewhere.
  const words = query.trim().replace(/^\//, '')
  const groups = kinds.flatMap((kind) => {
    const index = indexes[kind]
    if (!index) return []
    const { total, found } = searchAll(index, words, {
      limit: limitOf(kind),
      ...(fits && { fits: ({ hit }) => fits(hit) }),
    })
    const hits = found.map(toFoundHit)
    return total > 0 ? [{ kind, total, hits, named: (found[0]?.score ?? 0) >= nameScore }] : []
  })
  return [...groups.filter(({ named }) => named), ...groups.filter(({ named }) => !named)].map(
    ({ kind, total, hits }) => ({ kind, total, hits }),
  )
}

/** What fits but for one slip of the fingers; asked for where nothing fits as it is typed. */
export function findNearly(indexes: Indexes, query: string, { kinds, limitOf, fits }: FindOptions): HitGroup[] {
  return kinds.flatMap((kind) => {
    const index = indexes[kind]
    if (!index) return []
    const { total, found } = searchNearly(index, query.trim(), {
      limit: limitOf(kind),
      ...(fits && { fits: ({ hit }) => fits(hit) }),
    })
    const hits = found.map(toFoundHit)
    return total > 0 ? [{ kind, total, hits, nearly: true as const }] : []
  })
}

/** Whether anything at all fits. */
export function wouldFind(indexes: Indexes, query: string, options: Omit<FindOptions, 'limitOf'>): boolean {
  return findGroups(indexes, query, { ...options, limitOf: () => 1 }).length > 0
}

function toFoundHit(found: Found<{ hit: Hit }>): FoundHit {
  return {
    hit: found.item.hit,
    get ranges() {
      return found.ranges
    },
  }
}
