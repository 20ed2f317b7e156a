import type { TitleMatch } from './match.ts'
import { toSignBit, type Spelling } from './spelling.ts'

const worth = { literal: 8, reading: 6, prefix: 4, initial: 3, slip: 2 } as const
/** A start of a reading this long may hold a slip; a shorter one would be anything. */
const leastPrefix = 3

/**
 * Finds where a word fits although one key went wrong: a letter too many, one missing, one mistaken or two swapped
 * within a reading, or one wrong character between right ones. The first sign is right, and so are initials.
 * @param word folded, without blanks
 */
export function matchNearly(spellings: Spelling[], word: string): TitleMatch | null {
  const first = toSignBit(word.charCodeAt(0))
  let best: TitleMatch | null = null

  function follow(start: number, at: number, from: number, gained: number, slipped: boolean): void {
    if (from >= word.length) {
      const quality = gained / (at - start)
      if (!best || quality > best.quality) best = { start, end: at, quality }
      return
    }
    const spelling = spellings[at]
    if (!spelling) return
    const { literal, readings, initials } = spelling
    const take = (length: number, value: number, slip = false) =>
      follow(start, at + 1, from + length, gained + value, slipped || slip)

    if (word.startsWith(literal, from)) take(literal.length, worth.literal)
    else if (!slipped && at > start && word.charCodeAt(from) > 127 && !spelling.skippable) take(1, worth.slip, true)
    for (const reading of readings) {
      if (word.startsWith(reading, from)) take(reading.length, worth.reading)
      if (!slipped) takeSlipped(reading, take)
      const rest = word.slice(from)
      if (rest.length > 1 && rest.length < reading.length && reading.startsWith(rest)) take(rest.length, worth.prefix)
    }
    for (const initial of initials) if (word.startsWith(initial, from)) take(initial.length, worth.initial)
    if (from > 0 && spelling.skippable) follow(start, at + 1, from, gained + gained / Math.max(1, at - start), slipped)

    function takeSlipped(reading: string, go: (length: number, value: number, slip: boolean) => void): void {
      for (const length of [reading.length, reading.length - 1, reading.length + 1])
        if (isOneSlip(word.slice(from, from + length), reading, length)) go(length, worth.slip, true)
      const rest = word.slice(from)
      if (rest.length < leastPrefix || rest.length >= reading.length) return
      for (const length of [rest.length, rest.length - 1, rest.length + 1])
        if (isOneSlip(rest, reading.slice(0, length), rest.length)) return go(rest.length, worth.slip, true)
    }
  }

  for (let start = 0; start < spellings.length; start++)
    if ((spellings[start]?.firsts ?? 0) & first) follow(start, start, 0, 0, false)
  return best
}

/** Whether two words that begin alike differ by one key. */
function isOneSlip(typed: string, meant: string, length: number): boolean {
  if (typed.length !== length || length < 2 || typed === meant || typed.charCodeAt(0) !== meant.charCodeAt(0))
    return false
  let head = 0
  while (head < typed.length && head < meant.length && typed[head] === meant[head]) head++
  const [restTyped, restMeant] = [typed.slice(head), meant.slice(head)]
  if (restTyped.length > restMeant.length) return restTyped.slice(1) === restMeant
  if (restTyped.length < restMeant.length) return restTyped === restMeant.slice(1)
  if (restTyped.slice(1) === restMeant.slice(1)) return true
  const swapped = `${restTyped.charAt(1)}${restTyped.charAt(0)}${restTyped.slice(2)}`
  return swapped === restMeant
}
