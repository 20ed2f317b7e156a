import type { SegmentGroup, SegmentRule } from '@guidebar/contracts'

/** Whose customers somebody may see; null is everybody's. */
export type VisibleGuides = readonly string[] | null

/** What a definition is read with: the moment, and who works in which store. */
export type SegmentSetting = {
  now: Date
  /** Guides of each store that the definition names. */
  guidesOfStore: ReadonlyMap<string, readonly string[]>
  visible: VisibleGuides
}

export function* rulesOf({ rules, groups }: SegmentGroup): Generator<SegmentRule> {
  yield* rules
  for (const group of groups) yield* rulesOf(group)
}

/** Stores whose guides must be known before the definition can be read. */
export function storesIn(definition: SegmentGroup): string[] {
  const stores = [...rulesOf(definition)].flatMap((rule) => (rule.field === 'store' ? rule.storeIds : []))
  return [...new Set(stores)]
}

export const isEmpty = ({ rules, groups }: SegmentGroup): boolean => rules.length === 0 && groups.every(isEmpty)

export const guidesOfStores = (storeIds: string[], { guidesOfStore }: SegmentSetting): string[] =>
  storeIds.flatMap((storeId) => guidesOfStore.get(storeId) ?? [])
