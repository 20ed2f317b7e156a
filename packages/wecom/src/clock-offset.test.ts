import { expect, test } from 'vitest'
import { createClockOffset } from './clock-offset.ts'

const start = Date.UTC(2026, 8, 30, 8, 0, 0)

function startClocks(oursIsAheadMs: number) {
  let passed = 0
  let ahead = oursIsAheadMs
  const now = () => new Date(start + passed + ahead)
  const offset = createClockOffset({ now, monotonicMs: () => passed })
  const inWholeSeconds = (ms: number) => new Date(Math.floor(ms / 1_000) * 1_000)
  return {
    offset,
    now,
    setOurs: (toMs: number) => {
      ahead = toMs
    },
    answer(wrongByMs = 0) {
      passed += 730
      offset.note(inWholeSeconds(start + passed - 50 + wrongByMs), now(), 100)
    },
  }
}

test.each([-600_000, -31_000, 0, 31_000, 600_000])('a clock that is %i ms ahead is corrected', (aheadMs) => {
  const { offset, now, answer } = startClocks(aheadMs)

  for (let n = 0; n < 15; n++) answer()

  expect(Math.abs(offset.offsetMs() + aheadMs)).toBeLessThanOrEqual(600)
  expect(Math.abs(now().getTime() + offset.offsetMs() - (now().getTime() - aheadMs))).toBeLessThanOrEqual(600)
  expect(offset.isOff).toBe(aheadMs !== 0)
})

test('a few wrong headers move nothing, and one alone says nothing', () => {
  const { offset, answer } = startClocks(0)
  answer(3_600_000)
  expect(offset.offsetMs()).toBe(0)

  for (let n = 0; n < 10; n++) answer()
  for (let n = 0; n < 4; n++) answer(3_600_000)

  expect(Math.abs(offset.offsetMs())).toBeLessThanOrEqual(600)
})

test('when somebody sets our clock right the correction ends at once', () => {
  const { offset, answer, setOurs } = startClocks(600_000)
  for (let n = 0; n < 5; n++) answer()
  expect(offset.isOff).toBe(true)

  setOurs(0)

  expect(offset.offsetMs()).toBe(0)
  expect(offset.isOff).toBe(false)
})
