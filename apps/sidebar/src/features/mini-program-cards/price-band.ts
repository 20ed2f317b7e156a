/** Whole yuan; either end may be open. */
export type PriceBand = { from: number | null; to: number | null }

const between = /^¥?(\d{1,7})[-~～到至]¥?(\d{1,7})元?$/
const atMost = /^¥?(\d{1,7})元?(?:以下|以内|内)$/
const atLeast = /^¥?(\d{1,7})元?(?:以上|起|\+)$/

/** Takes a price band out of what was typed, e.g. `华为 3000-5000` or `2000以内`; what stays is searched for. */
export function readPriceBand(query: string): { words: string; band: PriceBand | null } {
  let band: PriceBand | null = null
  const words = query.split(/\s+/).filter((word) => {
    const found = readWord(word)
    if (found) band = found
    return !found
  })
  return { words: band ? words.join(' ') : query, band }
}

function readWord(word: string): PriceBand | null {
  const both = between.exec(word)
  if (both) {
    const ends = [Number(both[1]), Number(both[2])].sort((a, b) => a - b)
    return { from: ends[0] ?? null, to: ends[1] ?? null }
  }
  const most = atMost.exec(word)
  if (most) return { from: null, to: Number(most[1]) }
  const least = atLeast.exec(word)
  return least ? { from: Number(least[1]), to: null } : null
}

/** What has no price is in no band. */
export function isInBand(priceFen: number | null, { from, to }: PriceBand): boolean {
  if (from === null && to === null) return true
  if (priceFen === null) return false
  return (from === null || priceFen >= from * 100) && (to === null || priceFen <= to * 100)
}
