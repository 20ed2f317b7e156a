import { setImmediate as nextTurn } from 'node:timers/promises'

import type { FastifyBaseLogger } from 'fastify'

import type { Clock } from '../deps.ts'
import { nextTick, type CronSettings } from './cron.ts'
import { createJobContext } from './job.context.ts'
import type { JobKind } from './job.definition.ts'
import { JobPutOff, toJobFailure } from './job-failure.ts'
import type { JobRow } from './job.model.ts'
import type { Outcome } from './job.pipelines.ts'
import type { JobRepository } from './job.repository.ts'

/** A claimed job as long as this process is at it. */
export type Held = {
  _id: string
  fence: number
  leaseMs: number
  row: JobRow
  giveUp: AbortController
  /** Its handler has ended and it is being settled. */
  isOver: boolean
}

type Deps = {
  kind: JobKind
  /** The cron text, when this kind repeats. */
  cron: () => CronSettings | undefined
  repository: JobRepository
  clock: Clock
  log: FastifyBaseLogger
  /** Told whenever a call has ended and there is room again. */
  onRoom: () => void
}

const keepDeadMs = 30 * 24 * 3_600_000

/** Does the claimed jobs of one kind, so many at a time, and settles each. */
export function createJobDesk({ kind, cron, repository, clock, log, onRoom }: Deps) {
  const queue: Held[][] = []
  const held = new Set<Held>()
  const calls = new Set<Promise<void>>()
  const tally = { done: 0, failed: 0, dead: 0, lost: 0 }
  let ending: { some: Held[]; written: Promise<void> } | null = null
  let isClosed = false

  const inMs = (ms: number) => new Date(clock.now().getTime() + ms)

  /** Successes of one turn of the event loop are settled in one write. */
  function settleDone(some: Held[]): Promise<void> {
    if (!ending) {
      const batch: Held[] = []
      const write = async () => {
        await nextTurn()
        ending = null
        const outcome: Outcome = kind.keepDoneMs ? { to: 'done', expiresAt: inMs(kind.keepDoneMs) } : { to: 'removed' }
        const kept = batch.filter(({ row }) => kind.keepDoneMs > 0 && row.key !== undefined)
        const removed = batch.filter((one) => !kept.includes(one))
        const settled = (await repository.settle(removed, { to: 'removed' })) + (await repository.settle(kept, outcome))
        tally.lost += batch.length - settled
      }
      ending = { some: batch, written: write() }
    }
    ending.some.push(...some)
    return ending.written
  }

  async function settleDoneOrRepeat(some: Held[]): Promise<void> {
    const [first] = some
    const settings = first?.row.cron && cron()
    if (first && settings) {
      await settleOne(first, { to: 'waiting', runAt: nextOf(first.row, settings), tries: 'reset' })
    } else await settleDone(some)
    tally.done += some.length
  }

  async function settleOne(one: Held, outcome: Outcome): Promise<void> {
    if ((await repository.settle([one], outcome)) === 0) tally.lost += 1
  }

  /** Never the tick that was just served, even if our clock goes behind that of the server which set it. */
  function nextOf({ runAt }: JobRow, settings: CronSettings): Date {
    return nextTick(settings, new Date(Math.max(runAt.getTime(), clock.now().getTime())))
  }

  async function settleFailed(one: Held, error: unknown): Promise<void> {
    const { row } = one
    if (error instanceof JobPutOff)
      return settleOne(one, { to: 'waiting', runAt: inMs(error.afterMs), tries: 'giveBack' })
    const failure = toJobFailure(error, clock.now())
    const facts = { job: row._id, tries: row.tries, code: failure.code, err: error }
    tally.failed += 1
    if (row.tries < kind.maxTries) {
      log.warn(facts, 'job failed')
      return settleOne(one, { to: 'waiting', runAt: inMs(kind.backOff(row.tries)), tries: 'keep', failure })
    }
    log.error(facts, 'job given up')
    tally.dead += 1
    const settings = row.cron && cron()
    if (settings) return settleOne(one, { to: 'waiting', runAt: nextOf(row, settings), tries: 'reset', failure })
    return settleOne(one, { to: 'dead', failure, expiresAt: inMs(keepDeadMs) })
  }

  /** @returns whether the handler ended well, or why it did not */
  async function handle(some: Held[]): Promise<{ isWell: true } | { isWell: false; error: unknown }> {
    const runs = some.map(({ row, giveUp }) => ({
      payload: row.payload as never,
      ctx: createJobContext(row, giveUp.signal, repository),
    }))
    try {
      await kind.handle(runs)
      return { isWell: true }
    } catch (error) {
      return { isWell: false, error }
    } finally {
      for (const one of some) one.isOver = true
    }
  }

  async function perform(some: Held[]): Promise<void> {
    const end = await handle(some)
    if (end.isWell) return settleDoneOrRepeat(some)
    // What was taken over or given back meanwhile is somebody else's to settle.
    for (const one of some) if (!one.giveUp.signal.aborted) await settleFailed(one, end.error)
  }

  async function call(some: Held[]): Promise<void> {
    try {
      await perform(some)
    } catch (error) {
      // Not even settled: the lease runs out and the jobs come back.
      log.warn({ jobs: some.map(({ _id }) => _id), err: error }, 'jobs come back later')
    }
    for (const one of some) held.delete(one)
  }

  function pump(): void {
    while (calls.size < kind.concurrency) {
      const some = isClosed ? undefined : queue.shift()
      if (!some) return
      const running: Promise<void> = call(some).finally(() => {
        calls.delete(running)
        pump()
        onRoom()
      })
      calls.add(running)
    }
  }

  /** What was begun too often without an end has killed its holders, or was taken from them each time. */
  const wasBegunTooOften = ({ row }: Held) => row.tries > kind.maxTries && !row.cron
  const isOrphan = ({ row }: Held) => row.cron !== undefined && !cron()

  async function setAside(some: Held[]): Promise<void> {
    const failure = { code: 'HOLDER_LOST', message: `begun ${kind.maxTries} times and never ended`, at: clock.now() }
    const tooOften = some.filter(wasBegunTooOften)
    tally.dead += tooOften.length
    if (tooOften.length > 0) log.error({ jobs: tooOften.map(({ _id }) => _id) }, 'jobs given up')
    await repository.settle(tooOften, { to: 'dead', failure, expiresAt: inMs(keepDeadMs) })
    await repository.settle(some.filter(isOrphan), { to: 'removed' })
  }

  return {
    kind,
    tally,
    held,
    calls,

    /** For how many jobs there is room now. */
    room: () => (queue.length > 0 ? 0 : (kind.concurrency - calls.size) * kind.batch),

    async take(rows: JobRow[]): Promise<void> {
      const taken = rows.map((row): Held => {
        const { _id, fence } = row
        return { _id, fence, leaseMs: kind.leaseMs, row, giveUp: new AbortController(), isOver: false }
      })
      const aside = taken.filter((one) => wasBegunTooOften(one) || isOrphan(one))
      const fine = taken.filter((one) => !aside.includes(one))
      for (const one of fine) held.add(one)
      const alone = fine.filter(({ row }) => row.tries > 1 || row.cron).map((one) => [one])
      const together = fine.filter(({ row }) => row.tries === 1 && !row.cron)
      for (let from = 0; from < together.length; from += kind.batch) queue.push(together.slice(from, from + kind.batch))
      queue.push(...alone)
      pump()
      await setAside(aside)
    },

    /** Somebody else has these now. */
    lose(some: Held[]): void {
      for (const one of some) {
        if (one.isOver || !held.delete(one)) continue
        tally.lost += 1
        one.giveUp.abort(new Error('the job was taken over'))
      }
    },

    /** Begins no job from now on, not even one that is taken already. */
    close(): void {
      isClosed = true
    },

    /** Lets go of everything at hand, and tells those who are at it; giving it back is the caller's. */
    giveUp(): void {
      queue.length = 0
      for (const one of held) one.giveUp.abort(new Error('the program ends'))
      held.clear()
    },
  }
}

export type JobDesk = ReturnType<typeof createJobDesk>
