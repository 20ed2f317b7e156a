import { setTimeout as sleep } from 'node:timers/promises'

import { systemClock } from '@guidebar/server/platform/deps'
import { createJobs } from '@guidebar/server/platform/jobs/jobs'

import { withBench, type Bench } from '../bench/bench.ts'
import { loadNow } from '../bench/figures.ts'
import type { Part } from '../bench/part.ts'
import { waitUntil } from '../bench/wait.ts'
import { bySize, type Drill, type PromiseResult } from '../drill.ts'
import { thresholds } from '../thresholds.ts'
import type { JobWorkerInput } from './job-worker.main.ts'

const { takeOverMs } = thresholds

/** P5: two processes share the jobs; one is killed, then one is paused for longer than its lease. */
export const run: Drill = async ({ size, seed, say }) =>
  withBench({ seed, guides: 1, relations: 1 }, async (bench) => {
    const plan = bySize(size, {
      long: { jobs: 1_000, afterKill: 60, pausedMs: 60_000 },
      short: { jobs: 1_000, afterKill: 60, pausedMs: 30_000 },
      test: { jobs: 200, afterKill: 24, pausedMs: 0 },
    })
    say(`two processes, ${plan.jobs} jobs …`)
    const workers = [await startWorker(bench, 'first', 5), await startWorker(bench, 'second', 5)]
    const promises = [await shareJobs(bench, plan.jobs)]
    await endAll(workers)
    say('one of the two is killed with jobs at hand …')
    promises.push(...(await killOne(bench, plan.afterKill)))
    if (plan.pausedMs > 0) {
      say(`one of the two is paused for ${plan.pausedMs / 1_000} s …`)
      promises.push(await pauseOne(bench, plan.afterKill, plan.pausedMs))
    }
    return { promises }
  })

async function startWorker({ mongoUri, startPart }: Bench, name: string, workMs: number): Promise<Part> {
  const input: JobWorkerInput = { mongoUri, name, workMs }
  const part = startPart('two-servers/job-worker.main.ts', input)
  await part.lineWith('WORKER_READY')
  return part
}

async function endAll(parts: Part[]): Promise<void> {
  for (const part of parts) {
    part.kill('SIGCONT')
    part.kill('SIGKILL')
    await part.exited
  }
}

/** Asks for jobs with these numbers. What each does is written into a document of its own. */
async function enqueue({ db }: Bench, from: number, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => from + index)
  await db.collection('drillResults').insertMany(numbers.map((number) => ({ _id: number, done: null })) as never[])
  const log = { info() {}, warn() {}, error() {} } as unknown as Parameters<typeof createJobs>[0]['log']
  const jobs = createJobs({ db, clock: systemClock, log, holder: 'drill' })
  jobs.define('drill', { handler: async () => undefined })
  await jobs.enqueueMany(
    'drill',
    numbers.map((number) => ({ payload: { number }, options: { key: String(number) } })),
  )
}

const isDone =
  ({ db }: Bench, from: number, count: number) =>
  async () =>
    (await db
      .collection('drillResults')
      .countDocuments({ _id: { $gte: from as never, $lt: (from + count) as never }, done: true })) === count

/** How often each of these jobs was begun and had its effect. */
async function countRuns({ db }: Bench, from: number, count: number) {
  const ofThese = { number: { $gte: from, $lt: from + count } }
  const numbersIn = async (name: string) =>
    (await db.collection(name).find(ofThese).toArray()).map((row) => Number(row['number']))
  const [begun, written, refused] = [
    await numbersIn('drillBegun'),
    await numbersIn('drillWritten'),
    await numbersIn('drillRefused'),
  ]
  return { begun: begun.length, written: written.length, once: new Set(written).size, refused: refused.length }
}

async function shareJobs(bench: Bench, count: number): Promise<PromiseResult> {
  await enqueue(bench, 0, count)
  const ms = await waitUntil(isDone(bench, 0, count), { mostMs: 120_000 })
  await sleep(500)
  const runs = await countRuns(bench, 0, count)
  const by = (await bench.db.collection('drillResults').distinct('by')).filter(Boolean)
  return {
    id: 'P5',
    want: `${count} jobs: each runs once`,
    got: `${runs.begun} begun, ${runs.once} done, by ${by.length} processes, ${ms} ms (${loadNow()})`,
    held: runs.begun === count && runs.once === count && runs.written === count,
  }
}

async function killOne(bench: Bench, count: number): Promise<PromiseResult[]> {
  const from = 10_000
  const doomed = await startWorker(bench, 'doomed', 2_000)
  await enqueue(bench, from, count)
  await waitUntil(async () => (await countRuns(bench, from, count)).begun >= 8, { mostMs: 20_000 })
  const atHand = await bench.db.collection('jobs').countDocuments({ state: 'running' })
  const heir = await startWorker(bench, 'heir', 5)
  doomed.kill('SIGKILL')
  const ms = await waitUntil(isDone(bench, from, count), { mostMs: 90_000 })
  const runs = await countRuns(bench, from, count)
  await endAll([doomed, heir])
  return [
    {
      id: 'P5',
      want: 'killed with jobs at hand: all done by the other, each with one effect',
      got: `${atHand} at hand, ${runs.written} effects of ${count} jobs`,
      held: ms !== null && runs.written === count && runs.once === count,
    },
    {
      id: 'P5',
      want: `taken over <= ${takeOverMs / 1_000} s`,
      got: `all done after ${ms} ms (${loadNow()})`,
      held: ms !== null && ms <= takeOverMs,
      measures: 'time',
    },
  ]
}

async function pauseOne(bench: Bench, count: number, pausedMs: number): Promise<PromiseResult> {
  const from = 20_000
  const paused = await startWorker(bench, 'paused', 2_000)
  await enqueue(bench, from, count)
  await waitUntil(async () => (await countRuns(bench, from, count)).begun >= 8, { mostMs: 20_000 })
  paused.kill('SIGSTOP')
  const heir = await startWorker(bench, 'heir-2', 5)
  const stoppedAt = performance.now()
  const ms = await waitUntil(isDone(bench, from, count), { mostMs: pausedMs })
  await sleep(Math.max(0, pausedMs - (performance.now() - stoppedAt)))
  const before = await ownersOf(bench, from)
  paused.kill('SIGCONT')
  await sleep(6_000)
  const after = await ownersOf(bench, from)
  const runs = await countRuns(bench, from, count)
  await endAll([paused, heir])
  const isSame = JSON.stringify(before) === JSON.stringify(after)
  return {
    id: 'P5',
    want: `paused ${pausedMs / 1_000} s and woken: the old holder changes nothing`,
    got: `done by the other after ${ms} ms, ${runs.refused} late writes refused, ${isSame ? 'nothing' : 'something'} changed`,
    held: ms !== null && isSame && runs.written === count && runs.once === count && runs.refused > 0,
  }
}

const ownersOf = async ({ db }: Bench, from: number) =>
  (
    await db
      .collection('drillResults')
      .find({ _id: { $gte: from as never } })
      .sort({ _id: 1 })
      .toArray()
  ).map((row) => [row['_id'], row['by']])
