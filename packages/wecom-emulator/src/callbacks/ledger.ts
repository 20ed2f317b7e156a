import { hash } from 'node:crypto'
import type { LedgerEntry, LedgerState, LedgerSummary } from '../control-contract.ts'
import { createHistogram } from './histogram.ts'

const ENTRIES_KEPT = 500_000

const stateOf = (entry: LedgerEntry): LedgerState => {
  if (entry.delivered > 0) return 'delivered'
  if (entry.packets > entry.failed) return 'waiting'
  return entry.packets > 0 ? 'failed' : 'dropped'
}

/** What was raised and what became of it, by event key: the sender's side of «nothing answered is lost». */
export function createLedger() {
  const entries = new Map<string, LedgerEntry>()
  const latency = createHistogram()
  const counts = {
    raised: 0,
    packets: 0,
    dropped: 0,
    duplicated: 0,
    delayed: 0,
    notConfigured: 0,
    delivered: 0,
    failed: 0,
    attempts: 0,
    non200: 0,
    unanswered: 0,
  }

  return {
    counts,
    /** One event. @returns its entry, to note what becomes of its packets */
    raise(corpId: string, xml: string, kind: { event: string; changeType: string; raisedAt: string }): LedgerEntry {
      const key = hash('sha256', `${corpId}\n${xml}`, 'hex')
      counts.raised += 1
      const known = entries.get(key)
      if (known) {
        known.raised += 1
        return known
      }
      const entry: LedgerEntry = {
        key,
        ...kind,
        raised: 1,
        packets: 0,
        dropped: 0,
        delivered: 0,
        failed: 0,
        attempts: 0,
        deliveredAt: null,
      }
      entries.set(key, entry)
      if (entries.size > ENTRIES_KEPT)
        for (const oldest of [...entries.keys()].slice(0, ENTRIES_KEPT / 10)) entries.delete(oldest)
      return entry
    },
    drop(entry: LedgerEntry) {
      counts.dropped += 1
      entry.dropped += 1
    },
    send(entry: LedgerEntry) {
      counts.packets += 1
      entry.packets += 1
    },
    attempt(entry: LedgerEntry, status: number | null) {
      counts.attempts += 1
      entry.attempts += 1
      if (status === null) counts.unanswered += 1
      else if (status !== 200) counts.non200 += 1
    },
    deliver(entry: LedgerEntry, at: string, ms: number) {
      counts.delivered += 1
      entry.delivered += 1
      entry.deliveredAt ??= at
      latency.add(ms)
    },
    fail(entry: LedgerEntry) {
      counts.failed += 1
      entry.failed += 1
    },
    summary: (): LedgerSummary => ({
      events: entries.size,
      ...counts,
      waiting: counts.packets - counts.delivered - counts.failed,
      latency: latency.result(),
    }),
    /** @param after place of the last one seen, 0 = begin; entries come in the order of their first raising */
    page(after: number, limit: number, state?: string): { entries: LedgerEntry[]; next: number | null } {
      const rows: LedgerEntry[] = []
      let place = 0
      for (const entry of entries.values()) {
        place += 1
        if (place <= after || (state !== undefined && stateOf(entry) !== state)) continue
        if (rows.push(entry) === limit) return { entries: rows, next: place }
      }
      return { entries: rows, next: null }
    },
  }
}

export type Ledger = ReturnType<typeof createLedger>
