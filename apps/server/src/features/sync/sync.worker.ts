import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import type { SyncChanges } from '@guidebar/contracts'
import type { FastifyBaseLogger } from 'fastify'

import type { Clock, Corp } from '../../platform/deps.ts'
import { runFor } from '../../platform/upstream/call-purpose.ts'
import { toAppError } from '../../platform/wecom-errors.ts'
import type { RelationService } from '../relations/relation.service.ts'
import type { ListReader } from './list-reader.ts'
import { createPageBatcher } from './page-batcher.ts'
import { createProgressMeter } from './progress-meter.ts'
import { syncSteps, type SyncRun } from './sync-run.model.ts'
import { noChanges, SyncClaimLost, type SyncClaim, type SyncRepository } from './sync.repository.ts'
import type { SyncSteps } from './sync.steps.ts'

type Deps = {
  sync: SyncRepository
  relations: RelationService
  steps: SyncSteps
  read: ListReader
  clock: Clock
  log: FastifyBaseLogger
  settings: { concurrency: number; leaseMs: number }
  /** The program ends. */
  stopping: AbortSignal
}

/** What this process holds while it works on a run. */
type Shift = {
  corp: Corp
  run: SyncRun
  holder: string
  signal: AbortSignal
  claim: SyncClaim | null
  /** Processes that read lists of this run, this one included. */
  workers: number
  /** Lists that are not done yet, as last counted. */
  lists: number
  teller: Teller | null
}

type Teller = { add: (more: Partial<SyncChanges>) => void; tell: () => Promise<void> }

const changeNames = Object.keys(noChanges) as (keyof SyncChanges)[]

const tellEveryMs = 500
/** How often to look again while others read the last lists. */
const lookAgainMs = 200

/**
 * Works on a corp's open run. One process leads: it does the steps that cannot be shared. Lists are read by every
 * process that takes part, each list by one at a time; whoever holds more than a fair part gives some back.
 */
