import type { SegmentGroup } from '@guidebar/contracts'
import type { Connection } from 'mongoose'

import { isDuplicateKey } from '../../platform/duplicate-key.ts'
import { segmentModel, type Segment } from './segment.model.ts'

type Words = { name: string; definition: SegmentGroup; changedBy: string; changedAt: Date }
const mostListed = 500

export function createSegmentRepository(db: Connection) {
  const segments = segmentModel(db)
  return {
    find: (corpId: string, segmentId: string): Promise<Segment | null> =>
      segments.findOne({ _id: segmentId, corpId }).lean<Segment>().exec(),

    list: (corpId: string): Promise<Segment[]> =>
      segments.find({ corpId }).sort({ name: 1 }).limit(mostListed).lean<Segment[]>().exec(),

    /** @returns null when the name is taken */
    async create(corpId: string, words: Words & { ofCorp: boolean }): Promise<Segment | null> {
      try {
        const made = await segments.create({ corpId, ...words, version: 1, createdBy: words.changedBy })
        return made.toObject()
      } catch (error) {
        if (isDuplicateKey(error)) return null
        throw error
      }
    },

    /** @returns `taken`: the name is another's · `stale`: somebody was faster */
    async change(
      corpId: string,
      segmentId: string,
      version: number,
      words: Words,
    ): Promise<Segment | 'taken' | 'stale'> {
      try {
        const changed = await segments
          .findOneAndUpdate(
            { _id: segmentId, corpId, version },
            { $set: words, $inc: { version: 1 } },
            { returnDocument: 'after' },
          )
          .lean<Segment>()
          .exec()
        return changed ?? 'stale'
      } catch (error) {
        if (isDuplicateKey(error)) return 'taken'
        throw error
      }
    },

    remove: async (corpId: string, segmentId: string): Promise<void> => {
      await segments.deleteOne({ _id: segmentId, corpId })
    },
  }
}

export type SegmentRepository = ReturnType<typeof createSegmentRepository>
