import { trusted, type Connection } from 'mongoose'

import { isDuplicateKey } from '../../platform/duplicate-key.ts'
import { customerExportModel, exportPartModel, type CustomerExport } from './customer-export.model.ts'

const partId = (exportId: string, part: number) => `${exportId}/${String(part).padStart(6, '0')}`
const ofExport = (exportId: string) => trusted({ $gte: `${exportId}/`, $lt: `${exportId}0` })

export function createCustomerExportRepository(db: Connection) {
  const exports = customerExportModel(db)
  const parts = exportPartModel(db)
  return {
    /** What `ctx.guardedUpdate` writes to. */
    target: exports.collection,

    /** @returns the export of this intent, made now or before */
    async beginOnce(wanted: Omit<CustomerExport, '_id'>): Promise<CustomerExport> {
      const { corpId, createdBy, key } = wanted
      try {
        return (await exports.create(wanted)).toObject()
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
        const known = await exports.findOne({ corpId, createdBy, key }).lean<CustomerExport>().exec()
        if (!known) throw error
        return known
      }
    },

    find: (exportId: string): Promise<CustomerExport | null> =>
      exports.findById(exportId).lean<CustomerExport>().exec(),

    listOwn: (corpId: string, createdBy: string, limit: number): Promise<CustomerExport[]> =>
      exports.find({ corpId, createdBy }).sort({ startedAt: -1 }).limit(limit).lean<CustomerExport[]>().exec(),

    /** The latest uses of segments. */
    usesOf: (corpId: string, segmentIds: string[]): Promise<CustomerExport[]> =>
      exports
        .find({ corpId, segmentId: trusted({ $in: segmentIds }) })
        .sort({ startedAt: -1 })
        .limit(200)
        .lean<CustomerExport[]>()
        .exec(),

    /** The same part again takes the place of the one before. */
    async savePart(exportId: string, part: number, text: string): Promise<void> {
      await parts.updateOne({ _id: partId(exportId, part) }, { $set: { exportId, text } }, { upsert: true })
    },

    /** The file's pieces in their order. @param count as the export says: what a failed try left behind is not in it */
    async *readParts(exportId: string, count: number): AsyncGenerator<string> {
      for (let part = 0; part < count; part++) {
        const found = await parts.findById(partId(exportId, part)).lean<{ text: string }>().exec()
        if (!found) throw new Error('a part of the export is missing')
        yield found.text
      }
    },

    /** Takes away files that have expired; that there was one stays known. */
    async sweep(now: Date): Promise<number> {
      const over = await exports
        .find({ expiresAt: trusted({ $lte: now }), parts: trusted({ $gt: 0 }) }, { _id: 1 })
        .limit(1_000)
        .lean<CustomerExport[]>()
        .exec()
      for (const { _id } of over) {
        await parts.deleteMany({ _id: ofExport(_id.toHexString()) })
        await exports.updateOne({ _id }, { $set: { parts: 0 } })
      }
      return over.length
    },
  }
}

export type CustomerExportRepository = ReturnType<typeof createCustomerExportRepository>
