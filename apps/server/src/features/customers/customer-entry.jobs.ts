import type { FastifyBaseLogger } from 'fastify'

import type { Clock, Corps } from '../../platform/deps.ts'
import { JobPutOff } from '../../platform/jobs/job-failure.ts'
import type { Jobs } from '../../platform/jobs/jobs.ts'
import type { EntryRepository } from './customer-entry.repository.ts'
import type { EntrySources } from './customer-entry.sources.ts'

/** Tells that something about customers has changed; never fails for that. */
export type NoteCustomers = (corpId: string, externalUserIds: string[]) => Promise<void>

type Deps = {
  jobs: Pick<Jobs, 'define' | 'schedule' | 'enqueue' | 'enqueueMany'>
  sources: EntrySources
  entries: EntryRepository
  /** Whether a full reading of the corp is under way, which changes customers by the thousand. */
  isReading: (corpId: string) => Promise<boolean>
  corps: Corps
  clock: Clock
  log: FastifyBaseLogger
}

const one = 'customer-entry'
const all = 'customer-entries'
/** Behind everything somebody waits for. */
const lane = 8
const pageSize = 2_000
const batch = 200
/** More customers than this at once come from a full reading: then all are compared instead. */
const mostSingle = 200
const pauseMs = 2_000
/** As long as a reading is waited for; then what there is by now is shown. */
const patienceMs = 60_000
/** At a minute at which neither the reconciliation nor other programs begin. */
const hourly = '41 * * * *'

/**
 * Keeps the entries up to date: soon after each change by a job for the customer, and once an hour by comparing all,
 * which also makes good what a crash has lost.
 */
export function createEntryJobs({ jobs, sources, entries, isReading, corps, clock, log }: Deps) {
  const refresh = async (corpId: string, externalUserIds: string[]): Promise<number> =>
    entries.replace(
      externalUserIds.map((externalUserId) => `${corpId}/${externalUserId}`),
      await sources.read(corpId, externalUserIds),
    )

  /** Compares all entries of a corp with what they come from. @returns how many differed */
  async function refreshAll(corpId: string, signal?: AbortSignal): Promise<number> {
    let changed = 0
    for (let after = ''; ;) {
      signal?.throwIfAborted()
      const ids = await sources.listIds(corpId, after, pageSize)
      const last = ids.at(-1) ?? null
      const stored = await entries.idsBetween(corpId, after, last)
      const keys = new Set([...stored, ...ids.map((id) => `${corpId}/${id}`)])
      changed += await entries.replace([...keys], await sources.read(corpId, ids))
      if (last === null) return changed
      after = last
    }
  }

  jobs.define<{ corpId: string; externalUserId: string }>(one, {
    lane,
    batch,
    concurrency: 1,
    async handler(runs) {
      const byCorp = Map.groupBy(runs, ({ payload }) => payload.corpId)
      for (const [corpId, some] of byCorp)
        await refresh(
          corpId,
          some.map(({ payload }) => payload.externalUserId),
        )
    },
  })
  jobs.define<{ corpId: string; askedAt: string }>(all, {
    lane,
    concurrency: 1,
    async handler({ corpId, askedAt }, { signal }) {
      const waitedMs = clock.now().getTime() - new Date(askedAt).getTime()
      if (waitedMs < patienceMs && (await isReading(corpId))) throw new JobPutOff(pauseMs)
      await refreshAll(corpId, signal)
    },
  })
  jobs.define('customer-entries-hourly', {
    lane,
    async handler(_, { signal }) {
      for (const { corpId } of corps.all()) await refreshAll(corpId, signal)
    },
  })
  jobs.schedule('customer-entries-hourly', hourly)

  const noteAll = (corpId: string) => {
    const now = clock.now()
    const payload = { corpId, askedAt: now.toISOString() }
    return jobs.enqueue(all, payload, { key: corpId, runAt: new Date(now.getTime() + pauseMs) })
  }

  const note: NoteCustomers = async (corpId, externalUserIds) => {
    try {
      const ids = [...new Set(externalUserIds)]
      if (ids.length > mostSingle) await noteAll(corpId)
      else if (ids.length > 0)
        await jobs.enqueueMany(
          one,
          ids.map((externalUserId) => ({
            payload: { corpId, externalUserId },
            options: { key: `${corpId}/${externalUserId}` },
          })),
        )
    } catch (error) {
      // What the change itself was about is stored; the hourly comparison brings the entry.
      log.warn({ err: error, corpId }, 'customer entries not asked for')
    }
  }

  return { note, noteAll, refresh, refreshAll }
}

export type EntryJobs = ReturnType<typeof createEntryJobs>
