import type { CronSettings } from './cron.ts'
import type { JobFailure } from './job.model.ts'

// Updates as pipelines: what becomes of a job depends on the state it is in when the write reaches it, and leases are
// counted by the database's own clock. In a pipeline `$set` every expression sees the document as it was before.

export type NewJob = { name: string; key?: string; payload: unknown; lane: number; runAt: Date }

/** What becomes of a claimed job. */
export type Outcome =
  | { to: 'removed' }
  | { to: 'done'; expiresAt: Date }
  | { to: 'waiting'; runAt: Date; tries: 'reset' | 'keep' | 'giveBack'; failure?: JobFailure }
  | { to: 'dead'; failure: JobFailure; expiresAt: Date }

const isState = (...states: string[]) => ({ $in: ['$state', states] })
const wasAskedAgain = { $ne: [{ $type: '$again' }, 'missing'] }
const ifAgain = (then: unknown, otherwise: unknown) => ({ $cond: [wasAskedAgain, then, otherwise] })
const literal = (value: unknown) => (value === undefined ? '$$REMOVE' : { $literal: value })

/**
 * Asks for a job with a key. It waits: the newer payload and the earlier moment hold, but a pause after a failure is
 * kept. It runs: once more afterwards. It is over: anew, or not at all if each key is done `once`.
 */
export function askFor({ name, key, payload, lane, runAt }: NewJob, { once, now }: { once: boolean; now: Date }) {
  const isStanding = once ? isState('waiting', 'running', 'done', 'dead') : isState('waiting', 'running')
  const ifNew = (then: unknown, otherwise: unknown) => ({ $cond: [isStanding, otherwise, then] })
  const ifWaiting = (then: unknown, otherwise: unknown) => ({ $cond: [isState('waiting'), then, otherwise] })
  const earlier = { $cond: [{ $gt: ['$tries', 0] }, '$runAt', { $min: ['$runAt', runAt] }] }
  const again = {
    payload: literal(payload),
    lane: { $min: ['$again.lane', lane] },
    runAt: { $min: ['$again.runAt', runAt] },
  }
  const fields = {
    name,
    key: literal(key),
    state: ifNew('waiting', '$state'),
    payload: ifNew(literal(payload), ifWaiting(literal(payload), '$payload')),
    lane: ifNew(lane, ifWaiting({ $min: ['$lane', lane] }, '$lane')),
    runAt: ifNew(runAt, ifWaiting(earlier, '$runAt')),
    tries: ifNew(0, '$tries'),
    fence: { $ifNull: ['$fence', 0] },
    enqueuedAt: ifNew(now, '$enqueuedAt'),
    again: { $cond: [isState('running'), again, '$again'] },
    failure: ifNew('$$REMOVE', '$failure'),
    expiresAt: ifNew('$$REMOVE', '$expiresAt'),
  }
  return [{ $set: fields }]
}

/** Sets up a repeating job; one that is there keeps its moment unless the cron text is another now. */
export function repeat(job: NewJob, cron: CronSettings, now: Date) {
  const isSame = { $eq: ['$cron', literal(cron)] }
  const fields = {
    name: job.name,
    cron: literal(cron),
    state: { $ifNull: ['$state', 'waiting'] },
    payload: literal(job.payload),
    lane: job.lane,
    runAt: { $cond: [isSame, '$runAt', job.runAt] },
    tries: { $ifNull: ['$tries', 0] },
    fence: { $ifNull: ['$fence', 0] },
    enqueuedAt: { $ifNull: ['$enqueuedAt', now] },
  }
  return [{ $set: fields }]
}

/**
 * The fence is counted by the database's clock where that is ahead: so it grows too when a job is removed and its key
 * comes again.
 */
export const take = ({ lease, holder, leaseMs }: { lease: string; holder: string; leaseMs: number }) => [
  {
    $set: {
      state: 'running',
      lease,
      holder: literal(holder),
      leaseEndsAt: { $add: ['$$NOW', leaseMs] },
      tries: { $add: ['$tries', 1] },
      fence: { $max: [{ $add: ['$fence', 1] }, { $toLong: '$$NOW' }] },
    },
  },
]

const letGo = {
  lease: '$$REMOVE',
  holder: '$$REMOVE',
  leaseEndsAt: '$$REMOVE',
  again: '$$REMOVE',
  payload: ifAgain('$again.payload', '$payload'),
  lane: ifAgain('$again.lane', '$lane'),
}

/** Back to waiting because its holder is gone; whatever he still writes comes with an old fence. */
export const takeAway = (runAt: Date, { triesBack = 0 } = {}) => [
  {
    $set: {
      ...letGo,
      state: 'waiting',
      runAt,
      fence: { $add: ['$fence', 1] },
      tries: { $subtract: ['$tries', triesBack] },
    },
  },
]

const runAgain = { ...letGo, state: 'waiting', runAt: '$again.runAt', tries: 0, failure: '$$REMOVE' }

/** The writes that settle claimed jobs, in order; a job that was asked for again runs again instead of ending. */
export function settle(mine: object, outcome: Outcome) {
  const update = (fields: object, filter: object = mine) => ({ updateMany: { filter, update: [{ $set: fields }] } })
  if (outcome.to === 'removed') {
    const isOver = { deleteMany: { filter: { ...mine, again: { $exists: false } } } }
    return [isOver, update(runAgain, { ...mine, again: { $exists: true } })]
  }
  if (outcome.to === 'waiting') {
    const { runAt, failure } = outcome
    const tries = { reset: 0, keep: '$tries', giveBack: { $subtract: ['$tries', 1] } }[outcome.tries]
    const noted = outcome.tries === 'giveBack' ? '$failure' : literal(failure)
    return [update({ ...letGo, state: 'waiting', runAt, tries, failure: noted })]
  }
  return [
    update({
      ...letGo,
      state: ifAgain('waiting', outcome.to),
      runAt: ifAgain('$again.runAt', '$runAt'),
      tries: outcome.to === 'done' ? 0 : ifAgain(0, '$tries'),
      failure: literal(outcome.to === 'dead' ? outcome.failure : undefined),
      expiresAt: ifAgain('$$REMOVE', outcome.expiresAt),
    }),
  ]
}
