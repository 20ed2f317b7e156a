import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { apiFailure } from '../../testing/mount-panel.ts'
import { createPendingWrites, type PendingWrite } from './pending-writes.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const tag = (tagId: string): PendingWrite => ({
  kind: 'tags',
  externalUserId: 'wm-wang',
  what: tagId,
  change: { add: [tagId], remove: [] },
})

function create(send: (write: PendingWrite) => Promise<unknown>, kept = new Map<string, unknown>()) {
  const onChange = vi.fn<(waiting: readonly PendingWrite[]) => void>()
  const onDone = vi.fn<(write: PendingWrite) => void>()
  const onRefused = vi.fn<(write: PendingWrite, error: unknown) => void>()
  const memory = {
    readNamed: async <T>(name: string) => (kept.get(name) ?? null) as T | null,
    keepNamed: async (name: string, value: unknown) => void kept.set(name, value),
  }
  const pending = createPendingWrites({ memory, send, onChange, onDone, onRefused })
  return { pending, onChange, onDone, onRefused, kept }
}

test('what could not be written waits, and is written in its order when the network is back', async () => {
  let online = false
  const written: string[] = []
  const { pending, onChange, onDone } = create(async (write) => {
    if (!online) throw apiFailure('OFFLINE', 0)
    written.push(write.what)
  })
  await pending.add(tag('vip'))
  await pending.add(tag('apple'))
  await pending.flush()
  expect(onChange.mock.lastCall?.[0]).toHaveLength(2)

  online = true
  await vi.advanceTimersByTimeAsync(10_000)

  expect(written).toEqual(['vip', 'apple'])
  expect(onDone).toHaveBeenCalledTimes(2)
  expect(onChange.mock.lastCall?.[0]).toEqual([])
})

test('a page that is opened again finds what waited', async () => {
  const offline = create(async () => Promise.reject(apiFailure('OFFLINE', 0)))
  await offline.pending.add(tag('vip'))

  const send = vi.fn<(write: PendingWrite) => Promise<unknown>>(async () => undefined)
  const again = create(send, offline.kept)
  await again.pending.flush()

  expect(send).toHaveBeenCalledExactlyOnceWith(tag('vip'))
  expect(again.kept.get('pending-writes')).toEqual([])
})

test('what the server refuses is told and leaves the list; what comes after it goes on', async () => {
  const { pending, onRefused, onDone, onChange } = create(async ({ what }) => {
    if (what === 'gone') throw apiFailure('RELATION_NOT_FOUND', 404)
  })
  await pending.add(tag('gone'))
  await pending.add(tag('vip'))

  await pending.flush()

  expect(onRefused.mock.calls.map(([write]) => write.what)).toEqual(['gone'])
  expect(onDone.mock.calls.map(([write]) => write.what)).toEqual(['vip'])
  expect(onChange.mock.lastCall?.[0]).toEqual([])
})

test('two flushes at once write each only once', async () => {
  const send = vi.fn<(write: PendingWrite) => Promise<unknown>>(async () => undefined)
  const { pending } = create(send)
  await pending.add(tag('vip'))

  await Promise.all([pending.flush(), pending.flush()])

  expect(send).toHaveBeenCalledTimes(1)
})
