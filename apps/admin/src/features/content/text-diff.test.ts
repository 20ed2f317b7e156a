import { expect, test } from 'vitest'

import { diffTexts, flatten } from './text-diff.ts'

test('a change is told word by word and character by character, and nothing is lost', () => {
  const [before, after] = ['七天价保，全国联保', '三十天价保，全国联保 2 年']

  const parts = diffTexts(before, after)

  expect(parts).toEqual([
    { kind: 'out', text: '七' },
    { kind: 'in', text: '三十' },
    { kind: 'same', text: '天价保，全国联保' },
    { kind: 'in', text: ' 2 年' },
  ])
  const side = (kind: string) => parts.filter((part) => part.kind === 'same' || part.kind === kind)
  expect(
    side('out')
      .map(({ text }) => text)
      .join(''),
  ).toBe(before)
  expect(
    side('in')
      .map(({ text }) => text)
      .join(''),
  ).toBe(after)
})

test('fields of content stand one below the other, numbered from one', () => {
  expect([...flatten({ title: '价保', sku: '', parts: [{ type: 'text', text: '好' }] })]).toEqual([
    ['title', '价保'],
    ['parts.1.type', 'text'],
    ['parts.1.text', '好'],
  ])
})
