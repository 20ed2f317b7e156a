import type { SyncChanges, SyncKind } from '@guidebar/contracts'
import { trusted, type Connection, type mongo, type Types } from 'mongoose'

import { isDuplicateKey } from '../../platform/duplicate-key.ts'
import { syncListModel, type SyncList } from './sync-list.model.ts'
import { syncRunModel, type DryFindings, type SyncRun, type SyncStep } from './sync-run.model.ts'

/** Proof that this process leads the run: goes with every write about it. */
export type SyncClaim = Pick<SyncRun, '_id' | 'corpId' | 'kind' | 'fence' | 'step' | 'startedAt' | 'withDirectory'>

export type SyncFigures = Pick<SyncRun, 'step' | 'done' | 'total' | 'perSec' | 'etaSec'>
export type ListProgress = Partial<Pick<SyncList, 'cursor' | 'page' | 'seen' | 'isDone' | 'beganAt' | 'unlicensed'>>

/** Another process has taken over. */
export class SyncClaimLost extends Error {
  override readonly name = 'SyncClaimLost'
}

export const noChanges: SyncChanges = { read: 0, added: 0, changed: 0, restored: 0, missing: 0 }

const longAgo = new Date(0)
const batchSize = 500
const keptMs = 30 * 24 * 3_600_000

