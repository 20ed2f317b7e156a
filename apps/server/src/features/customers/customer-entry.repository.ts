import type { Connection, mongo } from 'mongoose'

import { insertNew } from '../../platform/insert-new.ts'
import { customerEntryModel, type CustomerEntry } from './customer-entry.model.ts'

type Operations = mongo.AnyBulkWriteOperation<CustomerEntry>[]

/** Writing of entries. */
export function createEntryRepository(db: Connection) {
  const entries = customerEntryModel(db).collection as unknown as mongo.Collection<CustomerEntry>

  return {
    /**
     * Makes the entries of these customers be as given; who is not among `wanted` has none afterwards.
     * @returns how many differed
     */
    async replace(ids: string[], wanted: CustomerEntry[]): Promise<number> {
      if (ids.length === 0) return 0
      const stored = await entries.find({ _id: { $in: ids } }, { projection: { contentHash: 1 } }).toArray()
      const hashOf = new Map(stored.map(({ _id, contentHash }) => [_id, contentHash]))
      const differing = wanted.filter(({ _id, contentHash }) => hashOf.get(_id) !== contentHash)
      const kept = new Set(wanted.map(({ _id }) => _id))
      const gone = [...hashOf.keys()].filter((id) => !kept.has(id))

      // New ones go in together: asking for each whether it is there takes longer than writing it.
      const fresh = differing.filter(({ _id }) => !hashOf.has(_id))
      const metOther = await insertNew(db, entries.collectionName, fresh)
      const operations: Operations = [...differing.filter(({ _id }) => hashOf.has(_id)), ...metOther].map((entry) => ({
        replaceOne: { filter: { _id: entry._id }, replacement: entry, upsert: true },
      }))
      if (gone.length > 0) operations.push({ deleteMany: { filter: { _id: { $in: gone } } } })
      // Worked out anew at any time, so a crash of the database may cost the last of them.
      if (operations.length > 0)
        await entries.bulkWrite(operations, { ordered: false, writeConcern: { w: 'majority', j: false } })
      return differing.length + gone.length
    },

    /** Keys of stored entries between two customers, the first not included. */
    async idsBetween(corpId: string, after: string, upTo: string | null): Promise<string[]> {
      const end = upTo === null ? { $lt: `${corpId}0` } : { $lte: `${corpId}/${upTo}` }
      const rows = await entries
        .find({ _id: { $gt: `${corpId}/${after}`, ...end } }, { projection: { _id: 1 } })
        .toArray()
      return rows.map(({ _id }) => _id)
    },
  }
}

export type EntryRepository = ReturnType<typeof createEntryRepository>
