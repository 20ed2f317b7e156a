import type { FoundHit, HitGroup } from './find-groups.ts'
import type { HitRow } from './hit-row.ts'
import type { Hit, HitKind } from './hits.ts'

/** An option of the list. `at` counts through all groups; the nth hit has the key n. */
export type Line = { at: number; digit: number | null; hit: Hit; row: HitRow }
export type LineGroup = {
  kind: HitKind
  title: string
  /** Names the group also where it is the only one. */
  titled: boolean
  lines: Line[]
  /** The option that shows more of this kind. */
  more: { at: number; label: string } | null
}
type Options = {
  toRow: (found: FoundHit) => HitRow
  titleOf: (group: HitGroup) => string
  moreOf: (group: HitGroup) => string
  titled: boolean
}
const digits = 9

/** Numbers everything that can be chosen, from the top down. */
export function toLineGroups(groups: HitGroup[], { toRow, titleOf, moreOf, titled }: Options): LineGroup[] {
  let at = 0
  let nth = 0
  return groups.map((group) => {
    const lines = group.hits.map((found) => ({
      at: at++,
      digit: ++nth <= digits ? nth : null,
      hit: found.hit,
      row: toRow(found),
    }))
    const more = group.total > lines.length ? { at: at++, label: moreOf(group) } : null
    return { kind: group.kind, title: titleOf(group), titled, lines, more }
  })
}
