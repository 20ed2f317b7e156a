import type { AnyContent, ContentFinding, WordLocale } from '@guidebar/contracts'
import { trusted, Types, type Connection, type Model } from 'mongoose'

import { isDuplicateKey } from '../duplicate-key.ts'
import { AppError } from '../errors.ts'
import type { LibraryStamps } from '../library-stamp.ts'
import {
  emptyState,
  type Audience,
  type Release,
  type ShelfLife,
  type ShelfName,
  type ShelfRow,
  type Work,
} from './shelf.fields.ts'
import { versionModel, type Version } from './version.model.ts'

/** What one kind of content tells the desk about itself. */
export type ShelfKind<Row extends ShelfRow, C extends AnyContent> = {
  name: ShelfName
  model: Model<Row>
  /** Which of the kept libraries the row is in. */
  libraryOf(corpId: string, audience: Audience): string
  lifeOf(row: Row): ShelfLife
  /** What makes a row so. */
  life: Record<ShelfLife, (at: Date) => object>
  lifeFilter: Record<ShelfLife, object>
  /** Everything that is not archived. */
  shownFilter: object
  toContent(row: Row): C
  /** The fields of the row for this content; what search needs included. */
  toFields(corpId: string, content: C): Promise<object>
  /** What would fail in a chat or at a guide's. */
  check(corpId: string, content: C, asked: { locale: WordLocale; storeId: string }): Promise<ContentFinding[]>
  summarize(content: C): { summary: string; pictureUrl: string | null }
  /** Addresses of our pictures that the content names. */
  picturesOf(content: C): Record<string, string>
}

export type ToRelease = {
  row: ShelfRow
  content: AnyContent
  expiresOn: string | null
  release: Omit<Release, 'number'>
  /** A change that is being written stays. */
  keepsWork?: boolean
}
type Place = { at: Date; id: string }

/**
 * One kind of content with its drafts and versions. What guides have stands in the row itself, so their reads know
 * nothing of drafts; every write names the `edit` it is based on.
 */
