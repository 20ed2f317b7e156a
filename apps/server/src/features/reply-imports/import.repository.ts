import type { ImportMapping, ImportState, ImportVerdict } from '@guidebar/contracts'
import { trusted, type Connection, type Types } from 'mongoose'

import { importModel, importRowModel, type ImportRow, type ReplyImport, type RowOutcome } from './import.model.ts'

const atOnce = 1_000
type Judged = Pick<ImportRow, '_id' | 'verdict' | 'faults' | 'content' | 'expiresOn' | 'storeId' | 'itemId'>

export function createImportRepository(db: Connection) {
  const imports = importModel(db)
  const rows = importRowModel(db)

  return {
    async insert(one: ReplyImport, some: Pick<ImportRow, 'row' | 'cells'>[]): Promise<void> {
      const importId = one._id.toHexString()
      const { corpId } = one
      const docs = some.map(({ row, cells }): ImportRow => {
        const _id = `${importId}/${String(row).padStart(6, '0')}`
        const empty = { verdict: 'bad', content: null, expiresOn: null, storeId: '', itemId: null } as const
        return { ...empty, _id, corpId, importId, row, cells, faults: [], outcome: null }
      })
      for (let from = 0; from < docs.length; from += atOnce)
        await rows.insertMany(docs.slice(from, from + atOnce), { ordered: false, lean: true })
      // Last: an import that is there is whole.
      await imports.create(one)
    },

    find: (corpId: string, id: string): Promise<ReplyImport | null> =>
      imports.findOne({ _id: id, corpId }).lean<ReplyImport>().exec(),

    list: (corpId: string, byUserId: string | null): Promise<ReplyImport[]> =>
      imports
        .find({ corpId, ...(byUserId !== null && { byUserId }) })
        .sort({ createdAt: -1 })
        .limit(20)
        .lean<ReplyImport[]>()
        .exec(),

    /** How the same headings were mapped the last time. */
    async findMapping(corpId: string, signature: string): Promise<ImportMapping | null> {
      const done = trusted({ $in: ['committed', 'undone'] as ImportState[] })
      const last = await imports.findOne({ corpId, signature, state: done }).sort({ createdAt: -1 }).lean<ReplyImport>()
      return last?.mapping ?? null
    },

    /** @returns null when it is in none of the states any more */
    change: (
      corpId: string,
      id: string,
      from: ImportState[],
      fields: Partial<ReplyImport>,
    ): Promise<ReplyImport | null> =>
      imports
        .findOneAndUpdate(
          { _id: id, corpId, state: trusted({ $in: from }) },
          { $set: fields },
          { returnDocument: 'after' },
        )
        .lean<ReplyImport>()
        .exec(),

    async saveJudged(judged: Judged[]): Promise<void> {
      for (let from = 0; from < judged.length; from += atOnce)
        await rows.bulkWrite(
          judged.slice(from, from + atOnce).map(({ _id, ...fields }) => ({
            updateOne: { filter: { _id }, update: { $set: fields } },
          })) as never,
          { ordered: false },
        )
    },

    all: (importId: string): Promise<ImportRow[]> =>
      rows.find({ importId }).sort({ _id: 1 }).lean<ImportRow[]>().exec(),

    page: (
      importId: string,
      { verdict, after, limit }: { verdict?: ImportVerdict; after: number; limit: number },
    ): Promise<ImportRow[]> =>
      rows
        .find({ importId, row: trusted({ $gt: after }), ...(verdict && { verdict }) })
        .sort({ row: 1 })
        .limit(limit)
        .lean<ImportRow[]>()
        .exec(),

    /** The next rows that have one of these outcomes; null for those that have none yet. */
    next: (importId: string, outcomes: (RowOutcome | null)[], limit: number): Promise<ImportRow[]> =>
      rows
        .find({
          importId,
          outcome: trusted({ $in: outcomes }),
          verdict: trusted({ $in: ['create', 'update'] as ImportVerdict[] }),
        })
        .sort({ row: 1 })
        .limit(limit)
        .lean<ImportRow[]>()
        .exec(),

    async saveOutcomes(some: { _id: string; outcome: RowOutcome; itemId?: Types.ObjectId }[]): Promise<void> {
      if (some.length === 0) return
      await rows.bulkWrite(
        some.map(({ _id, ...fields }) => ({ updateOne: { filter: { _id }, update: { $set: fields } } })) as never,
        { ordered: false },
      )
    },

    async countOutcomes(importId: string): Promise<Partial<Record<RowOutcome | 'open', number>>> {
      const groups = await rows.aggregate<{ _id: RowOutcome | null; count: number }>([
        { $match: { importId, verdict: { $in: ['create', 'update'] } } },
        { $group: { _id: '$outcome', count: { $sum: 1 } } },
      ])
      return Object.fromEntries(groups.map(({ _id, count }) => [_id ?? 'open', count]))
    },
  }
}

export type ImportRepository = ReturnType<typeof createImportRepository>
