import { matchNearly } from './match-nearly.ts'
import { matchTitle, type TitleMatch } from './match.ts'
import { fold, pairCount, toPair, toSignBits, toSpellings, type Spelling } from './spelling.ts'

/** What is searched. `title` and `keys` belong together; the other texts are matched as they are written. */
export type SearchItem = {
  title: string
  keys: string
  shortcut?: string
  body?: string
  /** Added to the score of whatever fits: puts the likelier first among the like. */
  weight?: number
}
/** Part of a title as string offsets, the end not included. */
export type Range = [start: number, end: number]
export type Found<T> = {
  item: T
  score: number
  /** Worked out when it is asked for: most of what is found is never looked at. */
  readonly ranges: Range[]
}
export type FoundAll<T> = {
  /** How many fit, also beyond the limit. */
  total: number
  found: Found<T>[]
}
export type SearchOptions<T> = {
  /** At most so many, the best first. */
  limit: number
  /** Leaves others out before they are counted. */
  fits?: (item: T) => boolean
}

type Entry<T> = {
  item: T
  spellings: Spelling[]
  /** Which signs typing this title can need: most titles drop out by it. */
  letters: number
  /** The title's own characters, for words typed in Chinese. */
  title: string
  shortcut: string
  body: string
  bodyLetters: number
}
export type SearchIndex<T> = {
  entries: Entry<T>[]
  /** For each entry the pairs of letters that can be typed one after another, one bit each. */
  pairs: Int32Array
}

const longestWord = 40
const bitsInSlot = 32
const slotsInEntry = Math.ceil(pairCount / bitsInSlot)
const scores = {
  shortcutWhole: 1000,
  shortcutStart: 800,
  title: 500,
  titleWhole: 150,
  titleStart: 100,
  body: 100,
  nearly: 300,
} as const
/** From so many letters on a slip leaves enough to know the word by; Chinese says more with less. */
const leastNearly = { plain: 5, chinese: 3 } as const
/** One slip breaks at most so many pairs of neighbouring letters. */
const brokenPairs = 3

/** Prepares items for {@link search}; their order is kept among equals, so put the likeliest first. */
export function createIndex<T extends SearchItem>(items: readonly T[]): SearchIndex<T> {
  const pairs = new Int32Array(items.length * slotsInEntry)
  return { entries: items.map((item, at) => toEntry(item, pairs, at * slotsInEntry)), pairs }
}

/**
 * Finds items by Chinese characters, whole pinyin, initials or a mixture; several words must all fit.
 * @param limit at most so many, the best first
 * @returns nothing for an empty query
 */
export function search<T extends SearchItem>(index: SearchIndex<T>, query: string, limit: number): Found<T>[] {
  return searchAll(index, query, { limit }).found
}

/** {@link search}, with the number of all that fit. */
export function searchAll<T extends SearchItem>(
  { entries, pairs }: SearchIndex<T>,
  query: string,
  { limit, fits }: SearchOptions<T>,
): FoundAll<T> {
  const words = toWords(query)
  const best: { at: number; score: number }[] = []
  let total = 0
  for (let at = 0; at < entries.length && words.length > 0; at++) {
    const entry = entries[at] as Entry<T>
    if (fits && !fits(entry.item)) continue
    const fit = scoreEntry(entry, words, pairs, at * slotsInEntry)
    if (fit === 0) continue
    const score = fit + (entry.item.weight ?? 0)
    total++
    putInOrder(best, at, score, limit)
  }
  return { total, found: best.map(({ at, score }) => toFound(entries[at] as Entry<T>, score, words)) }
}

/** For a single word that fits nowhere as it stands: titles that it fits but for one slip of the fingers. */
export function searchNearly<T extends SearchItem>(
  { entries, pairs }: SearchIndex<T>,
  query: string,
  { limit, fits }: SearchOptions<T>,
): FoundAll<T> {
  const [word, another] = toWords(query)
  const best: { at: number; score: number }[] = []
  let total = 0
  if (!word || another || word.text.length < leastNearly[word.plain ? 'plain' : 'chinese']) return { total, found: [] }
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at] as Entry<T>
    if ((fits && !fits(entry.item)) || !mayNearlyFit(entry, word, pairs, at * slotsInEntry)) continue
    const match = matchNearly(entry.spellings, word.text)
    if (!match) continue
    total++
    putInOrder(best, at, scores.nearly + match.quality - Math.min(match.start, 20) + (entry.item.weight ?? 0), limit)
  }
  return { total, found: best.map(({ at, score }) => toFound(entries[at] as Entry<T>, score, [word], matchNearly)) }
}

function toFound<T extends SearchItem>(
  entry: Entry<T>,
  score: number,
  words: Word[],
  match: (spellings: Spelling[], word: string) => Readonly<TitleMatch> | null = matchTitle,
): Found<T> {
  let ranges: Range[] | undefined
  return {
    item: entry.item,
    score,
    get ranges() {
      return (ranges ??= toRanges(entry, words, match))
    },
  }
}

/** Keeps the best few in order without sorting all; who came first stays first among equals. */
function putInOrder(best: { at: number; score: number }[], at: number, score: number, limit: number): void {
  const last = best[best.length - 1]
  if (best.length === limit) {
    if (!last || score <= last.score) return
    best.pop()
  }
  let place = best.length
  while (place > 0 && score > (best[place - 1]?.score ?? 0)) place--
  best.splice(place, 0, { at, score })
}

type Word = {
  text: string
  letters: number
  /** Letters and digits only. */
  plain: boolean
  /** Slot and bit of each pair of letters in it. */
  pairs: { slot: number; bit: number }[]
}

