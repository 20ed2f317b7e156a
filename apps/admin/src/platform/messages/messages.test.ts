import { expect, test } from 'vitest'

import { words as en } from './all.en.ts'
import { words as zhTW } from './all.zh-TW.ts'
import { createMessages } from './messages.ts'

const zhCN = (await createMessages('zh-CN')).global.getLocaleMessage('zh-CN') as object

test('every language has the same words, of the shell and of every feature', () => {
  const keys = keysOf(zhCN)

  expect(keys.length).toBeGreaterThan(100)
  expect(keysOf(zhTW)).toEqual(keys)
  expect(keysOf(en)).toEqual(keys)
})

test('every language fills the same places', () => {
  for (const key of keysOf(zhCN)) {
    const places = placesOf(textAt(zhCN, key))

    expect(placesOf(textAt(zhTW, key)), key).toEqual(places)
    expect(placesOf(textAt(en, key)), key).toEqual(places)
  }
})

function keysOf(words: object, above = ''): string[] {
  return Object.entries(words)
    .flatMap(([key, value]) =>
      typeof value === 'string' ? [`${above}${key}`] : keysOf(value as object, `${above}${key}.`),
    )
    .toSorted()
}

function textAt(words: object, key: string): string {
  return key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], words) as string
}

function placesOf(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').toSorted()
}
