import { trusted, type Connection } from 'mongoose'

import { isDuplicateKey } from '../../platform/duplicate-key.ts'
import { tagLibraryModel, type TagLibraryRecord } from './tag-library.model.ts'

export function createTagLibraryRepository(db: Connection) {
  const libraries = tagLibraryModel(db)

  return {
    find: (corpId: string): Promise<TagLibraryRecord | null> =>
      libraries.findById(corpId).lean<TagLibraryRecord>().exec(),

    async findVersion(corpId: string): Promise<string | null> {
      const row = await libraries.findById(corpId, { version: 1 }).lean<{ version: string }>().exec()
      return row?.version ?? null
    },

    /** Stores a library unless a later read is stored already. */
    async save(library: Omit<TagLibraryRecord, '_id'>): Promise<void> {
      const { corpId, readBeganAt } = library
      try {
        await libraries
          .updateOne({ _id: corpId, readBeganAt: trusted({ $lte: readBeganAt }) }, { $set: library }, { upsert: true })
          .exec()
      } catch (error) {
        // The upsert found the corp's document to be newer and tried to make a second one.
        if (!isDuplicateKey(error)) throw error
      }
    },
  }
}

export type TagLibraryRepository = ReturnType<typeof createTagLibraryRepository>
