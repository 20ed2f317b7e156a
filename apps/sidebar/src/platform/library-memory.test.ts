import { QueryClient } from '@tanstack/vue-query'
import { expect, test } from 'vitest'

import type { Memory } from './memory-writer.ts'
import { rememberLibraries } from './library-memory.ts'

function createMemory(kept = new Map<string, unknown>()) {
  const memory = {
    readNamed: async (name: string) => kept.get(name) ?? null,
    keepNamed: async (name: string, value: unknown) => void kept.set(name, value),
  } as unknown as Memory
  return { memory, kept }
}

test('a library is there again with its age, and counts as old', async () => {
  const { memory, kept } = createMemory()
  const first = new QueryClient()
  await rememberLibraries(first, memory)
  await first.fetchQuery({ queryKey: ['quick-replies'], queryFn: async () => ({ replies: ['新客问候'] }) })
  await first.fetchQuery({ queryKey: ['context', 'wm-wang'], queryFn: async () => ({ secret: true }) })
  const seenAt = first.getQueryState(['quick-replies'])?.dataUpdatedAt

  const second = new QueryClient()
  await rememberLibraries(second, memory)

  expect(second.getQueryData(['quick-replies'])).toEqual({ replies: ['新客问候'] })
  expect(second.getQueryState(['quick-replies'])?.dataUpdatedAt).toBe(seenAt)
  expect([...kept.keys()]).toEqual(['quick-replies'])
})

test('what the server has answered already is not replaced by what was kept', async () => {
  const { memory } = createMemory(new Map([['cards', { data: 'old', updatedAt: 1 }]]))
  const queries = new QueryClient()
  queries.setQueryData(['cards'], 'new')

  await rememberLibraries(queries, memory)

  expect(queries.getQueryData(['cards'])).toBe('new')
})
