import { expect, test, vi } from 'vitest'
import { createTestTime } from '../test-support/test-time.ts'
import { bookCalls, type ApiState, type Booking } from './api-state.ts'
import { createMemoryStates, withLocalFallback, type SharedStates } from './shared-states.ts'

const quota = { perMinute: 1_000, perHour: 150_000 }
const book = (states: SharedStates, want: number) =>
  states.update<ApiState, Booking>('api', (state, nowMs, share) =>
    bookCalls(state, { lane: 'interactive', want, holder: 'h', quota }, nowMs, share),
  )

test('while the store is away a process goes on alone with its part, and comes back by itself', async () => {
  const time = createTestTime()
  const memory = createMemoryStates({ clock: time.clock })
  const asked = vi.fn<(isAway: boolean) => void>()
  let isAway = false
  const shared: SharedStates = {
    update: (key, change) => {
      asked(isAway)
      return isAway ? Promise.reject(new Error('away')) : memory.update(key, change)
    },
  }
  const states = withLocalFallback(shared, { processes: () => 3, clock: time.clock })
  expect((await book(states, 1_000)).granted).toBe(20)

  isAway = true
  await time.pass(3_000, 1_000)
  let alone = 0
  for (let second = 0; second < 60; second++) {
    alone += (await book(states, 1_000)).granted
    await time.pass(1_000, 1_000)
  }

  // A third of 600 a minute, and the small burst saved up.
  expect(alone).toBeGreaterThanOrEqual(180)
  expect(alone).toBeLessThanOrEqual(210)
  // Asked every five seconds only: nobody else waits for a store that is away.
  expect(asked.mock.calls.filter(([wasAway]) => wasAway).length).toBeLessThanOrEqual(13)

  isAway = false
  await time.pass(6_000, 1_000)
  await book(states, 1)
  expect(asked).toHaveBeenLastCalledWith(false)
})

test('what the store said last holds while it is away', async () => {
  const time = createTestTime()
  const memory = createMemoryStates({ clock: time.clock })
  let isAway = false
  const states = withLocalFallback(
    { update: (key, change) => (isAway ? Promise.reject(new Error('away')) : memory.update(key, change)) },
    { processes: () => 1, clock: time.clock },
  )
  const gate = { until: 60_000, firstRefusedAt: 0, probe: null }
  const closed: ApiState = { minute: [], hour: [], pacedTo: 0, backgroundPacedTo: 0, gate }
  await states.update<ApiState, null>('api', () => ({ state: closed, answer: null }))

  isAway = true
  await time.pass(10_000, 1_000)

  expect(await book(states, 1)).toMatchObject({ granted: 0, closedMs: 50_000 })
})

test('a store that hangs is waited for once, and not for long', async () => {
  const hanging: SharedStates = { update: () => new Promise(() => undefined) }
  const onAway = vi.fn<(error: unknown) => void>()
  const states = withLocalFallback(hanging, { processes: () => 1, timeoutMs: 20, onAway })

  const bookings = [await book(states, 1), await book(states, 1), await book(states, 1)]

  expect(bookings.map(({ granted }) => granted)).toEqual([1, 1, 1])
  expect(onAway).toHaveBeenCalledOnce()
})
