import { toSignBit, type Spelling } from './spelling.ts'

/** How sure one typed character makes us: the sign itself, its whole reading, the start of one, its initial. */
const worth = { literal: 8, reading: 6, prefix: 4, initial: 3 } as const

export type TitleMatch = {
  /** Position of the first matched character. */
  start: number
  /** Position after the last matched one. */
  end: number
  /** Mean worth of the matched characters. */
  quality: number
}

// The best run found so far. Kept outside the walk: thousands of titles are walked at each keystroke, and what is not
// made need not be cleared away.
const best = { start: 0, end: 0, quality: 0 }

/**
 * Finds where a typed word fits a run of characters best.
 * Each character is typed as itself, as a reading or as its initial, the last one also as the start of a reading.
 * @param word folded, without blanks
 * @returns good until the next call; null when it fits nowhere
 */
export function matchTitle(spellings: Spelling[], word: string): Readonly<TitleMatch> | null {
  const first = toSignBit(word.charCodeAt(0))
  best.quality = 0
  for (let start = 0; start < spellings.length; start++) {
    const spelling = spellings[start]
    if (spelling && spelling.firsts & first) follow(spellings, start, start, word, 0, 0)
  }
  return best.quality > 0 ? best : null
}

/** @returns whether the rest of the word fits the characters from `at` on */
function follow(spellings: Spelling[], start: number, at: number, word: string, from: number, gained: number): boolean {
  if (from === word.length) {
    const quality = gained / (at - start)
    if (quality > best.quality) {
      best.start = start
      best.end = at
      best.quality = quality
    }
    return true
  }
  const spelling = spellings[at]
  if (!spelling) return false

  let fits = false
  const { literal, readings, initials } = spelling
  if (word.startsWith(literal, from))
    fits = follow(spellings, start, at + 1, word, from + literal.length, gained + worth.literal)
  for (const reading of readings) {
    const common = commonLength(word, from, reading)
    if (common === reading.length)
      fits = follow(spellings, start, at + 1, word, from + common, gained + worth.reading) || fits
    else if (common > 1 && from + common === word.length)
      fits = follow(spellings, start, at + 1, word, word.length, gained + worth.prefix) || fits
  }
  for (const initial of initials)
    if (word.startsWith(initial, from))
      fits = follow(spellings, start, at + 1, word, from + initial.length, gained + worth.initial) || fits
  // Blanks and punctuation inside a title are passed over, never at its first character.
  if (!fits && from > 0 && spelling.skippable)
    fits = follow(spellings, start, at + 1, word, from, gained + gained / Math.max(1, at - start))
  return fits
}

/** How many signs of a reading the word has from here on. */
function commonLength(word: string, from: number, reading: string): number {
  let at = 0
  while (at < reading.length && from + at < word.length && reading.charCodeAt(at) === word.charCodeAt(from + at)) at++
  return at
}
