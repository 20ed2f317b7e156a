export type DiffPart = { kind: 'same' | 'out' | 'in'; text: string }

/** Longer texts are compared line by line. */
const mostCells = 250_000

/** What changed from one text to another: characters of Chinese, words of everything else. */
export function diffTexts(before: string, after: string): DiffPart[] {
  const split = before.length * after.length > mostCells ? toLines : toWords
  const [a, b] = [split(before), split(after)]
  const width = b.length + 1
  // Length of the longest common rest, from each place of both texts on.
  const rest = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const [down = 0, right = 0, next = 0] = [
        rest[(i + 1) * width + j],
        rest[i * width + j + 1],
        rest[(i + 1) * width + j + 1],
      ]
      rest[i * width + j] = a[i] === b[j] ? next + 1 : Math.max(down, right)
    }

  const parts: DiffPart[] = []
  const add = (kind: DiffPart['kind'], text: string) => {
    const last = parts.at(-1)
    if (last?.kind === kind) last.text += text
    else parts.push({ kind, text })
  }
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) add('same', a[i] ?? '')
    else if (j >= b.length || (i < a.length && (rest[(i + 1) * width + j] ?? 0) >= (rest[i * width + j + 1] ?? 0))) {
      add('out', a[i] ?? '')
      i += 1
      continue
    } else {
      add('in', b[j] ?? '')
      j += 1
      continue
    }
    i += 1
    j += 1
  }
  return parts
}

const toWords = (text: string) => text.match(/\p{Script=Han}|[\p{L}\p{N}_]+|\s+|[^\s\p{L}\p{N}]/gu) ?? []
const toLines = (text: string) => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** The fields of some content as lines of text, for a comparison a person can read. */
export function flatten(value: unknown, path = ''): Map<string, string> {
  if (value === null || value === undefined || value === '') return new Map()
  if (typeof value === 'string') return new Map([[path, value]])
  if (typeof value !== 'object') return new Map([[path, JSON.stringify(value)]])
  const entries = Object.entries(value).flatMap(([key, inner]) => [
    ...flatten(inner, path === '' ? key : `${path}.${/^\d+$/.test(key) ? Number(key) + 1 : key}`),
  ])
  return new Map(entries)
}
