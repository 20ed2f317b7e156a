/** One character of a title and every way to type it. */
export type Spelling = {
  /** The character itself in lower case. */
  literal: string
  /** Readings longer than one letter, the likeliest first. */
  readings: string[]
  /** What may stand for the whole character: first letters, and `zh`, `ch`, `sh`. */
  initials: string[]
  /** Every sign that typing this character may begin with. */
  firsts: string
  /** Blanks and punctuation need not be typed. */
  skippable: boolean
}

const twoLetterInitials = ['zh', 'ch', 'sh']
const wordCharacter = /[\p{L}\p{N}]/u

/**
 * Lays a title and its search keys side by side.
 * @param keys as `SearchKeys` of the contracts: one entry a character, readings separated by commas
 * @returns one spelling a character; without readings when the keys do not belong to this title
 */
export function toSpellings(title: string, keys: string): Spelling[] {
  const characters = Array.from(title)
  const entries = keys.split(' ')
  const fits = entries.length === characters.length
  return characters.map((character, at) => toSpelling(fold(character), fits ? (entries[at] ?? '') : ''))
}

/** Lower case, full-width forms as half-width ones: how both sides are compared. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

function toSpelling(literal: string, entry: string): Spelling {
  const typed = entry === '' || entry === '_' || entry === literal ? [] : entry.split(',').filter(Boolean)
  const initials = new Set<string>()
  for (const reading of typed) {
    initials.add(reading.slice(0, 1))
    const pair = reading.slice(0, 2)
    if (twoLetterInitials.includes(pair)) initials.add(pair)
  }
  return {
    literal,
    readings: typed.filter((reading) => reading.length > 1),
    initials: [...initials],
    firsts: literal.charAt(0) + [...initials].filter((initial) => initial.length === 1).join(''),
    skippable: !wordCharacter.test(literal),
  }
}
