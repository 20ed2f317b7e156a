import type { RequestSync, SyncGuideReport, SyncGuides, SyncKind, SyncProgress, SyncReport } from '@guidebar/contracts'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'

import type { MemberKey } from '../../platform/access.ts'
import type { Clock, Corp, Corps } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { GuideService } from '../guides/guide.service.ts'
import type { RelationService } from '../relations/relation.service.ts'
import type { TagService } from '../tags/tag.service.ts'
import { createListReader } from './list-reader.ts'
import { createLossCheck } from './loss.ts'
import type { Patience } from './patience.ts'
import type { SyncReportRepository } from './sync-report.repository.ts'
import { createSyncReports } from './sync.reports.ts'
import type { SyncRepository } from './sync.repository.ts'
import { createSyncSteps, type SliceSettings } from './sync.steps.ts'
import { readGuideCursor, toDryRunReport, toGuideCursor, toSyncGuide, toSyncProgress } from './sync.views.ts'
import { createSyncWorker } from './sync.worker.ts'

export type SyncSettings = {
  /**
   * Lists read side by side: enough that some wait for WeCom while others are being stored. How many calls run side
   * by side is the limiter's business.
   */
  concurrency: number
  patience: Patience
  leaseMs: number
  /** How often a process looks for a run that is due, or that it can take part in. */
  pollMs: number
  /** A corp whose last full sync is older than this gets a new one; slices keep it fresh in between. */
  maxAgeMs: number
  /** Pause after a failed run before it is tried again by itself. */
  retryAfterMs: number
  /** A slice follows the last one after this time. */
  sliceEveryMs: number
  slice: SliceSettings
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

export const defaultSyncSettings: SyncSettings = {
  concurrency: 32,
  patience: { tries: 10, firstMs: 1_000, mostMs: 60_000 },
  leaseMs: 20_000,
  pollMs: 5_000,
  maxAgeMs: 7 * dayMs,
  retryAfterMs: 10 * 60_000,
  sliceEveryMs: hourMs,
  slice: { smallGuides: 500, slices: 24, idsGuides: 2_000 },
}

/** Why WeCom is compared with what is stored: the server began · an hour went by · events were missed. */
export type ReconcileReason = 'start' | 'hourly' | 'gap'

type Deps = {
  sync: SyncRepository
  reports: SyncReportRepository
  guides: GuideService
  relations: RelationService
  tags: TagService
  corps: Corps
  clock: Clock
  log: FastifyBaseLogger
  settings?: Partial<SyncSettings>
}

const usualPage = 50

/** Pulls WeCom's truth in pages: directory, who serves, relations, tags. Goes on where it stopped, whoever stopped it. */
export function createSyncService(deps: Deps) {
  const { sync, corps, guides, relations, clock, log } = deps
  const settings = { ...defaultSyncSettings, ...deps.settings }
  const stopping = new AbortController()
  const loss = createLossCheck({ ...deps, ...settings })
  const steps = createSyncSteps({ ...deps, ...settings, loss })
  const read = createListReader({ ...deps, ...settings, loss })
  const worker = createSyncWorker({ ...deps, steps, read, settings, stopping: stopping.signal })
  const reports = createSyncReports({ ...deps, loss, stopping: stopping.signal })
  const working = new Map<string, Promise<void>>()
  let loop: Promise<void> | null = null

  const progress = async (corpId: string): Promise<SyncProgress> => toSyncProgress(await sync.findLatest(corpId))
  const sinceMs = (at: Date) => clock.now().getTime() - at.getTime()

  /**
   * Opens a run, or lets a failed one of late go on, unless one is open.
   * @returns the kind of the run that is open now
   */
  async function open(corpId: string, kind: SyncKind): Promise<SyncKind> {
    const running = await sync.findOpen(corpId)
    if (running) return running.kind
    const latest = await sync.findLatest(corpId, [kind])
    if (latest?.error && sinceMs(latest.startedAt) < dayMs) {
      await sync.reopen(latest._id)
      return kind
    }
    const withDirectory = kind !== 'slice' || (await isDirectoryOld(corpId))
    await sync.open(corpId, { kind, withDirectory, startedAt: clock.now() })
    return (await sync.findOpen(corpId))?.kind ?? kind
  }

  async function isDirectoryOld(corpId: string): Promise<boolean> {
    const last = await sync.findLastGood(corpId, { withDirectory: true })
    return !last || sinceMs(last.startedAt) > dayMs
  }

  function work(corp: Corp): Promise<void> {
    const running = working.get(corp.corpId)
    if (running) return running
    const begun = worker
      .workOn(corp)
      .then(() => followUp(corp))
      .catch((error: unknown) => log.error({ corpId: corp.corpId, err: error }, 'sync interrupted'))
      .finally(() => working.delete(corp.corpId))
    working.set(corp.corpId, begun)
    return begun
  }

  /** What was missed while a run read is not in it: another follows. */
  async function followUp(corp: Corp): Promise<void> {
    const latest = await sync.findLatest(corp.corpId)
    if (stopping.signal.aborted || !latest?.again || latest.isOpen || latest.error) return
    await open(corp.corpId, 'full')
    await worker.workOn(corp)
  }

  async function openIfDue(corpId: string): Promise<void> {
    const latest = await sync.findLatest(corpId, ['full', 'slice'])
    if (latest?.isOpen) return
    if (latest?.error) {
      if (sinceMs(latest.finishedAt ?? latest.startedAt) > settings.retryAfterMs) await open(corpId, latest.kind)
      return
    }
    const lastFull = await sync.findLastGood(corpId, { kind: 'full' })
    if (!lastFull || sinceMs(lastFull.startedAt) > settings.maxAgeMs) await open(corpId, 'full')
    else if (latest && sinceMs(latest.startedAt) > settings.sliceEveryMs) await open(corpId, 'slice')
  }

  async function watch(): Promise<void> {
    for (const corp of corps.all()) await reconcile(corp, 'start').catch(noteTrouble(corp))
    while (!stopping.signal.aborted) {
      for (const corp of corps.all()) {
        await openIfDue(corp.corpId)
          .then(() => void work(corp))
          .then(() => reports.applyConfirmed(corp))
          .catch(noteTrouble(corp))
      }
      await sleep(settings.pollMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined)
    }
  }

  const noteTrouble = (corp: Corp) => (error: unknown) =>
    log.warn({ corpId: corp.corpId, err: error }, 'sync not looked after')

  /** Compares WeCom with what is stored, as much as the reason asks for. Answers before it is done. */
  async function reconcile(corp: Corp, reason: ReconcileReason): Promise<void> {
    const { corpId } = corp
    const lastFull = await sync.findLastGood(corpId, { kind: 'full' })
    if (reason === 'gap' || !lastFull) {
      // A run that is under way may have read before the gap what changed in it.
      if (!lastFull || !(await sync.wantAgain(corpId))) await open(corpId, 'full')
    } else {
      const latest = await sync.findLatest(corpId, ['full', 'slice'])
      if (latest && sinceMs(latest.startedAt) > settings.sliceEveryMs * 0.9) await open(corpId, 'slice')
    }
    void work(corp)
  }

  async function ask(corp: Corp, { dryRun = false }: RequestSync): Promise<void> {
    const kind = dryRun ? 'dry' : 'full'
    const opened = await open(corp.corpId, kind)
    if (dryRun && opened !== 'dry') throw new AppError('CONFLICT', `a ${opened} sync is running`)
  }

  return {
    progress,
    reconcile,

    /**
     * Asks for a full sync, or for one that only compares; one that is open, or failed of late, is the one that is
     * meant. Answers before it is done.
     * @throws AppError CONFLICT a dry run while another one runs
     */
    async request(corp: Corp, wanted: RequestSync = {}): Promise<SyncProgress> {
      await ask(corp, wanted)
      void work(corp)
      return progress(corp.corpId)
    },

    /** As `request`, and waits until this process has done what it can for it. */
    async runNow(corp: Corp, wanted: RequestSync = {}): Promise<SyncProgress> {
      await ask(corp, wanted)
      await work(corp)
      return progress(corp.corpId)
    },

    /** Suspicious lists that wait for an admin. */
    countWaiting: (corpId: string): Promise<number> => deps.reports.countByState(corpId, 'open'),

    /** When some process last was at the newest run; null without one. */
    async movedAt(corpId: string): Promise<Date | null> {
      const run = await sync.findLatest(corpId)
      return run && new Date(Math.max(run.startedAt.getTime(), ...run.workers.map(({ seenAt }) => seenAt.getTime())))
    },

    /** Guides by the age of what we know of their customers, the longest unread first. @throws AppError BAD_REQUEST */
    async listGuides(
      corpId: string,
      { after, limit = usualPage }: { after?: string; limit?: number },
    ): Promise<SyncGuides> {
      const from = after === undefined ? undefined : readGuideCursor(after)
      if (from === null) throw new AppError('BAD_REQUEST', 'no such page', { at: '/query/after' })
      const rows = await guides.listStale(corpId, { after: from, limit: limit + 1 })
      const page = rows.slice(0, limit)
      const counts = await relations.countByGuides(
        corpId,
        page.map(({ userId }) => userId),
      )
      const last = rows.length > limit ? page.at(-1) : undefined
      return {
        guides: page.map((guide) => toSyncGuide(guide, counts.get(guide.userId) ?? 0, clock.now())),
        next: last ? toGuideCursor(last) : null,
      }
    },

    /** What the last dry run found, and the guides whose lists are suspicious. */
    async report(
      corpId: string,
      { after, limit = usualPage }: { after?: string; limit?: number },
    ): Promise<SyncReport> {
      const [dryRun, page] = await Promise.all([
        sync.findLatest(corpId, ['dry']),
        reports.list(corpId, { after, limit }),
      ])
      return { dryRun: dryRun && toDryRunReport(dryRun), ...page }
    },

    /** An admin's word about one suspicious list. @throws AppError NOT_FOUND, CONFLICT */
    decide: (corp: Corp, userId: string, decision: 'confirm' | 'reject', by: MemberKey): Promise<SyncGuideReport> =>
      reports.decide(corp, userId, decision, by),

    /** From now on this process looks after runs that are due, left behind or shared. */
    start(): void {
      loop ??= watch()
    },

    /** Stops after the page at hand; the run stays open for whoever comes next. */
    async stop(): Promise<void> {
      stopping.abort(new Error('stopping'))
      await Promise.all([loop, ...working.values(), reports.settle()])
    },
  }
}

export type SyncService = ReturnType<typeof createSyncService>
