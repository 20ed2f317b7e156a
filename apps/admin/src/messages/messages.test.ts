import { expect, test } from 'vitest'

import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'
import { zhTW } from './zh-TW.ts'

test('every language has the same words', () => {
  const keys = keysOf(zhCN)

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
