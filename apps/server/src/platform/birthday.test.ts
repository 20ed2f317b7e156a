import { expect, test } from 'vitest'

import { isBirthday, nextBirthday } from './birthday.ts'

test('a birthday is today, in some days, or next year', () => {
  expect(nextBirthday({ month: 11, day: 21 }, '2026-11-21')).toEqual({ day: '2026-11-21', inDays: 0 })
  expect(nextBirthday({ month: 11, day: 24 }, '2026-11-21')).toEqual({ day: '2026-11-24', inDays: 3 })
  expect(nextBirthday({ month: 1, day: 2 }, '2026-12-31')).toEqual({ day: '2027-01-02', inDays: 2 })
  expect(nextBirthday({ month: 11, day: 20 }, '2026-11-21').inDays).toBe(364)
})

test('29 February is kept on the 28th where there is none', () => {
  expect(nextBirthday({ month: 2, day: 29 }, '2027-02-26')).toEqual({ day: '2027-02-28', inDays: 2 })
  expect(nextBirthday({ month: 2, day: 29 }, '2028-02-28')).toEqual({ day: '2028-02-29', inDays: 1 })
})

test('days that no month has are none', () => {
  expect(isBirthday({ month: 2, day: 29 })).toBe(true)
  expect(isBirthday({ month: 2, day: 29, year: 2027 })).toBe(false)
  expect(isBirthday({ month: 2, day: 30 })).toBe(false)
  expect(isBirthday({ month: 4, day: 31 })).toBe(false)
})
