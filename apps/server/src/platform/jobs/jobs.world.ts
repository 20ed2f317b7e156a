import { randomBytes } from 'node:crypto'

import { connectMongo, ensureIndexes } from '@guidebar/mongo'
import Fastify from 'fastify'
import { inject, onTestFinished, vi } from 'vitest'

import { jobModel, type JobRow } from './job.model.ts'
import { createJobs, type Jobs, type JobSettings } from './jobs.ts'

/** A clock that stands still until a test moves it. */
export function createStillClock(start = '2026-11-21T02:00:00Z') {
  let now = new Date(start).getTime()
  return {
    now: () => new Date(now),
    advance(ms: number): void {
      now += ms
    },
  }
}

/** The machine's time, moved on by tests; our own, so that a broken feature does not stop these tests. */
export function createTestClock() {
  let offsetMs = 0
  return {
    now: () => new Date(Date.now() + offsetMs),
    advance(ms: number): void {
      offsetMs += ms
    },
  }
}

/** A gate that a handler waits at until the test opens it. */
export function createGate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { passed: promise, open: (): void => resolve() }
}

export const silentLog = Fastify({ logger: false }).log

/** A database of the test's own. */
export async function openTestDb(prefix: string) {
  const db = await connectMongo(inject('mongoUri'), `${prefix}-${randomBytes(6).toString('hex')}`)
  onTestFinished(async () => {
    await db.dropDatabase()
    await db.close()
  })
  return db
}

/** Several runners, as in several processes, that share a database. Nothing runs before `start` or `drain`. */
export async function openJobsWorld() {
  const db = await openTestDb('jobs')
  const clock = createStillClock()
  const runners: Jobs[] = []
  onTestFinished(async () => {
    await Promise.all(runners.map((runner) => runner.stop()))
  })
  const rows = jobModel(db)
  await ensureIndexes(db)
  return {
    db,
    clock,
    rows: (filter: object = {}): Promise<JobRow[]> => rows.find(filter).lean<JobRow[]>().exec(),
    /** Does something once, between the next taking of jobs and the answer to it. */
    afterTaking(act: () => void): void {
      const { collection } = rows
      const write = collection.bulkWrite.bind(collection)
      vi.spyOn(collection, 'bulkWrite').mockImplementationOnce(async (...taking) => {
        const answer = await write(...taking)
        act()
        return answer
      })
    },
    addRunner(settings: Partial<JobSettings> = {}): Jobs {
      const holder = `runner-${runners.length + 1}`
      const runner = createJobs({ db, clock, log: silentLog, holder, settings: { graceMs: 100, ...settings } })
      runners.push(runner)
      return runner
    },
  }
}