function toWords(query: string): Word[] {
  return fold(query)
    .replace(/['’]/g, '')
    .split(/\s+/)
    .filter(Boolean)
    .map((whole) => {
      const text = whole.slice(0, longestWord)
      const pairs: Word['pairs'] = []
      for (let at = 1; at < text.length; at++) {
        const pair = toPair(text.charCodeAt(at - 1), text.charCodeAt(at))
        if (pair >= 0) pairs.push({ slot: Math.floor(pair / bitsInSlot), bit: 1 << (pair % bitsInSlot) })
      }
      return { text, letters: toSignBits(text), plain: /^[a-z0-9]+$/.test(text), pairs }
    })
}

function toEntry<T extends SearchItem>(item: T, pairs: Int32Array, offset: number): Entry<T> {
  const spellings = toSpellings(item.title, item.keys)
  let letters = 0
  for (const spelling of spellings) letters |= spelling.letters
  markPairs(spellings, pairs, offset)
  const body = fold(item.body ?? '')
  return {
    item,
    spellings,
    letters,
    title: fold(item.title),
    shortcut: fold(item.shortcut ?? ''),
    body,
    bodyLetters: toSignBits(body),
  }
}

/** Which letters can follow each other: within one character, and from one to the next, blanks passed over. */
function markPairs(spellings: Spelling[], pairs: Int32Array, offset: number): void {
  const mark = (pair: number) => {
    const slot = offset + Math.floor(pair / bitsInSlot)
    pairs[slot] = (pairs[slot] ?? 0) | (1 << (pair % bitsInSlot))
  }
  let before = 0
  for (const { pairs: inner, firsts, lasts, skippable } of spellings) {
    for (const pair of inner) mark(pair)
    for (let first = 0; first < 26; first++) {
      if (!(before & (1 << first))) continue
      for (let second = 0; second < 26; second++) if (firsts & (1 << second)) mark(first * 26 + second)
    }
    before = skippable ? before | lasts : lasts
  }
}

/** @returns 0 unless all words fit */
function scoreEntry<T>(entry: Entry<T>, words: Word[], pairs: Int32Array, offset: number): number {
  let total = 0
  for (const word of words) {
    const score = scoreWord(entry, word, pairs, offset)
    if (score === 0) return 0
    total += score
  }
  return total / words.length
}

function scoreWord<T>(entry: Entry<T>, word: Word, pairs: Int32Array, offset: number): number {
  if (entry.shortcut && entry.shortcut.startsWith(word.text))
    return entry.shortcut === word.text ? scores.shortcutWhole : scores.shortcutStart

  const match = mayFit(entry, word, pairs, offset) ? matchTitle(entry.spellings, word.text) : null
  if (match) {
    const { length } = entry.spellings
    const whole = match.start === 0 && match.end === length ? scores.titleWhole : 0
    const start = match.start === 0 ? scores.titleStart : 0
    return scores.title + whole + start + match.quality * 8 - Math.min(match.start, 20) - Math.min(length, 40) / 4
  }
  // A single letter stands in nearly every text: only a title answers it.
  if ((word.plain && word.text.length < 2) || (word.letters & ~entry.bodyLetters) !== 0) return 0
  const at = entry.body.indexOf(word.text)
  return at < 0 ? 0 : scores.body - Math.min(at, 90)
}

/** Cheap questions that most titles fail. */
function mayFit<T>(entry: Entry<T>, word: Word, pairs: Int32Array, offset: number): boolean {
  if ((word.letters & ~entry.letters) !== 0) return false
  for (const { slot, bit } of word.pairs) if (((pairs[offset + slot] ?? 0) & bit) === 0) return false
  return word.plain || hasForeignCharacters(entry.title, word.text)
}

/** As {@link mayFit}, with as much missing as one slip can break. */
function mayNearlyFit<T>(entry: Entry<T>, word: Word, pairs: Int32Array, offset: number): boolean {
  const missing = word.letters & ~entry.letters
  // More than one bit: more than one sign that the title has nothing for.
  if (word.plain && (missing & (missing - 1)) !== 0) return false
  let broken = 0
  for (const { slot, bit } of word.pairs) if (((pairs[offset + slot] ?? 0) & bit) === 0) broken++
  if (broken > brokenPairs) return false
  return word.plain || countForeign(entry.title, word.text) <= 1
}

/** How many typed characters that can only stand for themselves the title does not have. */
function countForeign(title: string, text: string): number {
  return Array.from(text).filter((character) => character > '\u007f' && !title.includes(character)).length
}

/** A typed character that is neither letter nor digit can only stand for itself. */
function hasForeignCharacters(title: string, text: string): boolean {
  for (const character of text) if (character > '\u007f' && !title.includes(character)) return false
  return true
}

function toRanges<T extends SearchItem>(
  entry: Entry<T>,
  words: Word[],
  find: (spellings: Spelling[], word: string) => Readonly<TitleMatch> | null,
): Range[] {
  const marked = new Set<number>()
  for (const word of words) {
    const match = find(entry.spellings, word.text)
    if (!match) continue
    for (let at = match.start; at < match.end; at++) marked.add(at)
  }
  const ranges: Range[] = []
  let offset = 0
  Array.from(entry.item.title).forEach((character, at) => {
    const end = offset + character.length
    const last = ranges[ranges.length - 1]
    if (marked.has(at)) {
      if (last && last[1] === offset) last[1] = end
      else ranges.push([offset, end])
    }
    offset = end
  })
  return ranges
}
