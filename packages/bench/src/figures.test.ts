import { expect, test } from 'vitest'

import { median, quantile } from './figures.ts'

test('the median is a value that was seen', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2)
})

test('the 99th of a hundred is the last but one', () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1)

  expect(quantile(values, 0.99)).toBe(99)
  expect(quantile(values, 1)).toBe(100)
})
