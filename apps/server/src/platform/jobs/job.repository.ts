import { randomBytes, randomUUID } from 'node:crypto'

import type { Connection, mongo } from 'mongoose'

import { findTaken, upsertTwice } from '../duplicate-key.ts'
import type { CronSettings } from './cron.ts'
import { jobModel, type JobRow } from './job.model.ts'
import { askFor, repeat, settle, take, takeAway, type NewJob, type Outcome } from './job.pipelines.ts'

/** Proof of a claim; goes with every write about the job. */
export type Claim = Pick<JobRow, '_id' | 'fence'>

/** `coalesced` with one that waits · `again` after the one that runs · `known`: done or given up, and each key once. */
export type Asked = 'queued' | 'coalesced' | 'again' | 'known'

export type Want = { name: string; room: number; leaseMs: number }

export type DeadJob = Pick<JobRow, '_id' | 'name' | 'key' | 'tries' | 'enqueuedAt' | 'failure'>

const mostAtOnce = 1_000
const maxTimeMS = 5_000

const idOf = ({ name, key }: Pick<NewJob, 'name' | 'key'>) => `${name}/${key ?? `~${randomBytes(12).toString('hex')}`}`

/** The jobs as they lie in the database. Every write about a claimed job checks its fence. */
export function createJobRepository(db: Connection) {
  const jobs = jobModel(db).collection as unknown as mongo.Collection<JobRow>

  /** Inserts what is new. @returns the indexes of those whose key is there already */
  const insertNew = (rows: JobRow[]) => findTaken(() => jobs.insertMany(rows, { ordered: false }))

  return {
    async add(job: NewJob, rule: { once: boolean; now: Date }): Promise<Asked> {
      const _id = idOf(job)
      if (job.key === undefined) {
        await jobs.insertOne(toRow(_id, job, rule.now))
        return 'queued'
      }
      const found = await upsertTwice(() =>
        jobs.findOneAndUpdate({ _id }, askFor(job, rule), { upsert: true, ...before }),
      )
      if (!found) return 'queued'
      if (found.state === 'waiting') return 'coalesced'
      if (found.state === 'running') return 'again'
      return rule.once ? 'known' : 'queued'
    },

    async addMany(some: NewJob[], rule: { once: boolean; now: Date }): Promise<void> {
      for (let from = 0; from < some.length; from += mostAtOnce) {
        const batch = some.slice(from, from + mostAtOnce)
        const known = await insertNew(batch.map((job) => toRow(idOf(job), job, rule.now)))
        const operations = known
          .flatMap((index) => batch[index] ?? [])
          .map((job) => ({ updateOne: { filter: { _id: idOf(job) }, update: askFor(job, rule), upsert: true } }))
        if (operations.length > 0) await upsertTwice(() => jobs.bulkWrite(operations, { ordered: false }))
      }
    },

    async repeat(job: NewJob, cron: CronSettings, now: Date): Promise<void> {
      const _id = `${job.name}/@cron`
      await upsertTwice(() => jobs.updateOne({ _id }, repeat(job, cron, now), { upsert: true }))
    },

    /**
     * Takes what is due, lower lanes first, for as many of each name as there is room.
     * @returns what is ours now, and whether anything was due at all: others may have been quicker
     */
    async claim(wants: Want[], holder: string, now: Date): Promise<{ rows: JobRow[]; wasDue: boolean }> {
      const isDue = { state: 'waiting' as const, runAt: { $lte: now } }
      const limit = Math.min(
        mostAtOnce,
        wants.reduce((sum, { room }) => sum + room, 0),
      )
      const due = await jobs
        .find({ ...isDue, name: { $in: wants.map(({ name }) => name) } }, { maxTimeMS })
        .project<Pick<JobRow, '_id' | 'name'>>({ name: 1 })
        .sort({ lane: 1, runAt: 1 })
        .limit(limit)
        .toArray()
      if (due.length === 0) return { rows: [], wasDue: false }
      const lease = randomUUID()
      const byName = Map.groupBy(due, ({ name }) => name)
      const picks = wants.flatMap(({ name, room, leaseMs }) => {
        const ids = (byName.get(name) ?? []).slice(0, room).map(({ _id }) => _id)
        return ids.length > 0 ? [{ ids, leaseMs }] : []
      })
      await jobs.bulkWrite(
        picks.map(({ ids, leaseMs }) => ({
          updateMany: { filter: { _id: { $in: ids }, ...isDue }, update: take({ lease, holder, leaseMs }) },
        })),
      )
      const ids = picks.flatMap((pick) => pick.ids)
      const rows = await jobs.find({ _id: { $in: ids }, lease }, { maxTimeMS }).toArray()
      rows.sort((a, b) => a.lane - b.lane || a.runAt.getTime() - b.runAt.getTime())
      return { rows, wasDue: true }
    },

    /** Lengthens leases. @returns those that somebody else has taken over */
    async renew<T extends Claim & { leaseMs: number }>(held: T[]): Promise<T[]> {
      if (held.length === 0) return []
      const groups = [...Map.groupBy(held, ({ leaseMs }) => leaseMs)]
      const operations = groups.flatMap(([leaseMs, claims]) =>
        mineOf(claims).map((filter) => ({
          updateMany: { filter, update: [{ $set: { leaseEndsAt: { $add: ['$$NOW', leaseMs] } } }] },
        })),
      )
      const { matchedCount } = await jobs.bulkWrite(operations)
      if (matchedCount === held.length) return []
      const rows = await jobs
        .find({ _id: { $in: held.map(({ _id }) => _id) }, state: 'running' }, { maxTimeMS })
        .toArray()
      const fences = new Map(rows.map(({ _id, fence }) => [_id, fence]))
      return held.filter(({ _id, fence }) => fences.get(_id) !== fence)
    },

    /** Whether a claim still holds, by the database's clock. */
    async isMine({ _id, fence }: Claim): Promise<boolean> {
      const isAlive = { $expr: { $gt: ['$leaseEndsAt', '$$NOW'] } }
      const found = await jobs.findOne(
        { _id, fence, state: 'running', ...isAlive },
        { projection: { _id: 1 }, maxTimeMS },
      )
      return found !== null
    },

    /** Writes down what became of claimed jobs. @returns how many still were ours */
    async settle(claims: Claim[], outcome: Outcome): Promise<number> {
      if (claims.length === 0) return 0
      const operations = mineOf(claims).flatMap((mine) => settle(mine, outcome))
      const { deletedCount, matchedCount } = await jobs.bulkWrite(operations)
      return deletedCount + matchedCount
    },

    /** Lets jobs wait again that this holder has taken and not settled; it costs them no try. */
    async giveBack(holder: string, now: Date): Promise<void> {
      // Every one that runs has an end of its lease: that is the index which holds the running ones alone.
      const isHis = { state: 'running' as const, holder, leaseEndsAt: { $gt: new Date(0) } }
      await jobs.updateMany(isHis, takeAway(now, { triesBack: 1 }))
    },

    /** Lets jobs wait again whose lease is over by the database's clock. @returns how many */
    async rescue(now: Date): Promise<number> {
      const isOver = { state: 'running' as const, $expr: { $lte: ['$leaseEndsAt', '$$NOW'] } }
      return (await jobs.updateMany(isOver, takeAway(now))).modifiedCount
    },

    /** Given up jobs, the newest first, without their payload. @param before the last one of the page before */
    async listDead(limit: number, before?: { _id: string; at: Date }): Promise<DeadJob[]> {
      const at = before?.at
      const older = before && [{ 'failure.at': { $lt: at } }, { 'failure.at': at, _id: { $lt: before._id } }]
      return jobs
        .find({ state: 'dead', ...(older && { $or: older }) }, { maxTimeMS })
        .project<DeadJob>({ name: 1, key: 1, tries: 1, enqueuedAt: 1, failure: 1 })
        .sort({ 'failure.at': -1, _id: -1 })
        .limit(limit)
        .toArray()
    },

    /** @returns false when there is no such dead job */
    async retryDead(_id: string, now: Date): Promise<boolean> {
      const update = { $set: { state: 'waiting' as const, runAt: now, tries: 0 }, $unset: { expiresAt: true as const } }
      return (await jobs.updateOne({ _id, state: 'dead' }, update)).modifiedCount === 1
    },

    sweep: async (now: Date): Promise<number> => (await jobs.deleteMany({ expiresAt: { $lte: now } })).deletedCount,

    /** How many of each name are in each state, and since when the oldest waiting one is or will be due. */
    count: (names: string[]) =>
      jobs
        .aggregate<{ _id: Pick<JobRow, 'name' | 'state'>; count: number; oldestRunAt: Date }>(
          [
            { $match: { name: { $in: names }, state: { $in: ['waiting', 'running', 'dead'] } } },
            {
              $group: { _id: { name: '$name', state: '$state' }, count: { $sum: 1 }, oldestRunAt: { $min: '$runAt' } },
            },
          ],
          { maxTimeMS },
        )
        .toArray(),
  }
}

export type JobRepository = ReturnType<typeof createJobRepository>

const before = { returnDocument: 'before', projection: { state: 1 } } as const

const toRow = (_id: string, { name, key, payload, lane, runAt }: NewJob, enqueuedAt: Date): JobRow => ({
  _id,
  name,
  ...(key !== undefined && { key }),
  state: 'waiting',
  payload,
  lane,
  runAt,
  tries: 0,
  fence: 0,
  enqueuedAt,
})

/** Jobs of one claim share a fence, so this is one filter for each claim, not for each job. */
const mineOf = (claims: Claim[]) =>
  [...Map.groupBy(claims, ({ fence }) => fence)].map(([fence, some]) => ({
    _id: { $in: some.map(({ _id }) => _id) },
    fence,
    state: 'running' as const,
  }))
