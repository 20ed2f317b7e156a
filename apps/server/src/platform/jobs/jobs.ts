import { randomUUID } from 'node:crypto'

import type { FastifyBaseLogger } from 'fastify'
import type { Connection } from 'mongoose'

import type { Clock } from '../deps.ts'
import { inTime } from '../in-time.ts'
import { createAlarm } from './alarm.ts'
import { nextTick, type CronSettings } from './cron.ts'
import { toJobKind, type JobDefinition } from './job.definition.ts'
import { createJobDesk, type JobDesk } from './job.desk.ts'
import { createJobRepository, type Asked } from './job.repository.ts'

export type JobOptions = {
  /** Unique while it waits; asked for while it runs, the job runs once more afterwards. */
  key?: string
  runAt?: Date
  lane?: number
}

export type JobSettings = {
  /** How often leases are lengthened, and jobs of holders that are gone are taken up. */
  beatMs: number
  /** How often to look for what other processes asked for: soon after work, seldom when there is none. */
  pollMs: { least: number; most: number }
  /** Longest that jobs under way may take to end when the program stops; giving back the others comes after that. */
  graceMs: number
}

const usualSettings: JobSettings = { beatMs: 5_000, pollMs: { least: 50, most: 1_000 }, graceMs: 6_000 }

type Deps = {
  db: Connection
  clock: Clock
  log: FastifyBaseLogger
  /** What this process is called in the database, for people. */
  holder: string
  settings?: Partial<JobSettings>
}

/**
 * Background work that survives the process: each job is one document, taken with a lease and a fence, tried again
 * after a failure, given up with its cause. Any number of processes may share the work. A job runs at least once; what
 * must not happen twice goes through the effect log.
 */
