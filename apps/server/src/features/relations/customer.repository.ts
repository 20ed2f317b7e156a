import { trusted, type Connection, type mongo } from 'mongoose'

import { customerModel, type Customer } from './customer.model.ts'
import { insertNew } from '../../platform/insert-new.ts'

export function createCustomerRepository(db: Connection) {
  const customers = customerModel(db)

  const findHashes = async (ids: string[]) => {
    const stored = await customers.collection
      .find({ _id: { $in: ids } as never }, { projection: { contentHash: 1 }, batchSize: ids.length + 1 })
      .toArray()
    return new Map(stored.map(({ _id, contentHash }) => [String(_id), String(contentHash)]))
  }

  async function update(rows: Customer[]): Promise<void> {
    if (rows.length === 0) return
    const operations = rows.map(({ _id, ...content }) => ({
      updateOne: { filter: { _id, readBeganAt: { $lte: content.readBeganAt } }, update: { $set: content } },
    }))
    await customers.collection.bulkWrite(operations as unknown as mongo.AnyBulkWriteOperation[], { ordered: false })
  }

  return {
    /** The key begins with the corp, and `0` is the sign after `/`. */
    count: (corpId: string): Promise<number> =>
      customers
        .countDocuments({ _id: trusted({ $gte: `${corpId}/`, $lt: `${corpId}0` }) })
        .maxTimeMS(30_000)
        .exec(),

    /** Stores customers unless the stored one is equal or was read later. */
    async save(read: Customer[]): Promise<void> {
      if (read.length === 0) return
      const rows = [...new Map(read.map((row) => [row._id, row])).values()]
      // Looked up first: one key that is taken makes the database insert all others one by one.
      const hashes = await findHashes(rows.map(({ _id }) => _id))
      const late = await insertNew(
        db,
        customers.collection.collectionName,
        rows.filter(({ _id }) => !hashes.has(_id)),
      )
      const differing = rows.filter(({ _id, contentHash }) => hashes.has(_id) && hashes.get(_id) !== contentHash)
      await update([...late, ...differing])
    },
  }
}

export type CustomerRepository = ReturnType<typeof createCustomerRepository>