export function createShelf<Row extends ShelfRow, C extends AnyContent>(
  { db, stamps }: { db: Connection; stamps: LibraryStamps },
  kind: ShelfKind<Row, C>,
) {
  // The rows of the four kinds differ in what only their own features read.
  const rows = kind.model as unknown as Model<ShelfRow>
  const versions = versionModel(db)
  const toContent = (row: ShelfRow): AnyContent => kind.toContent(row as Row)
  const lifeOf = (row: ShelfRow) => kind.lifeOf(row as Row)
  const toFields = (corpId: string, content: AnyContent) => kind.toFields(corpId, content as C)

  /** Runs a write that changes what some audiences have. */
  async function changing<T>(some: ShelfRow[], write: () => Promise<T>): Promise<T> {
    const names = [...new Set(some.map((row) => kind.libraryOf(row.corpId, row)))]
    const run = names.reduce((inner, name) => () => stamps.changing(name, inner), write)
    return run()
  }

  /** What guides have now is on record; told again, nothing happens. */
  async function keepVersions(some: ShelfRow[]): Promise<void> {
    const live = some.filter((row) => lifeOf(row) !== 'draft')
    if (live.length === 0) return
    await versions.bulkWrite(
      live.map((row) => {
        const { _id, ...version } = toVersion(row)
        return { updateOne: { filter: { _id }, update: { $setOnInsert: version }, upsert: true } }
      }),
      { ordered: false },
    )
  }

  function toVersion(row: ShelfRow): Version {
    const itemId = row._id.toHexString()
    const { corpId, version: number, expiresOn } = row
    return {
      _id: `${itemId}/${number}`,
      corpId,
      kind: kind.name,
      itemId,
      number,
      content: toContent(row),
      expiresOn: expiresOn ?? null,
      release: row.release ?? toDirect(row),
    }
  }

  const findMany = (corpId: string, ids: string[]): Promise<ShelfRow[]> =>
    rows
      .find({ corpId, _id: trusted({ $in: ids }) })
      .lean<ShelfRow[]>()
      .exec()

  return {
    name: kind.name,
    lifeOf,
    toContent,
    summarize: (content: AnyContent) => kind.summarize(content as C),
    picturesOf: (content: AnyContent) => kind.picturesOf(content as C),
    /** @param asked the store whose content it is; empty for everybody's */
    check: (corpId: string, content: AnyContent, asked: { locale?: WordLocale; storeId?: string } = {}) =>
      kind.check(corpId, content as C, { locale: 'zh-CN', storeId: '', ...asked }),
    lifeFilter: kind.lifeFilter,
    shownFilter: kind.shownFilter,
    findMany,

    find: (corpId: string, id: string): Promise<ShelfRow | null> =>
      rows.findOne({ corpId, _id: id }).lean<ShelfRow>().exec(),

    /** Rows of a filter, the last changed first. */
    list: (filter: object, { after, limit }: { after: Place | null; limit: number }): Promise<ShelfRow[]> =>
      rows
        .find(after ? { $and: [filter, isAfter(after)] } : filter)
        .sort({ updatedAt: -1, _id: -1 })
        .limit(limit)
        .lean<ShelfRow[]>()
        .exec(),

    /** Every row of a filter with no more than a search needs, in the order of `list`. */
    listTitles: (filter: object, most: number): Promise<Pick<ShelfRow, '_id' | 'title' | 'keys' | 'updatedAt'>[]> =>
      rows
        .find(filter, { title: 1, keys: 1, shortcut: 1, sku: 1, updatedAt: 1 })
        .sort({ updatedAt: -1, _id: -1 })
        .limit(most)
        .lean<Pick<ShelfRow, '_id' | 'title' | 'keys' | 'updatedAt'>[]>()
        .exec(),

    async countFolders(filter: object): Promise<Map<string, number>> {
      const groups = await rows.aggregate<{ _id: string | null; count: number }>([
        { $match: filter },
        { $group: { _id: '$folder', count: { $sum: 1 } } },
      ])
      return new Map(groups.map(({ _id, count }) => [_id ?? '', count]))
    },

    /**
     * A new row that no guide has, with its first draft. The same id again changes nothing.
     * @throws AppError CONFLICT when the name is taken
     */
    async insert(
      some: { id: Types.ObjectId; corpId: string; audience: Audience; work: Work; keeperUserId: string }[],
    ): Promise<void> {
      const fresh = await Promise.all(
        some.map(async ({ id, corpId, audience, work, keeperUserId }) => ({
          _id: id,
          corpId,
          ...audience,
          ...(await toFields(corpId, work.content)),
          ...kind.life.draft(work.at),
          ...emptyState,
          isDraft: true,
          work,
          edit: 1,
          expiresOn: work.expiresOn,
          keeperUserId,
          createdAt: work.at,
          updatedAt: work.at,
        })),
      )
      const ops = fresh.map(({ _id, ...row }) => ({
        updateOne: { filter: { _id }, update: { $setOnInsert: row }, upsert: true },
      }))
      try {
        await rows.bulkWrite(ops as never, { ordered: false })
      } catch (error) {
        throw isDuplicateKey(error) ? nameTaken() : error
      }
    },

    /** @returns false when the row was changed meanwhile @throws AppError CONFLICT when the name is taken */
    async saveWork(row: ShelfRow, work: Work): Promise<boolean> {
      // Nobody has it yet, so its draft is all there is to find it by.
      const shown = lifeOf(row) === 'draft' ? await toFields(row.corpId, work.content) : {}
      return change(row, { ...shown, work, updatedAt: work.at })
    },

    /** @returns false when the row was changed meanwhile */
    async dropWork(row: ShelfRow, at: Date): Promise<boolean> {
      if (lifeOf(row) !== 'draft') return change(row, { work: null, updatedAt: at })
      const { deletedCount } = await rows.deleteOne({ _id: row._id, corpId: row.corpId, edit: row.edit ?? 0 })
      return deletedCount === 1
    },

    /**
     * Gives guides these contents, all in one go, and keeps what they had.
     * @returns ids of those that took; the others were changed meanwhile, or their name is taken
     */
    async release(some: ToRelease[]): Promise<Set<string>> {
      await keepVersions(some.map(({ row }) => row))
      const ops = await Promise.all(
        some.map(async ({ row, content, expiresOn, release, keepsWork }) => {
          const number = (row.version ?? 0) + 1
          const $set = {
            ...(await toFields(row.corpId, content)),
            ...kind.life.published(release.at),
            isDraft: false,
            version: number,
            release: { ...release, number },
            work: keepsWork ? row.work : null,
            edit: (row.edit ?? 0) + 1,
            expiresOn,
            updatedAt: release.at,
          }
          const filter = { _id: row._id, corpId: row.corpId, edit: trusted({ $in: editOf(row) }) }
          return { updateOne: { filter, update: { $set } } }
        }),
      )
      const live = some.map(({ row }) => row)
      await changing(live, async () => {
        try {
          await rows.bulkWrite(ops as never, { ordered: false })
        } catch (error) {
          if (!isDuplicateKey(error)) throw error
        }
      })
      const keys = new Map(some.map(({ row, release }) => [row._id.toHexString(), release.key]))
      const now = await findMany(live[0]?.corpId ?? '', [...keys.keys()])
      const took = now.filter((row) => row.release?.key === keys.get(row._id.toHexString()))
      await keepVersions(took)
      return new Set(took.map((row) => row._id.toHexString()))
    },

    /** @returns false when the row was changed meanwhile */
    setLife: (row: ShelfRow, life: 'published' | 'archived', at: Date): Promise<boolean> =>
      changing([row], () => change(row, { ...kind.life[life](at), updatedAt: at })),

    /** Puts rows into a folder, a waiting change of theirs included. */
    async move(some: ShelfRow[], folder: string, at: Date): Promise<void> {
      await changing(some, () =>
        rows.bulkWrite(
          some.map((row) => ({
            updateOne: {
              filter: { _id: row._id, corpId: row.corpId },
              update: {
                $set: { folder, updatedAt: at, ...(row.work && { 'work.content.folder': folder }) },
                $inc: { edit: 1 },
              },
            },
          })) as never,
          { ordered: false },
        ),
      )
    },

    /** The newest first; what guides have now included, whichever way it came. */
    async listVersions(row: ShelfRow): Promise<Version[]> {
      await keepVersions([row])
      return versions
        .find({ corpId: row.corpId, itemId: row._id.toHexString() })
        .sort({ number: -1 })
        .limit(100)
        .lean<Version[]>()
        .exec()
    },

    findVersion: (row: ShelfRow, number: number): Promise<Version | null> =>
      versions
        .findOne({ _id: `${row._id.toHexString()}/${number}`, corpId: row.corpId })
        .lean<Version>()
        .exec(),

    /** Runs a change of what all these rows' readers have, the order of folders say. */
    changing,
  }

  async function change(row: ShelfRow, fields: object): Promise<boolean> {
    try {
      const { matchedCount } = await rows.updateOne(
        { _id: row._id, corpId: row.corpId, edit: trusted({ $in: editOf(row) }) },
        { $set: { ...fields, edit: (row.edit ?? 0) + 1 } },
      )
      return matchedCount === 1
    } catch (error) {
      throw isDuplicateKey(error) ? nameTaken() : error
    }
  }
}

export type Shelf = ReturnType<typeof createShelf>

/** The rows that follow this one, the last changed first. */
const isAfter = ({ at, id }: Place) => ({
  $or: [{ updatedAt: trusted({ $lt: at }) }, { updatedAt: at, _id: trusted({ $lt: new Types.ObjectId(id) }) }],
})

/** Rows older than the desk have no count yet. */
const editOf = (row: ShelfRow): (number | null)[] => (row.edit ? [row.edit] : [0, null])

const toDirect = (row: ShelfRow): Release => ({
  number: row.version ?? 0,
  byUserId: row.keeperUserId || row.ownerUserId || '',
  approvedBy: '',
  at: row.updatedAt,
  why: 'direct',
  from: null,
  key: '',
})

const nameTaken = () => new AppError('CONFLICT', 'something of that name is there already', { at: '/content/title' })
