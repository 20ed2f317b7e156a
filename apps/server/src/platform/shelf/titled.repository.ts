import { trusted, type Model, type SortOrder } from 'mongoose'

import { upsertTwice } from '../duplicate-key.ts'
import { directRelease, everybodys, hadBy, type ShelfRow } from './shelf.fields.ts'

type TitledRow = ShelfRow & { archivedAt: Date | null }
/** Drafts of the desk are nobody's yet. */
const inUse = { archivedAt: null, isDraft: trusted({ $ne: true }) } as const

/** Content that is known by its title, as guides have it; the desk's view of the same rows is the shelf. */
export function createTitledRepository<Row, Content extends { title: string }>({
  model,
  sort,
}: {
  model: Model<TitledRow>
  sort: Record<string, SortOrder>
}) {
  const upsert = (corpId: string, { title, ...content }: Content, at: Date): Promise<Row> =>
    model
      .findOneAndUpdate(
        { corpId, title, storeId: trusted({ $in: ['', null] }) },
        {
          $set: { ...content, ...everybodys, updatedAt: at, archivedAt: null, ...directRelease.$set },
          $inc: directRelease.$inc,
          $setOnInsert: { createdAt: at },
        },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<Row>()
      .exec() as Promise<Row>

  return {
    list: (corpId: string): Promise<Row[]> =>
      model
        .find({ corpId, ...inUse })
        .sort(sort)
        .lean<Row[]>()
        .exec(),

    find: (corpId: string, id: string, storeId: string): Promise<Row | null> =>
      model
        .findOne({ _id: id, corpId, ...inUse, ...hadBy(storeId) })
        .lean<Row>()
        .exec(),

    /** Known by its title: a second save changes the first. */
    save: (corpId: string, content: Content, at: Date): Promise<Row> => upsertTwice(() => upsert(corpId, content, at)),

    async archive(corpId: string, id: string, at: Date): Promise<boolean> {
      const result = await model.updateOne({ _id: id, corpId, archivedAt: null }, { $set: { archivedAt: at } })
      return result.matchedCount === 1
    },
  }
}
