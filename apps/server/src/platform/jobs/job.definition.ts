import { fullJitter } from './back-off.ts'
import type { JobContext } from './job.context.ts'

export type JobRun<P> = { payload: P; ctx: JobContext }

type Rules = {
  /** Handler calls side by side in one process. */
  concurrency?: number
  /** Lower ones are served first, over all names. */
  lane?: number
  /** After so many failed tries the job is given up. */
  maxTries?: number
  /** Pause in ms after the nth failed try. */
  backOff?: (tries: number) => number
  /** So long after the last sign of life of its holder the job goes to another. */
  leaseMs?: number
  /** Keeps a done job with a key for this long, and with it each key is done once; 0 forgets it at once. */
  keepDoneMs?: number
}

/**
 * How one kind of job is done. The handler may run more than once for a job (after a crash, a failure, a lost lease),
 * so what it does must bear that, or go through the effect log.
 * With `batch` it gets up to so many jobs at once; those that failed together are tried again one by one.
 */
export type JobDefinition<P> = Rules &
  (
    | { batch?: undefined; handler: (payload: P, ctx: JobContext) => Promise<unknown> }
    | { batch: number; handler: (runs: JobRun<P>[]) => Promise<unknown> }
  )

/** A definition with every rule filled in. */
export type JobKind = Required<Rules> & {
  name: string
  batch: number
  handle: (runs: JobRun<never>[]) => Promise<unknown>
}

const usual = { concurrency: 4, lane: 5, maxTries: 5, leaseMs: 20_000, keepDoneMs: 0 }

export function toJobKind<P>(name: string, { handler, batch, ...rules }: JobDefinition<P>): JobKind {
  const handle =
    batch === undefined
      ? ([run]: JobRun<P>[]) => (handler as SingleHandler<P>)(run!.payload, run!.ctx)
      : (handler as BatchHandler<P>)
  return { ...usual, backOff: fullJitter(), ...rules, name, batch: batch ?? 1, handle }
}

type SingleHandler<P> = (payload: P, ctx: JobContext) => Promise<unknown>
type BatchHandler<P> = (runs: JobRun<P>[]) => Promise<unknown>
