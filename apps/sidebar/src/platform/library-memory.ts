import type { QueryClient } from '@tanstack/vue-query'

import type { Memory } from './memory-writer.ts'

/** What every guide of the corp shares and what a day without network needs: names of queries. */
const libraries = ['quick-replies', 'cards', 'knowledge', 'tag-groups']
/** Each, packed; with the last customers everything stays below 2 MB. */
const mostBytes = 400_000

const remembered = new WeakSet<QueryClient>()

type KeptLibrary = { data: unknown; updatedAt: number }

/**
 * Puts the libraries as they were last seen into the panel, with their age, and keeps every newer answer. What is put in
 * counts as old: the server is asked at once when it is shown.
 */
export async function rememberLibraries(queries: QueryClient, memory: Memory): Promise<void> {
  if (remembered.has(queries)) return
  remembered.add(queries)
  const cache = queries.getQueryCache()
  cache.subscribe(({ query, type, ...event }) => {
    const [name] = query.queryKey as string[]
    if (type !== 'updated' || query.queryKey.length !== 1 || !libraries.includes(name ?? '')) return
    const { action } = event as { action: { type: string; manual?: boolean } }
    if (action.type !== 'success' || action.manual) return
    const { data, dataUpdatedAt: updatedAt } = query.state
    void memory.keepNamed(name!, { data, updatedAt } satisfies KeptLibrary, mostBytes)
  })
  await Promise.all(
    libraries.map(async (name) => {
      const kept = await memory.readNamed<KeptLibrary>(name)
      if (kept && queries.getQueryData([name]) === undefined)
        queries.setQueryData([name], kept.data, { updatedAt: kept.updatedAt })
    }),
  )
}
