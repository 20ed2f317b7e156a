import { expect, test } from 'vitest'

import { createIndex, search } from './search.ts'

const readings: Record<string, string[]> = {
  会: ['hui', 'kuai'],
  员: ['yuan'],
  积: ['ji'],
  分: ['fen'],
  重: ['zhong', 'chong'],
  庆: ['qing'],
  乐: ['le', 'yue'],
  退: ['tui'],
  换: ['huan'],
  货: ['huo'],
  安: ['an'],
  装: ['zhuang'],
  啊: ['a'],
  额: ['e'],
  长: ['chang', 'zhang'],
  行: ['xing', 'hang'],
  手: ['shou'],
  机: ['ji'],
  店: ['dian'],
  优: ['you'],
  惠: ['hui'],
  券: ['quan'],
  发: ['fa'],
  票: ['piao'],
}
const characters = Object.keys(readings)

/** Small repeatable generator: the same seed gives the same titles on every machine. */
function createRandom(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function createTitles(count: number, random: (below: number) => number) {
  return Array.from({ length: count }, (_, id) => {
    const signs = Array.from({ length: 2 + random(9) }, () => characters[random(characters.length)] ?? '会')
    if (random(4) === 0) signs.splice(random(signs.length), 0, '5', 'G', ' ')
    const title = signs.join('')
    const keys = signs.map((sign) => (sign === ' ' ? '_' : (readings[sign]?.join(',') ?? sign.toLowerCase()))).join(' ')
    return { id, title, keys, signs, body: '您好，'.repeat(random(20)) + title }
  })
}

test('whole pinyin, initials, characters or any mixture of them finds every title', () => {
  const random = createRandom(7)
  const items = createTitles(400, random)
  const index = createIndex(items)

  for (const item of items)
    for (const style of ['whole', 'initials', 'characters', 'mixed'] as const) {
      const typed = item.signs
        .map((sign) => {
          const known = readings[sign]
          if (!known) return sign.trim().toLowerCase()
          const reading = known[random(known.length)] ?? ''
          const way = style === 'mixed' ? ['whole', 'initials', 'characters'][random(3)] : style
          return way === 'whole' ? reading : way === 'initials' ? reading.slice(0, 1) : sign
        })
        .join('')
      const found = search(index, typed, items.length).some((hit) => hit.item.id === item.id)
      expect([item.title, typed, found]).toEqual([item.title, typed, true])
    }
})
