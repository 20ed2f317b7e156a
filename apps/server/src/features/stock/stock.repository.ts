import type { Connection, mongo } from 'mongoose'

import { stockModel, type Stock } from './stock.model.ts'

const mostOfStore = 10_000

export function createStockRepository(db: Connection) {
  const stock = stockModel(db)
  return {
    /** @returns how many were kept; the others had newer figures */
    async saveNewer(rows: Stock[]): Promise<number> {
      const operations = rows.flatMap(({ _id, asOf, ...row }) => [
        { updateOne: { filter: { _id }, update: { $setOnInsert: { ...row, asOf: new Date(0) } }, upsert: true } },
        { updateOne: { filter: { _id, asOf: { $lte: asOf } }, update: { $set: { quantity: row.quantity, asOf } } } },
      ])
      // In order: a row must be there before its figure is judged.
      const result = await stock.collection.bulkWrite(operations as unknown as mongo.AnyBulkWriteOperation[], {
        ordered: true,
      })
      return result.matchedCount - (rows.length - result.upsertedCount)
    },

    listBySku: (corpId: string, sku: string, limit: number): Promise<Stock[]> =>
      stock.find({ corpId, sku }).sort({ quantity: -1 }).limit(limit).lean<Stock[]>().exec(),

    find: (corpId: string, storeId: string, sku: string): Promise<Stock | null> =>
      stock.findById(`${corpId}/${storeId}/${sku}`).lean<Stock>().exec(),

    listByStore: (corpId: string, storeId: string): Promise<Stock[]> =>
      stock.find({ corpId, storeId }).limit(mostOfStore).lean<Stock[]>().exec(),
  }
}

export type StockRepository = ReturnType<typeof createStockRepository>
