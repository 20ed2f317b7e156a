import { randomBytes } from 'node:crypto'

import { type Connection, Schema, trusted } from 'mongoose'

const libraryStampSchema = new Schema(
  {
    /** Name of the library, corp included. */
    _id: { type: String, required: true },
    stamp: { type: String, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)

const libraryStampModel = (db: Connection) => db.model('LibraryStamp', libraryStampSchema)

export type LibraryStamps = ReturnType<typeof createLibraryStamps>

/**
 * A mark for each list that many read and few change (replies, cards): whoever keeps a copy asks with one small read
 * whether it still holds. Random and not counted, so that writers need not agree on an order.
 */
export function createLibraryStamps(db: Connection) {
  const stamps = libraryStampModel(db)

  const touch = (library: string) =>
    stamps
      .updateOne({ _id: library }, { $set: { stamp: randomBytes(9).toString('base64url') } }, { upsert: true })
      .exec()

  return {
    /** Marks of the libraries, in the order asked for. */
    async read(libraries: string[]): Promise<string[]> {
      const rows = await stamps.find({ _id: trusted({ $in: libraries }) }).lean()
      const byId = new Map(rows.map((row) => [row._id, row.stamp]))
      return libraries.map((library) => byId.get(library) ?? '')
    },

    /**
     * Runs a write that changes the library. The mark changes before and after: a copy made in between does not last,
     * and when the process dies in between, copies made before are not taken for current.
     */
    async changing<T>(library: string, write: () => Promise<T>): Promise<T> {
      await touch(library)
      try {
        return await write()
      } finally {
        // After a failure as well: a write that was not acknowledged may still have happened.
        await touch(library)
      }
    },
  }
}
