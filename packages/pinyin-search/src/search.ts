import { matchTitle, type TitleMatch } from './match.ts'
import { fold, toSpellings, type Spelling } from './spelling.ts'

/** What is searched. `title` and `keys` belong together; the other texts are matched as they are written. */
export type SearchItem = { title: string; keys: string; shortcut?: string; body?: string }
/** Part of a title as string offsets, the end not included. */
export type Range = [start: number, end: number]
export type Found<T> = { item: T; score: number; ranges: Range[] }

type Entry<T> = {
  item: T
  spellings: Spelling[]
  /** Which letters and digits typing this title can need, one bit each: most titles drop out by it. */
  letters: number
  /** The title's own characters, for words typed in Chinese. */
  title: string
  shortcut: string
  body: string
}
export type SearchIndex<T> = { entries: Entry<T>[] }

const longestWord = 40
const scores = {
  shortcutWhole: 1000,
  shortcutStart: 800,
  title: 500,
  titleWhole: 150,
  titleStart: 100,
  body: 100,
} as const

/** Prepares items for {@link search}; their order is kept among equals, so put the likeliest first. */
export function createIndex<T extends SearchItem>(items: readonly T[]): SearchIndex<T> {
  return { entries: items.map((item) => toEntry(item)) }
}

/**
 * Finds items by Chinese characters, whole pinyin, initials or a mixture; several words must all fit.
 * @param limit at most so many, the best first
 * @returns nothing for an empty query
 */
export function search<T extends SearchItem>(index: SearchIndex<T>, query: string, limit: number): Found<T>[] {
  const words = toWords(query)
  if (words.length === 0) return []

  const hits: { entry: Entry<T>; score: number; order: number }[] = []
  index.entries.forEach((entry, order) => {
    let total = 0
    for (const word of words) {
      const score = scoreWord(entry, word)
      if (score === 0) return
      total += score
    }
    hits.push({ entry, score: total / words.length, order })
  })
  hits.sort((a, b) => b.score - a.score || a.order - b.order)
  return hits.slice(0, limit).map(({ entry, score }) => ({ item: entry.item, score, ranges: toRanges(entry, words) }))
}

type Word = { text: string; letters: number; plain: boolean }

function toWords(query: string): Word[] {
  return fold(query)
    .replace(/['’]/g, '')
    .split(/\s+/)
    .filter(Boolean)
    .map((text) => {
      const cut = text.slice(0, longestWord)
      return { text: cut, letters: toLetters(cut), plain: /^[a-z0-9]+$/.test(cut) }
    })
}

function toEntry<T extends SearchItem>(item: T): Entry<T> {
  const spellings = toSpellings(item.title, item.keys)
  let letters = 0
  for (const { literal, readings, initials } of spellings)
    for (const part of [literal, ...readings, ...initials]) letters |= toLetters(part)
  return {
    item,
    spellings,
    letters,
    title: fold(item.title),
    shortcut: fold(item.shortcut ?? ''),
    body: fold(item.body ?? ''),
  }
}

function toLetters(text: string): number {
  let bits = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= 97 && code <= 122) bits |= 1 << (code - 97)
    else if (code >= 48 && code <= 57) bits |= 1 << (26 + ((code - 48) % 6))
  }
  return bits
}

function scoreWord<T>(entry: Entry<T>, word: Word): number {
  if (entry.shortcut && entry.shortcut.startsWith(word.text))
    return entry.shortcut === word.text ? scores.shortcutWhole : scores.shortcutStart

  const match = matchEntry(entry, word)
  if (match) {
    const { length } = entry.spellings
    const whole = match.start === 0 && match.end === length ? scores.titleWhole : 0
    const start = match.start === 0 ? scores.titleStart : 0
    return scores.title + whole + start + match.quality * 8 - Math.min(match.start, 20) - Math.min(length, 40) / 4
  }
  // A single letter stands in nearly every text: only a title answers it.
  if (word.plain && word.text.length < 2) return 0
  const at = entry.body.indexOf(word.text)
  return at < 0 ? 0 : scores.body - Math.min(at, 90)
}

function matchEntry<T>(entry: Entry<T>, word: Word): TitleMatch | null {
  if ((word.letters & ~entry.letters) !== 0) return null
  if (!word.plain && !hasForeignCharacters(entry.title, word.text)) return null
  return matchTitle(entry.spellings, word.text)
}

/** A typed character that is neither letter nor digit can only stand for itself. */
function hasForeignCharacters(title: string, text: string): boolean {
  for (const character of text) if (character > '\u007f' && !title.includes(character)) return false
  return true
}

function toRanges<T extends SearchItem>(entry: Entry<T>, words: Word[]): Range[] {
  const marked = new Set<number>()
  for (const word of words) {
    const match = matchEntry(entry, word)
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