export function createJobs({ db, clock, log, holder, settings }: Deps) {
  const { beatMs, pollMs, graceMs } = { ...usualSettings, ...settings }
  const repository = createJobRepository(db)
  const self = `${holder}/${randomUUID().slice(0, 8)}`
  const desks = new Map<string, JobDesk>()
  const crons = new Map<string, CronSettings>()
  const unwritten = new Map<string, CronSettings>()
  const alarm = createAlarm()
  const stopping = new AbortController()
  let lastTurn: Promise<unknown> = Promise.resolve()
  let loop: Promise<void> | null = null
  let heart: NodeJS.Timeout | undefined

  const calls = () => [...desks.values()].flatMap((desk) => [...desk.calls])

  function deskOf(name: string): JobDesk {
    const desk = desks.get(name)
    if (!desk) throw new TypeError(`no job is called ${name}`)
    return desk
  }

  function toNewJob(name: string, payload: unknown, { key, runAt, lane }: JobOptions) {
    return { name, key, payload, lane: lane ?? deskOf(name).kind.lane, runAt: runAt ?? clock.now() }
  }

  const ruleOf = (name: string) => ({ once: deskOf(name).kind.keepDoneMs > 0, now: clock.now() })

  async function writeSchedules(): Promise<void> {
    for (const [name, cron] of unwritten) {
      const job = toNewJob(name, {}, { runAt: nextTick(cron, clock.now()) })
      await repository.repeat(job, cron, clock.now())
      unwritten.delete(name)
    }
  }

  /** Takes what is due while there is room. @returns whether there was anything */
  async function takeDue(): Promise<boolean> {
    await writeSchedules()
    for (let took = false; ; took = true) {
      const wants = [...desks.values()]
        .map(({ kind, room }) => ({ ...kind, room: room() }))
        .filter(({ room }) => room > 0)
      if (stopping.signal.aborted || wants.length === 0) return took
      const { rows, wasDue } = await repository.claim(wants, self, clock.now())
      if (!wasDue) return took
      for (const [name, some] of Map.groupBy(rows, (row) => row.name)) await deskOf(name).take(some)
    }
  }

  function turn(): Promise<boolean> {
    const next = lastTurn.then(takeDue)
    lastTurn = next.catch(() => undefined)
    return next
  }

  async function beat(): Promise<void> {
    for (const desk of desks.values()) desk.lose(await repository.renew([...desk.held]))
    if (!stopping.signal.aborted && (await repository.rescue(clock.now())) > 0) alarm.ring()
  }

  async function watch(): Promise<void> {
    let napMs = pollMs.least
    while (!stopping.signal.aborted) {
      const found = await turn().catch((error: unknown) => {
        log.warn({ err: error }, 'jobs not looked up')
        return false
      })
      napMs = found ? pollMs.least : Math.min(pollMs.most, napMs * 2)
      if (!stopping.signal.aborted) await alarm.sleep(napMs)
    }
  }

  return {
    /** @param name letters, digits and dashes; lies in the database, so changing it orphans what waits */
    define<P>(name: string, definition: JobDefinition<P>): void {
      if (!/^[a-z][a-z\d-]*$/.test(name) || desks.has(name)) throw new TypeError(`no good or a taken job name: ${name}`)
      const kind = toJobKind(name, definition)
      desks.set(name, createJobDesk({ kind, cron: () => crons.get(name), repository, clock, log, onRoom: alarm.ring }))
    },

    /**
     * Asks for a job; when this returns it survives a crash of everything. Safe to repeat with a key.
     * @param payload what JSON can hold: ids, no personal data
     */
    async enqueue(name: string, payload: unknown, options: JobOptions = {}): Promise<Asked> {
      const asked = await repository.add(toNewJob(name, payload, options), ruleOf(name))
      alarm.ring()
      return asked
    },

    /** As `enqueue`, for many of one name. Of those with the same key the last one holds. */
    async enqueueMany(name: string, some: { payload: unknown; options?: JobOptions }[]): Promise<void> {
      const jobs = some.map(({ payload, options }) => toNewJob(name, payload, options ?? {}))
      const byKey = new Map(jobs.map((job, index) => [job.key ?? index, job]))
      await repository.addMany([...byKey.values()], ruleOf(name))
      alarm.ring()
    },

    /**
     * Lets a defined job run at the moments of a cron text, each once over all processes and never beside itself. A
     * tick that came while all were down, or while it still ran, is made up for once.
     * @throws TypeError when the text is no cron text
     */
    schedule(name: string, text: string, { timeZone = 'Asia/Shanghai' } = {}): void {
      const cron = { text, timeZone }
      nextTick(cron, clock.now())
      crons.set(deskOf(name).kind.name, cron)
      unwritten.set(name, cron)
    },

    /** From now on this process does jobs. */
    start(): void {
      if (loop || stopping.signal.aborted) return
      loop = watch()
      heart = setInterval(() => {
        beat().catch((error: unknown) => log.warn({ err: error }, 'leases not lengthened'))
      }, beatMs)
      heart.unref()
    },

    /** Begins nothing new, waits for what is under way, and gives back what is not begun or does not end in time. */
    async stop(): Promise<void> {
      stopping.abort()
      alarm.ring()
      for (const desk of desks.values()) desk.close()
      await inTime(Promise.all([loop, lastTurn, ...calls()]), graceMs)
      clearInterval(heart)
      for (const desk of desks.values()) desk.giveUp()
      // By our name, not by what we know of: a taking may have come through though its answer was lost.
      await repository.giveBack(self, clock.now())
    },

    /** Does what is due now and waits until it is done, with or without the loop. */
    async drain(): Promise<void> {
      await beat()
      while ((await turn()) || calls().length > 0) await Promise.all(calls())
    },

    listDead: repository.listDead,

    /** Lets a given up job run again from its first try. @returns false when there is no such one */
    async retryDead(id: string): Promise<boolean> {
      const isThere = await repository.retryDead(id, clock.now())
      alarm.ring()
      return isThere
    },

    /** Removes done and given up jobs that were kept long enough. */
    sweep: (): Promise<number> => repository.sweep(clock.now()),

    /** What lies in the database, and what this process did since it started. */
    async stats(): Promise<JobStats[]> {
      const counts = await repository.count([...desks.keys()])
      return [...desks].map(([name, { tally }]) => {
        const of = (state: string) => counts.find(({ _id }) => _id.name === name && _id.state === state)
        const [waiting, running, dead] = [of('waiting'), of('running'), of('dead')]
        const here = { doneHere: tally.done, failedHere: tally.failed, deadHere: tally.dead, lostHere: tally.lost }
        const there = { waiting: waiting?.count ?? 0, running: running?.count ?? 0, dead: dead?.count ?? 0 }
        return { name, ...there, oldestRunAt: waiting?.oldestRunAt ?? null, ...here }
      })
    },
  }
}

export type JobStats = {
  name: string
  waiting: number
  running: number
  dead: number
  /** Of those that wait; in the past, it is late. */
  oldestRunAt: Date | null
  doneHere: number
  failedHere: number
  deadHere: number
  /** Jobs that were taken over from this process. */
  lostHere: number
}

export type Jobs = ReturnType<typeof createJobs>