export function createSyncWorker(deps: Deps) {
  const { sync, relations, steps, read, clock, log, settings, stopping } = deps
  const { concurrency, leaseMs } = settings

  async function workOn(corp: Corp): Promise<void> {
    const run = await sync.findOpen(corp.corpId)
    if (!run) return
    const over = new AbortController()
    const signal = AbortSignal.any([stopping, over.signal])
    const shift: Shift = {
      corp,
      run,
      signal,
      holder: randomUUID(),
      workers: 1,
      lists: 0,
      teller: null,
      claim: await sync.claim(corp.corpId, leaseMs),
    }
    if (!shift.claim && run.step !== 'relations') return
    await beat(shift, over)
    let beating = Promise.resolve()
    const heart = setInterval(() => {
      beating = beat(shift, over)
    }, leaseMs / 4)
    const rest = async () => {
      clearInterval(heart)
      // One under way would take back the lead that is given up next.
      await beating
    }
    try {
      // Whoever asked for it: nobody at a screen waits for these calls.
      await runFor(run.kind === 'slice' ? 'reconcile' : 'sync', () => goOn(shift))
      await rest()
    } catch (error) {
      await rest()
      await fail(shift, error)
    } finally {
      await sync.leave(run, shift.holder)
    }
  }

  async function beat(shift: Shift, over: AbortController): Promise<void> {
    const { run, holder, claim } = shift
    try {
      if (claim) await sync.renew(claim, leaseMs)
      const workers = await sync.beat(run, holder, leaseMs)
      if (workers === 0) throw new SyncClaimLost()
      shift.workers = workers
    } catch (error) {
      // A database that is away for a moment is no reason to give up; somebody else at work is. What we ended
      // ourselves, and a lead that was handed over while this was under way, say nothing.
      if (error instanceof SyncClaimLost && shift.claim === claim) over.abort(error)
    }
  }

  async function goOn(shift: Shift): Promise<void> {
    const { corp, run, signal } = shift
    while (true) {
      signal.throwIfAborted()
      shift.claim ??= await sync.claim(corp.corpId, leaseMs)
      const { claim } = shift
      if (claim && claim.step !== 'relations') {
        await doAlone(shift, claim, claim.step)
        if (!shift.claim) return
        continue
      }
      await readLists(shift)
      const lists = await sync.countLists(run)
      if (!claim) return
      if (lists.done < lists.all) {
        await sleep(lookAgainMs, undefined, { signal })
        continue
      }
      await steps.afterRelations({ corp, claim, signal })
      shift.claim = await sync.advance(claim, 'tags')
    }
  }

  async function doAlone(shift: Shift, claim: SyncClaim, step: 'directory' | 'followers' | 'tags'): Promise<void> {
    const { corp, signal } = shift
    const meter = createProgressMeter({
      now: () => performance.now(),
      report: (figures) => sync.report(claim, { step, ...figures }),
    })
    await meter.begin()
    await steps.alone[step]({ corp, claim, signal, onProgress: meter.note })
    await meter.end()
    const next = syncSteps[syncSteps.indexOf(step) + 1]
    if (next) shift.claim = await sync.advance(claim, next)
    else await finish(shift, claim)
  }

  async function finish(shift: Shift, claim: SyncClaim): Promise<void> {
    const { rows } = await sync.countLists(claim)
    const elapsedSec = Math.max(1, (clock.now().getTime() - claim.startedAt.getTime()) / 1_000)
    const perSec = Math.round(rows / elapsedSec)
    await sync.report(claim, { step: 'tags', done: rows, total: rows, perSec, etaSec: null })
    shift.claim = null
    await sync.finish(claim, clock.now(), null)
    log.info({ corpId: claim.corpId, kind: claim.kind, relations: rows }, 'sync done')
  }

  /** Reads lists until none is left for this process. The first failure stops all, and is thrown once all stopped. */
  async function readLists(shift: Shift): Promise<void> {
    const { corp, run, holder } = shift
    shift.teller ??= await createTeller(shift)
    const { tell, add } = shift.teller
    const failed = new AbortController()
    const signal = AbortSignal.any([shift.signal, failed.signal])
    let reading = 0
    const pages = createPageBatcher({ sync, relations, run, lists: () => reading, onChanges: add })
    const telling = setInterval(() => void tell(), tellEveryMs)
    const share = () => (shift.workers > 1 ? Math.max(1, Math.ceil(shift.lists / shift.workers)) : Infinity)
    const mustYield = () => signal.aborted || reading > share()
    const onMissing = (missing: number) => add({ missing })

    async function readSome(): Promise<void> {
      while (!signal.aborted && reading < share()) {
        reading++
        try {
          const list = await sync.takeList(run, holder, leaseMs)
          if (!list) return
          await read(list, { corp, run, pages, signal, mustYield, onMissing })
        } catch (error) {
          // Another process goes on with that list.
          if (!(error instanceof SyncClaimLost)) throw error
        } finally {
          reading--
        }
      }
    }

    // The reason of the first failure stays: later ones are only its echo.
    const guarded = () => readSome().catch((error: unknown) => failed.abort(error))
    await Promise.all(Array.from({ length: concurrency }, guarded))
    clearInterval(telling)
    await tell()
    shift.signal.throwIfAborted()
    if (failed.signal.aborted) throw failed.signal.reason
  }

  /** Adds up what is changed, and writes it down now and then; how far the run is, only the leader writes. */
  async function createTeller(shift: Shift): Promise<Teller> {
    const { run, corp } = shift
    // As many as last time, more or less: counting a million of them again would take longer than it is worth.
    const expected =
      run.kind === 'slice' ? null : ((await sync.findLastGood(corp.corpId, { kind: 'full' }))?.done ?? null)
    shift.lists = (await sync.countLists(run)).all
    let counts: SyncChanges = { ...noChanges }
    const meter = createProgressMeter({
      now: () => performance.now(),
      report: async (figures) => {
        if (shift.claim) await sync.report(shift.claim, { step: 'relations', ...figures })
      },
    })

    async function tellNow(): Promise<void> {
      const some = counts
      counts = { ...noChanges }
      if (Object.values(some).some((count) => count > 0)) await sync.addChanges(run._id, some)
      const { all, done, rows } = await sync.countLists(run)
      shift.lists = all - done
      await meter.note(rows, expected === null ? null : Math.max(expected, rows), all === 0 ? 1 : done / all)
    }

    let last: Promise<void> = Promise.resolve()
    return {
      add(more) {
        for (const name of changeNames) counts[name] += more[name] ?? 0
      },
      tell: () =>
        (last = last
          .then(tellNow)
          .catch((error: unknown) => log.warn({ corpId: corp.corpId, err: error }, 'progress not told'))),
    }
  }

  async function fail(shift: Shift, error: unknown): Promise<void> {
    const { claim, run, signal } = shift
    if (error instanceof SyncClaimLost) return
    // Stopped, not failed: the next process goes on at once.
    if (signal.aborted) {
      if (claim) await sync.release(claim)
      return
    }
    const { code } = toAppError(error)
    log.error({ corpId: run.corpId, code, err: error }, 'sync failed')
    if (claim) await sync.finish(claim, clock.now(), code)
    else await sync.fail(run._id, clock.now(), code)
  }

  return { workOn }
}

export type SyncWorker = ReturnType<typeof createSyncWorker>
