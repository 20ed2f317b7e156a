import type { CallEntry } from '../control-contract.ts'
import { createRing } from './ring.ts'

/** The last calls, how often each path was called, and what was asked for in vain. */
export function createCallLog() {
  const calls = createRing<CallEntry>(1000)
  const unknown = createRing<{ at: string; method: string; path: string }>(200)
  const counts = new Map<string, number>()
  return {
    calls,
    unknown,
    counts,
    add(entry: CallEntry) {
      calls.push(entry)
      counts.set(entry.path, (counts.get(entry.path) ?? 0) + 1)
    },
    clear() {
      calls.clear()
      counts.clear()
    },
  }
}
