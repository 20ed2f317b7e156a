import { type Connection, trusted } from 'mongoose'

import { isDuplicateKey } from '../../platform/duplicate-key.ts'
import { idempotencyModel, type IdempotencyRow } from './idempotency.model.ts'

export type IdempotencyRepository = ReturnType<typeof createIdempotencyRepository>

export function createIdempotencyRepository(db: Connection) {
  const keys = idempotencyModel(db)
  return {
    find: (id: string): Promise<IdempotencyRow | null> => keys.findById(id).lean<IdempotencyRow>().exec(),

    /** @returns false when the key is in use */
    async insertOnce(row: IdempotencyRow): Promise<boolean> {
      try {
        await keys.create(row)
        return true
      } catch (error) {
        if (isDuplicateKey(error)) return false
        throw error
      }
    },

    /** Puts `row` in the place of the one seen, unless somebody else did so first. */
    async replace(seen: Pick<IdempotencyRow, '_id' | 'holder'>, row: IdempotencyRow): Promise<boolean> {
      const { bodyHash, holder, leaseUntil, answer, createdAt } = row
      const change = { bodyHash, holder, leaseUntil, answer, createdAt }
      const result = await keys.updateOne({ _id: seen._id, holder: seen.holder }, { $set: change })
      return result.matchedCount === 1
    },

    async finish(id: string, holder: string, answer: IdempotencyRow['answer']): Promise<void> {
      await keys.updateOne({ _id: id, holder }, { $set: { answer } })
    },

    async release(id: string, holder: string): Promise<void> {
      await keys.deleteOne({ _id: id, holder, answer: null })
    },

    async removeOld(before: Date): Promise<number> {
      return (await keys.deleteMany({ createdAt: trusted({ $lt: before }) })).deletedCount
    },
  }
}
