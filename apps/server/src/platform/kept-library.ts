import { createHash } from 'node:crypto'

import type { LibraryStamps } from './library-stamp.ts'

/**
 * One list a corp that many read and few change: kept in memory as long as its stamp says that it holds.
 * @param kind names the list; lies in the database
 */
export function createKeptLibrary<T>(kind: string, stamps: LibraryStamps, load: (corpId: string) => Promise<T>) {
  const kept = new Map<string, { stamp: string; value: Promise<T> }>()
  const nameOf = (corpId: string) => `${kind}/${corpId}`
  const readStamp = async (corpId: string) => (await stamps.read([nameOf(corpId)]))[0] ?? ''
  const toVersion = (corpId: string, stamp: string) =>
    createHash('sha256')
      .update(`${nameOf(corpId)}\n${stamp}`)
      .digest('base64url')
      .slice(0, 22)

  return {
    /** Changes when the list does. Costs one small read. */
    version: async (corpId: string): Promise<string> => toVersion(corpId, await readStamp(corpId)),

    async read(corpId: string): Promise<{ version: string; value: T }> {
      const stamp = await readStamp(corpId)
      const known = kept.get(corpId)
      const entry = known?.stamp === stamp ? known : { stamp, value: load(corpId) }
      if (entry !== known) {
        kept.set(corpId, entry)
        entry.value.catch(() => kept.delete(corpId))
      }
      return { version: toVersion(corpId, stamp), value: await entry.value }
    },

    /** Runs a write that changes the list. */
    changing: <R>(corpId: string, write: () => Promise<R>): Promise<R> => stamps.changing(nameOf(corpId), write),
  }
}
