import type { BatchPhase } from '@guidebar/contracts'
import { trusted, type Connection, type mongo, type QueryFilter, type Types } from 'mongoose'

import { isDuplicateKey } from '../../platform/duplicate-key.ts'
import { tagBatchModel, tagBatchRowModel, type TagBatch, type TagBatchRow } from './tag-batch.model.ts'

export type RowState = TagBatchRow['state']
export type RowCounts = Record<RowState, number>
type Place = { startedAt: Date; id: string }

const states: RowState[] = ['waiting', 'changed', 'same', 'failed']

export function createTagBatchRepository(db: Connection) {
  const batches = tagBatchModel(db)
  const rows = tagBatchRowModel(db)
  const plainBatches = batches.collection as unknown as mongo.Collection<TagBatch>
  const plainRows = rows.collection as unknown as mongo.Collection<TagBatchRow>

  return {
    /** What `ctx.guardedUpdate` writes to. */
    target: batches.collection,

    /** @returns the batch of this intent, made now or before */
    async beginOnce(batch: Omit<TagBatch, '_id'>): Promise<TagBatch> {
      const { corpId, createdBy, key } = batch
      try {
        return (await batches.create(batch)).toObject()
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
        const known = await batches.findOne({ corpId, createdBy, key }).lean<TagBatch>().exec()
        if (!known) throw error
        return known
      }
    },

    find: (batchId: string): Promise<TagBatch | null> => batches.findById(batchId).lean<TagBatch>().exec(),

    /** Newest first. @param createdBy only this member's */
    list: (
      { corpId, createdBy }: { corpId: string; createdBy?: string },
      { before, limit }: { before: Place | null; limit: number },
    ): Promise<TagBatch[]> =>
      batches
        .find({
          corpId,
          ...(createdBy !== undefined && { createdBy }),
          ...(before && {
            $or: [
              { startedAt: trusted({ $lt: before.startedAt }) },
              { startedAt: before.startedAt, _id: trusted({ $lt: before.id }) },
            ],
          }),
        } as QueryFilter<TagBatch>)
        .sort({ startedAt: -1, _id: -1 })
        .limit(limit)
        .lean<TagBatch[]>()
        .exec(),

    /** The latest uses of segments. */
    usesOf: (corpId: string, segmentIds: string[]): Promise<TagBatch[]> =>
      batches
        .find({ corpId, segmentId: trusted({ $in: segmentIds }) })
        .sort({ startedAt: -1 })
        .limit(200)
        .lean<TagBatch[]>()
        .exec(),

    /** Ends a batch that is under way. @returns whether it was */
    async stop(_id: Types.ObjectId, finishedAt: Date): Promise<boolean> {
      const underWay = { _id, phase: { $in: ['collecting', 'tagging'] as BatchPhase[] } }
      const set = { phase: 'stopped' as const, finishedAt }
      return (await plainBatches.updateOne(underWay, { $set: set })).modifiedCount === 1
    },

    async noteUndone(_id: Types.ObjectId, undoneBy: string): Promise<void> {
      await batches.updateOne({ _id }, { $set: { undoneBy } })
    },

    /** Keeps rows once; one that is there stays as it is. */
    async addRows(some: TagBatchRow[]): Promise<void> {
      if (some.length === 0) return
      const operations = some.map(({ _id, ...row }) => ({
        updateOne: { filter: { _id }, update: { $setOnInsert: row }, upsert: true },
      }))
      await plainRows.bulkWrite(operations, { ordered: false })
    },

    nextWaiting: (batchId: string, limit: number): Promise<TagBatchRow[]> =>
      plainRows.find({ batchId, state: 'waiting' }).sort({ _id: 1 }).limit(limit).toArray(),

    /** In the order of their keys. */
    listRows: (
      batchId: string,
      { state, after, limit }: { state?: RowState; after: string | null; limit: number },
    ): Promise<TagBatchRow[]> =>
      plainRows
        .find({ batchId, state: state ?? { $in: states }, ...(after !== null && { _id: { $gt: after } }) })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),

    async endRow(_id: string, state: 'changed' | 'failed', code = ''): Promise<void> {
      await plainRows.updateOne({ _id, state: 'waiting' }, { $set: { state, code } })
    },

    async countRows(batchId: string): Promise<RowCounts> {
      const counts = await Promise.all(states.map((state) => plainRows.countDocuments({ batchId, state })))
      return { waiting: counts[0]!, changed: counts[1]!, same: counts[2]!, failed: counts[3]! }
    },
  }
}

export type TagBatchRepository = ReturnType<typeof createTagBatchRepository>
