/** One character of a title and every way to type it. Shared by all titles that have it, so it is never changed. */
export type Spelling = {
  /** The character itself in lower case. */
  literal: string
  /** Readings longer than one letter, the likeliest first. */
  readings: string[]
  /** What may stand for the whole character: first letters, and `zh`, `ch`, `sh`. */
  initials: string[]
  /** Signs that typing this character may begin with, as bits of {@link toSignBit}. */
  firsts: number
  /** Signs that may be the last one typed for it. */
  lasts: number
  /** Signs that typing it can need at all. */
  letters: number
  /** Neighbouring letters within one way to type it, as {@link toPair}. */
  pairs: number[]
  /** Blanks and punctuation need not be typed. */
  skippable: boolean
}

const twoLetterInitials = ['zh', 'ch', 'sh']
const wordCharacter = /[\p{L}\p{N}]/u
const lettersInAlphabet = 26
/** How many pairs of neighbouring letters there are. */
export const pairCount = lettersInAlphabet * lettersInAlphabet

/** A few thousand characters make up all titles: each is spelled out once. */
const known = new Map<string, Spelling>()
const mostKnown = 20_000

/**
 * Lays a title and its search keys side by side.
 * @param keys as `SearchKeys` of the contracts: one entry a character, readings separated by commas
 * @returns one spelling a character; without readings when the keys do not belong to this title
 */
export function toSpellings(title: string, keys: string): Spelling[] {
  const characters = Array.from(title)
  const entries = keys.split(' ')
  const fits = entries.length === characters.length
  return characters.map((character, at) => findSpelling(character, fits ? (entries[at] ?? '') : ''))
}

/** Lower case, full-width forms as half-width ones: how both sides are compared. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

/** One of 32 bits for a sign: a letter has its own, all others share six. */
export function toSignBit(code: number): number {
  if (code >= 97 && code <= 122) return 1 << (code - 97)
  return 1 << (lettersInAlphabet + (code % 6))
}

/** The number of a pair of letters, -1 where one of them is no letter. */
export function toPair(first: number, second: number): number {
  if (first < 97 || first > 122 || second < 97 || second > 122) return -1
  return (first - 97) * lettersInAlphabet + second - 97
}

function findSpelling(character: string, entry: string): Spelling {
  const name = `${character} ${entry}`
  let spelling = known.get(name)
  if (!spelling) {
    if (known.size >= mostKnown) known.clear()
    spelling = toSpelling(fold(character), entry)
    known.set(name, spelling)
  }
  return spelling
}

function toSpelling(literal: string, entry: string): Spelling {
  const typed = entry === '' || entry === '_' || entry === literal ? [] : entry.split(',').filter(Boolean)
  const initials = new Set<string>()
  for (const reading of typed) {
    initials.add(reading.slice(0, 1))
    const pair = reading.slice(0, 2)
    if (twoLetterInitials.includes(pair)) initials.add(pair)
  }
  const readings = typed.filter((reading) => reading.length > 1)
  const ways = [literal, ...readings, ...initials]
  const pairs = new Set<number>()
  for (const way of ways)
    for (let at = 1; at < way.length; at++) pairs.add(toPair(way.charCodeAt(at - 1), way.charCodeAt(at)))
  pairs.delete(-1)
  return {
    literal,
    readings,
    initials: [...initials],
    firsts: ways.reduce((bits, way) => bits | toSignBit(way.charCodeAt(0)), 0),
    lasts: ways.reduce((bits, way) => bits | toSignBit(way.charCodeAt(way.length - 1)), 0),
    letters: ways.reduce((bits, way) => bits | toSignBits(way), 0),
    pairs: [...pairs],
    skippable: !wordCharacter.test(literal),
  }
}

/** All signs of a text as bits. */
export function toSignBits(text: string): number {
  let bits = 0
  for (let at = 0; at < text.length; at++) bits |= toSignBit(text.charCodeAt(at))
  return bits
}
