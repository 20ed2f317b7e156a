import type { Range } from '@guidebar/pinyin-search'

/** Words, each with the marked ones that follow them, and what comes last. */
export type MarkedText = { pieces: { plain: string; marked: string }[]; rest: string }

/** The pieces stay the same few at each keystroke, so their nodes are written anew and none is made. */
export function splitMarked(text: string, ranges: Range[]): MarkedText {
  let end = 0
  const pieces = ranges.map(([from, to]) => {
    const piece = { plain: text.slice(end, from), marked: text.slice(from, to) }
    end = to
    return piece
  })
  return { pieces, rest: text.slice(end) }
}
