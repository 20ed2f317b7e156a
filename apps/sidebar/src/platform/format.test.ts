import { afterAll, beforeAll, expect, test } from 'vitest'

import { createFormat } from './format.ts'

// A device far from Beijing: its own days are other days.
const zone = process.env['TZ']
beforeAll(() => {
  process.env['TZ'] = 'UTC'
})
afterAll(() => {
  process.env['TZ'] = zone
})
const format = createFormat('zh-CN')
const now = new Date('2026-11-21T17:30:00Z')

test('a month of results begins on the first, wherever the device is', () => {
  expect(new Date('2026-10-31T16:00:00Z').getDate()).toBe(31)
  expect(format.day('2026-10-31T16:00:00.000Z', now)).toBe('11月1日')
})

test('today, this week and earlier are Beijing’s', () => {
  expect(format.moment('2026-11-21T16:05:00Z', now)).toBe('00:05')
  expect(format.moment('2026-11-21T15:55:00Z', now)).toBe('周六 23:55')
  expect(format.moment('2026-11-01T15:55:00Z', now)).toBe('11月1日 23:55')
})

test('the year is told only when it is another one in Beijing', () => {
  expect(format.day('2026-12-31T16:30:00Z', new Date('2027-01-02T00:00:00Z'))).toBe('1月1日')
  expect(format.day('2026-12-31T15:30:00Z', new Date('2027-01-02T00:00:00Z'))).toBe('2026年12月31日')
})
