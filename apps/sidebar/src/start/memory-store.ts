import type { MemoryStore } from './memory.ts'

const table = 'kept'

/** A table of names and values in IndexedDB. Every call rejects where there is no IndexedDB. */
export function createIndexedDbStore(name: string): MemoryStore {
  let opened: Promise<IDBDatabase> | undefined
  const open = () =>
    (opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1)
      request.onupgradeneeded = () => request.result.createObjectStore(table)
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('indexedDB'))
    }))
  const run = async <T>(mode: IDBTransactionMode, ask: (kept: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    const database = await open()
    return new Promise((resolve, reject) => {
      const request = ask(database.transaction(table, mode).objectStore(table))
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('indexedDB'))
    })
  }
  return {
    get: (key) => run('readonly', (kept) => kept.get(key)),
    put: (key, value) => run('readwrite', (kept) => kept.put(value, key)),
    names: async () => (await run('readonly', (kept) => kept.getAllKeys())).map(String),
    remove: (key) => run('readwrite', (kept) => kept.delete(key)),
    clear: () => run('readwrite', (kept) => kept.clear()),
  }
}
