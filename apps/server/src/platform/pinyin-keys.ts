import { pinyin, polyphonic } from 'pinyin-pro'

const maxReadings = 4
const maxChars = 4_000

// `v` for ü is what input methods take.
const asTyped = { toneType: 'none', type: 'array', v: true, nonZh: 'spaced' } as const

/**
 * How a text is typed, in the format of `SearchKeys`: computed on save, so that no pinyin library travels to the panel.
 * @returns one entry a character; cut between entries when it would be longer than 4,000 characters
 */
export function searchKeys(text: string): string {
  const entries: string[] = []
  let length = 0
  for (const entry of toEntries(text.normalize('NFC'))) {
    length += entry.length + 1
    if (length > maxChars + 1) break
    entries.push(entry)
  }
  return entries.join(' ')
}

/** Run by run of Chinese characters: over a whole long text the library's choice of readings wanders. */
function* toEntries(text: string): Generator<string> {
  for (const run of text.split(/(\p{Script=Han}+)/u)) {
    if (!/^\p{Script=Han}/u.test(run)) {
      for (const character of run) yield /\s/u.test(character) ? '_' : character.toLowerCase()
      continue
    }
    const likeliest = pinyin(run, asTyped)
    const others = polyphonic(run, asTyped)
    for (const [index, character] of Array.from(run).entries())
      yield toReadings(character, likeliest[index], others[index])
  }
}

function toReadings(character: string, likeliest = '', others: string[] = []): string {
  const readings = [...new Set([likeliest, ...others])].filter((reading) => /^[a-z]+$/.test(reading))
  return readings.slice(0, maxReadings).join(',') || character
}
