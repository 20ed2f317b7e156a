import type { CustomerCount } from '@guidebar/contracts'

import type { Clock } from '../../platform/deps.ts'
import { scope } from '../../platform/rights/scope.ts'
import type { EntryReader } from './customer-entry.reader.ts'
import type { Viewer } from './customer-finder.ts'

/** «50 of 500»: the 500 may be this old while somebody edits. */
const keptMs = 20_000
const mostKept = 500

/** How many customers somebody may see at all; counted now and then, however often it is asked. */
export function createCustomerTotals({ entries, clock }: { entries: EntryReader; clock: Clock }) {
  const kept = new Map<string, { at: number; count: Promise<number> }>()

  function count(viewer: Viewer): Promise<number> {
    const within = scope(viewer)
    if (within.isAll) return entries.countAll(viewer.corpId)
    return entries.count(within.byFollowers('relations.userId'), 'guides').then((found) => found.count)
  }

  return {
    async all(viewer: Viewer): Promise<CustomerCount> {
      const key = `${viewer.corpId}/${viewer.reach === null ? '' : viewer.userId}`
      const now = clock.now().getTime()
      const known = kept.get(key)
      if (known && now - known.at < keptMs) return { count: await known.count, isEstimate: false }
      const fresh = { at: now, count: count(viewer) }
      if (kept.size >= mostKept) kept.clear()
      kept.set(key, fresh)
      fresh.count.catch(() => kept.delete(key))
      return { count: await fresh.count, isEstimate: false }
    },
  }
}

export type CustomerTotals = ReturnType<typeof createCustomerTotals>
