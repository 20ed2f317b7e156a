import type { Spelling } from './spelling.ts'

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

/**
 * Finds where a typed word fits a run of characters best.
 * Each character is typed as itself, as a reading or as its initial, the last one also as the start of a reading.
 * @param word folded, without blanks
 */
export function matchTitle(spellings: Spelling[], word: string): TitleMatch | null {
  let best: TitleMatch | null = null
  for (let start = 0; start < spellings.length; start++) {
    const spelling = spellings[start]
    if (!spelling || !opens(spelling, word)) continue
    const run = follow(spellings, start, word, 0)
    if (!run) continue
    const found = { start, end: run.end, quality: run.worth / run.count }
    if (!best || found.quality > best.quality) best = found
  }
  return best
}

type Run = { end: number; worth: number; count: number }

function opens(spelling: Spelling, word: string): boolean {
  return spelling.firsts.includes(word.charAt(0))
}

function follow(spellings: Spelling[], at: number, word: string, from: number): Run | null {
  const spelling = spellings[at]
  if (!spelling) return null

  let best: Run | null = null
  const take = (length: number, value: number) => {
    const next = from + length
    const rest: Run | null =
      next === word.length ? { end: at + 1, worth: 0, count: 0 } : follow(spellings, at + 1, word, next)
    if (!rest) return
    const run = { end: rest.end, worth: rest.worth + value, count: rest.count + 1 }
    if (!best || run.worth / run.count > best.worth / best.count) best = run
  }

  if (word.startsWith(spelling.literal, from)) take(spelling.literal.length, worth.literal)
  for (const reading of spelling.readings) {
    if (word.startsWith(reading, from)) take(reading.length, worth.reading)
    else if (word.length - from > 1 && reading.startsWith(word.slice(from))) take(word.length - from, worth.prefix)
  }
  for (const initial of spelling.initials) if (word.startsWith(initial, from)) take(initial.length, worth.initial)
  // Blanks and punctuation inside a title are passed over, never at its first character.
  if (!best && from > 0 && spelling.skippable) return follow(spellings, at + 1, word, from)
  return best
}
