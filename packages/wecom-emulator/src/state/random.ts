const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Same seed, same ids: a failing run can be repeated. (Mulberry32: small, fast, good enough for test data.) */
export function createRandom(seed: number) {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  return {
    /** @returns 0 up to, not including, 1 */
    next,
    text(length: number): string {
      let text = ''
      for (let index = 0; index < length; index += 1) text += alphabet[Math.floor(next() * alphabet.length)]
      return text
    },
    digits(length: number): string {
      let text = ''
      for (let index = 0; index < length; index += 1) text += String(Math.floor(next() * 10))
      return text
    },
    /** @returns a whole number of 0 up to, not including, `limit` */
    below: (limit: number) => Math.floor(next() * limit),
    /** Where the sequence stands, to go on from there later. */
    state: () => state,
    restore(saved: number) {
      state = saved >>> 0
    },
  }
}

export type Random = ReturnType<typeof createRandom>

// Ids of one corp share the part after the two letters.
const corpPart = 'R7uQDgAA'

/** Ids as WeCom makes them: 32 characters, kind in the first two letters. */
export function createIds(random: Random) {
  const make = (kind: string) => `${kind}${corpPart}${random.text(22)}`
  return {
    customer: (type: 1 | 2) => make(type === 1 ? 'wm' : 'wo'),
    tag: () => make('et'),
    strategyTag: () => make('st'),
    chat: () => make('wr'),
    media: () => random.text(44),
    message: () => `msg-${random.text(20)}`,
    code: () => random.text(43),
    token: () => random.text(112),
    ticket: () => random.text(86),
    /** Seconds and random digits, as in the hint of an errmsg. */
    hint: (nowSec: number) => `${nowSec}${random.digits(15)}`,
  }
}

export type Ids = ReturnType<typeof createIds>
