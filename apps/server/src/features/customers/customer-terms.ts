import { searchKeys } from '../../platform/pinyin-keys.ts'

const longestTerm = 24
const mostOfOneText = 48

type Sign = { literal: string; readings: string[] }

/**
 * Everything somebody may type to find a text, from any of its characters on: as it is written, in whole pinyin, in
 * initials, and with the first character whole and the rest in initials. A search asks for what begins with the typed
 * word, so the beginnings themselves need not be kept.
 */
export function termsOf(texts: string[]): string[] {
  const terms = new Set<string>()
  for (const text of new Set(texts.map((each) => each.trim()).filter(Boolean))) {
    const own = [...termsFrom(toSigns(text))].slice(0, mostOfOneText)
    for (const term of own) terms.add(term)
  }
  return withoutBeginnings([...terms])
}

/** A typed text in the form in which terms are kept. */
export function toTyped(text: string): string {
  return fold(text)
    .replaceAll(/[\s'’]+/g, '')
    .slice(0, longestTerm)
}

const fold = (text: string) => text.normalize('NFKC').toLowerCase()

function toSigns(text: string): Sign[] {
  const characters = Array.from(fold(text).replaceAll(/[\s'’]+/g, ''))
  const entries = searchKeys(characters.join('')).split(' ')
  return characters.map((literal, at) => {
    const entry = entries[at] ?? literal
    return { literal, readings: /^\p{Script=Han}$/u.test(literal) ? entry.split(',') : [literal] }
  })
}

/** A surname is often picked as a character and the rest typed on; then each other reading of one character. */
function* termsFrom(signs: Sign[]): Generator<string> {
  const likeliest = signs.map(({ readings }) => readings[0] ?? '')
  const [first, ...rest] = likeliest
  if (first !== undefined && signs[0]!.literal !== first) {
    yield cut([signs[0]!.literal, ...rest])
    yield cut([signs[0]!.literal, ...rest.map((reading) => Array.from(reading)[0] ?? '')])
  }
  for (let from = 0; from < signs.length; from++) {
    if (!/[\p{L}\p{N}]/u.test(signs[from]!.literal)) continue
    yield cut(signs.slice(from).map(({ literal }) => literal))
    yield* spelt(likeliest.slice(from))
  }
  for (let from = 0; from < signs.length; from++)
    for (let at = from; at < signs.length; at++)
      for (const other of signs[at]!.readings.slice(1)) yield* spelt(likeliest.slice(from).with(at - from, other))
}

function* spelt(readings: string[]): Generator<string> {
  const initials = readings.map((reading) => Array.from(reading)[0] ?? '')
  yield cut(readings)
  yield cut(initials)
  if (readings.length > 1) yield cut([readings[0]!, ...initials.slice(1)])
}

const cut = (parts: string[]) => parts.join('').slice(0, longestTerm)

function withoutBeginnings(terms: string[]): string[] {
  const sorted = terms.filter(Boolean).toSorted()
  return sorted.filter((term, at) => !sorted[at + 1]?.startsWith(term))
}
