import { expect, test } from 'vitest'

import { searchKeys } from './pinyin-keys.ts'

test.each([
  ['重庆 5G', 'chong,zhong qing _ 5 g'],
  ['快乐', 'kuai le,yue,yao,lao'],
  ['音乐', 'yin yue,le,yao,lao'],
  ['女士绿色', 'nv,ru shi lv,lu se,shai'],
  ['Mate 60', 'm a t e _ 6 0'],
  ['𠮷😀①', '𠮷 😀 ①'],
  ['', ''],
])('%s is typed as %s', (text, keys) => {
  expect(searchKeys(text)).toBe(keys)
})

test('a surname is read like any other word', () => {
  expect(searchKeys('单价').split(' ')[0]).toMatch(/^dan,/)
  expect(searchKeys('仇女士').split(' ')[0]?.split(',')).toEqual(expect.arrayContaining(['chou', 'qiu']))
})

test('one entry stands for one character, and a long text is cut between entries', () => {
  const text = '您好，重庆 5G 顾客'.repeat(300)

  const keys = searchKeys(text)

  expect(keys.length).toBeLessThanOrEqual(4_000)
  const entries = keys.split(' ')
  const alone = Array.from(text)
    .slice(0, entries.length)
    .map((character) => searchKeys(character))
  expect(entries.map((entry) => entry.split(',').toSorted())).toEqual(alone.map((entry) => entry.split(',').toSorted()))
})