export function createSyncRepository(db: Connection) {
  const runs = syncRunModel(db)
  const lists = syncListModel(db)
  const isMine = ({ _id, fence }: SyncClaim) => ({ _id, fence, isOpen: true })

  async function writeRun(claim: SyncClaim, update: Partial<SyncRun>): Promise<void> {
    const { matchedCount } = await runs.updateOne(isMine(claim), { $set: update }).exec()
    if (matchedCount === 0) throw new SyncClaimLost()
  }

  async function addLists(rows: SyncList[]): Promise<void> {
    for (let from = 0; from < rows.length; from += batchSize) await lists.insertMany(rows.slice(from, from + batchSize))
  }

  return {
    /** @param kinds any unless given */
    findLatest: (corpId: string, kinds?: SyncKind[]): Promise<SyncRun | null> =>
      runs
        .findOne({ corpId, ...(kinds && { kind: trusted({ $in: kinds }) }) })
        .sort({ startedAt: -1 })
        .lean<SyncRun>()
        .exec(),

    /** The newest run that ended well and holds what is asked for. */
    findLastGood: (corpId: string, wanted: Partial<Pick<SyncRun, 'kind' | 'withDirectory'>>): Promise<SyncRun | null> =>
      runs
        .findOne({ corpId, isOpen: false, error: null, ...wanted })
        .sort({ startedAt: -1 })
        .lean<SyncRun>()
        .exec(),

    findOpen: (corpId: string): Promise<SyncRun | null> =>
      runs.findOne({ corpId, isOpen: true }).lean<SyncRun>().exec(),

    /** @returns false when a run of this corp is open already */
    async open(
      corpId: string,
      { kind, withDirectory, startedAt }: Pick<SyncRun, 'kind' | 'withDirectory' | 'startedAt'>,
    ): Promise<boolean> {
      try {
        await runs.create({
          corpId,
          kind,
          isOpen: true,
          step: 'directory',
          withDirectory,
          again: false,
          done: 0,
          total: null,
          perSec: 0,
          etaSec: null,
          changes: noChanges,
          dry: null,
          startedAt,
          finishedAt: null,
          error: null,
          leaseEndsAt: longAgo,
          fence: 0,
          workers: [],
        })
        return true
      } catch (error) {
        if (isDuplicateKey(error)) return false
        throw error
      }
    },

    /** Lets a failed run go on where it stopped. */
    async reopen(_id: Types.ObjectId): Promise<void> {
      await runs
        .updateOne(
          { _id, isOpen: false },
          { $set: { isOpen: true, error: null, finishedAt: null, leaseEndsAt: longAgo } },
        )
        .exec()
    },

    /** @returns whether a run is open, which then is followed by a full one */
    async wantAgain(corpId: string): Promise<boolean> {
      const { matchedCount } = await runs.updateOne({ corpId, isOpen: true }, { $set: { again: true } }).exec()
      return matchedCount > 0
    },

    /** Takes the lead of the open run if nobody has it. Time is the database's own, so no two clocks have to agree. */
    async claim(corpId: string, leaseMs: number): Promise<SyncClaim | null> {
      const run = await runs.collection.findOneAndUpdate(
        { corpId, isOpen: true, $expr: { $lt: ['$leaseEndsAt', '$$NOW'] } },
        [{ $set: { leaseEndsAt: { $add: ['$$NOW', leaseMs] }, fence: { $add: ['$fence', 1] } } }],
        { returnDocument: 'after' },
      )
      return run as unknown as SyncClaim | null
    },

    /** @throws SyncClaimLost */
    async renew(claim: SyncClaim, leaseMs: number): Promise<void> {
      const { matchedCount } = await runs.collection.updateOne(isMine(claim), [
        { $set: { leaseEndsAt: { $add: ['$$NOW', leaseMs] } } },
      ])
      if (matchedCount === 0) throw new SyncClaimLost()
    },

    /** Gives the lead back, for whoever comes next. */
    async release(claim: SyncClaim): Promise<void> {
      await runs.updateOne(isMine(claim), { $set: { leaseEndsAt: longAgo } }).exec()
    },

    /** @throws SyncClaimLost */
    report: (claim: SyncClaim, figures: SyncFigures): Promise<void> => writeRun(claim, figures),

    /** @throws SyncClaimLost */
    async advance(claim: SyncClaim, step: SyncStep): Promise<SyncClaim> {
      await writeRun(claim, { step, done: 0, total: null, perSec: 0, etaSec: null })
      return { ...claim, step }
    },

    /** @param error null when all went well @throws SyncClaimLost */
    async finish(claim: SyncClaim, finishedAt: Date, error: string | null): Promise<void> {
      await writeRun(claim, { isOpen: false, finishedAt, error, etaSec: null, workers: [] })
      if (error !== null) return
      await lists.deleteMany({ runId: claim._id }).exec()
      const before = new Date(finishedAt.getTime() - keptMs)
      await runs.deleteMany({ corpId: claim.corpId, startedAt: trusted({ $lt: before }), isOpen: false }).exec()
    },

    /** Ends a run that this process does not lead; whoever leads it notices. */
    async fail(_id: Types.ObjectId, finishedAt: Date, error: string): Promise<void> {
      await runs.updateOne({ _id, isOpen: true }, { $set: { isOpen: false, finishedAt, error, etaSec: null } }).exec()
    },

    /** Only figures: what a killed process did not report is not counted. */
    async addChanges(_id: Types.ObjectId, more: SyncChanges): Promise<void> {
      const steps = Object.entries(more).map(([name, count]) => [`changes.${name}`, count])
      await runs.collection.updateOne({ _id: _id as never }, { $inc: Object.fromEntries(steps) })
    },

    /** Adds to what a dry run found; each list holds a hundred at most. */
    async addFindings(_id: Types.ObjectId, { sample, suspicious, ...rest }: Partial<DryFindings>): Promise<void> {
      const push = (rows: unknown[]) => ({ $each: rows, $slice: 100 })
      const fields = Object.entries(rest).map(([name, value]) => [`dry.${name}`, value])
      const update = {
        ...(fields.length > 0 && { $set: Object.fromEntries(fields) }),
        $push: { 'dry.sample': push(sample ?? []), 'dry.suspicious': push(suspicious ?? []) },
      }
      await runs.collection.updateOne({ _id: _id as never }, update as never)
    },

    async beginFindings(_id: Types.ObjectId): Promise<void> {
      const none: DryFindings = {
        directory: { added: 0, changed: 0, missing: 0 },
        tagsDiffer: false,
        sample: [],
        suspicious: [],
      }
      await runs.updateOne({ _id, dry: null }, { $set: { dry: none } }).exec()
    },

    /**
     * Says that this process reads lists of a run, and lengthens its leases on them.
     * @returns how many processes do; 0 when the run is over
     */
    async beat({ _id }: { _id: Types.ObjectId }, holder: string, leaseMs: number): Promise<number> {
      const alive = { $gt: ['$$this.seenAt', { $subtract: ['$$NOW', leaseMs] }] }
      const others = {
        $filter: { input: '$workers', cond: { $and: [alive, { $ne: ['$$this.holder', holder] }] } },
      }
      const run = await runs.collection.findOneAndUpdate(
        { _id: _id as never, isOpen: true },
        [{ $set: { workers: { $concatArrays: [others, [{ holder, seenAt: '$$NOW' }]] } } }],
        { returnDocument: 'after', projection: { workers: 1 } },
      )
      if (!run) return 0
      await lists.collection.updateMany({ runId: _id, isDone: false, holder }, [
        { $set: { leaseEndsAt: { $add: ['$$NOW', leaseMs] } } },
      ])
      return (run['workers'] as unknown[]).length
    },

    /** This process reads no more of it. */
    async leave({ _id }: { _id: Types.ObjectId }, holder: string): Promise<void> {
      await lists.updateMany({ runId: _id, isDone: false, holder }, { $set: { leaseEndsAt: longAgo } }).exec()
      await runs.collection.updateOne({ _id: _id as never }, { $pull: { workers: { holder } } as never })
    },

    /** Lays down the lists of a run, in place of those that interrupted attempts and failed runs may have left. */
    async replaceLists(
      { _id: runId, corpId }: SyncClaim,
      groups: { userIds: string[]; mode: SyncList['mode'] }[],
    ): Promise<void> {
      await lists.deleteMany({ corpId }).exec()
      await addLists(groups.map((group, index) => toList({ runId, corpId, ...group, name: String(index) })))
    },

    /** Takes one list of a run that nobody reads. */
    async takeList({ _id: runId }: { _id: Types.ObjectId }, holder: string, leaseMs: number): Promise<SyncList | null> {
      const list = await lists.collection.findOneAndUpdate(
        { runId, isDone: false, $expr: { $lt: ['$leaseEndsAt', '$$NOW'] } },
        [{ $set: { holder, leaseEndsAt: { $add: ['$$NOW', leaseMs] }, fence: { $add: ['$fence', 1] } } }],
        { returnDocument: 'after', sort: { leaseEndsAt: 1 } },
      )
      return list as unknown as SyncList | null
    },

    /** Gives a list back after a page, so that another process can go on with it. */
    async releaseList({ _id, fence }: SyncList): Promise<void> {
      await lists.updateOne({ _id, fence }, { $set: { holder: null, leaseEndsAt: new Date(1) } }).exec()
    },

    /** How far a run's lists are. */
    async countLists({ _id: runId }: { _id: Types.ObjectId }): Promise<{ all: number; done: number; rows: number }> {
      const [counts] = await lists.collection
        .aggregate<{ all: number; done: number; rows: number }>([
          { $match: { runId } },
          {
            $group: {
              _id: null,
              all: { $sum: 1 },
              done: { $sum: { $cond: ['$isDone', 1, 0] } },
              rows: { $sum: { $sum: '$seen' } },
            },
          },
        ])
        .toArray()
      return counts ?? { all: 0, done: 0, rows: 0 }
    },

    /** @throws SyncClaimLost */
    async saveList({ _id, fence }: SyncList, progress: ListProgress): Promise<void> {
      const { matchedCount } = await lists.collection.updateOne({ _id: _id as never, fence }, { $set: progress })
      if (matchedCount === 0) throw new SyncClaimLost()
    },

    /** As `saveList`, for many in one write. @returns those that another process has taken over */
    async saveLists(saves: { list: SyncList; progress: ListProgress }[]): Promise<Set<string>> {
      const operations = saves.map(({ list: { _id, fence }, progress }) => ({
        updateOne: { filter: { _id, fence }, update: { $set: progress } },
      }))
      const { matchedCount } = await lists.collection.bulkWrite(
        operations as unknown as mongo.AnyBulkWriteOperation[],
        // Without a wait for the journal of a single server: it keeps the order, so a place that survives its death
        // never lies behind a page that does not, and a place that is lost costs that page once more.
        { ordered: false, writeConcern: { w: 'majority' } },
      )
      if (matchedCount === saves.length) return new Set()
      const ids = saves.map(({ list }) => list._id)
      const rows = await lists
        .find({ _id: trusted({ $in: ids }) }, { fence: 1 })
        .lean<{ _id: string; fence: number }[]>()
        .exec()
      const fences = new Map(rows.map(({ _id, fence }) => [_id, fence]))
      return new Set(saves.filter(({ list }) => fences.get(list._id) !== list.fence).map(({ list }) => list._id))
    },

    /** One list for each guide of it, so that one guide whom WeCom refuses does not stop the others. */
    async splitList(list: SyncList): Promise<void> {
      await this.addContentLists(list, list.userIds)
      await this.saveList(list, { isDone: true, seen: list.seen.map(() => 0) })
    },

    /** Lists of one guide each beside the ones of the run; safe to repeat. */
    async addContentLists({ _id, runId, corpId }: SyncList, userIds: string[]): Promise<void> {
      const rows = userIds.map((userId) =>
        toList({ runId, corpId, userIds: [userId], mode: 'content', name: `${_id.split('/')[1]}-${userId}` }),
      )
      await lists.deleteMany({ _id: trusted({ $in: rows.map((row) => row._id) }) }).exec()
      await addLists(rows)
    },
  }
}

export type SyncRepository = ReturnType<typeof createSyncRepository>

type NewList = Pick<SyncList, 'runId' | 'corpId' | 'userIds' | 'mode'> & { name: string }

function toList({ name, ...list }: NewList): SyncList {
  return {
    _id: `${String(list.runId)}/${name}`,
    ...list,
    seen: list.mode === 'content' ? list.userIds.map(() => 0) : [],
    cursor: null,
    page: 0,
    unlicensed: [],
    isDone: false,
    beganAt: null,
    holder: null,
    leaseEndsAt: longAgo,
    fence: 0,
  }
}
