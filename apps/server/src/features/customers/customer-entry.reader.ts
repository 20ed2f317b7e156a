import { type Connection, type mongo } from 'mongoose'

import { customerEntryModel, entryIndexes, type CustomerEntry } from './customer-entry.model.ts'

type Filter = Record<string, unknown>
/** Where a page stopped. */
export type EntryPlace = { addedAt: Date; externalUserId: string }

const maxTimeMS = 8_000
/** Of more customers than these only a sample is counted while somebody waits. */
const mostCounted = 200_000
const mostFound = 10_000
const buckets = 1_024
const sampleSize = 50_000
const newestFirst = { addedAt: -1, _id: -1 } as const
/** Walking through all in the order they lie in is twice as fast as through any index that does not help. */
const asTheyLie = { $natural: 1 } as const

/** How a filter is best followed. */
export type EntryPlan = 'all' | 'guides' | 'tag'

/** Reads of entries. Filters name the corp and the caller's scope. */
export function createEntryReader(db: Connection) {
  const entries = customerEntryModel(db).collection as unknown as mongo.Collection<CustomerEntry>

  const isLarge = async () => (await entries.estimatedDocumentCount()) > mostCounted
  const hintOf = (plan: EntryPlan) =>
    plan === 'tag' ? entryIndexes.withTag : plan === 'guides' ? entryIndexes.ofGuides : asTheyLie

  /** Estimated for a large corp when no index helps: then a fair part of it is counted. */
  async function sampleOf(plan: EntryPlan): Promise<{ filter: Filter; hint: string | object; times: number } | null> {
    if (plan !== 'all' || !(await isLarge())) return null
    const share = Math.max(1, Math.floor((buckets * sampleSize) / (await entries.estimatedDocumentCount())))
    return { filter: { bucket: { $lt: share } }, hint: entryIndexes.sample, times: buckets / share }
  }

  return {
    /** Newest first. */
    page: (
      filter: Filter,
      { before, limit, hint }: { before: EntryPlace | null; limit: number; hint?: string | object },
    ): Promise<CustomerEntry[]> =>
      entries
        .find({ $and: [filter, ...(before ? [isAfter(before)] : [])] } as mongo.Filter<CustomerEntry>, {
          ...(hint && { hint }),
          maxTimeMS,
        })
        .sort(newestFirst)
        .limit(limit)
        .toArray(),

    /** How many have a term that begins so; counting ends at `most`. */
    countTyped: (corpId: string, typed: string, most: number): Promise<number> =>
      entries.countDocuments(isTyped(corpId, typed), { hint: entryIndexes.typed, limit: most, maxTimeMS }),

    size: (): Promise<number> => entries.estimatedDocumentCount(),

    async count(filter: Filter, plan: EntryPlan): Promise<{ count: number; isEstimate: boolean }> {
      const sample = await sampleOf(plan)
      const query = (sample ? { $and: [filter, sample.filter] } : filter) as mongo.Filter<CustomerEntry>
      const count = await entries.countDocuments(query, { hint: sample?.hint ?? hintOf(plan), maxTimeMS })
      return { count: Math.round(count * (sample?.times ?? 1)), isEstimate: sample !== null }
    },

    /** As `count`, where what was typed leads to few; ends at ten thousand. */
    async countFound(filter: Filter): Promise<{ count: number; isEstimate: boolean }> {
      const query = filter as mongo.Filter<CustomerEntry>
      const count = await entries.countDocuments(query, { hint: entryIndexes.typed, limit: mostFound + 1, maxTimeMS })
      return { count: Math.min(count, mostFound), isEstimate: count > mostFound }
    },

    /** Everybody in a corp, read from an index alone. */
    countAll: (corpId: string): Promise<number> =>
      entries.countDocuments({ corpId }, { hint: entryIndexes.newest, maxTimeMS }),

    /** Number and first few in one walk. */
    async countWithSamples(
      filter: Filter,
      plan: EntryPlan,
      samples: number,
    ): Promise<{ count: number; isEstimate: boolean; ids: string[] }> {
      const sample = await sampleOf(plan)
      const [row] = await entries
        .aggregate<{ count: number; ids: string[] }>(
          [
            { $match: sample ? { $and: [filter, sample.filter] } : filter },
            {
              $group: {
                _id: null,
                count: { $sum: 1 },
                ids: { $firstN: { input: '$_id', n: samples } },
              },
            },
          ],
          { hint: sample?.hint ?? hintOf(plan), maxTimeMS },
        )
        .toArray()
      const times = sample?.times ?? 1
      return { count: Math.round((row?.count ?? 0) * times), isEstimate: sample !== null, ids: row?.ids ?? [] }
    },

    /** Customers and their relations with these guides; with all when it is null. */
    async countWithRelations(
      filter: Filter,
      plan: EntryPlan,
      userIds: readonly string[] | null,
    ): Promise<{ customers: number; relations: number; isEstimate: boolean }> {
      const sample = await sampleOf(plan)
      const own = userIds
        ? { $filter: { input: '$relations', cond: { $in: ['$$this.userId', userIds] } } }
        : '$relations'
      const [row] = await entries
        .aggregate<{ customers: number; relations: number }>(
          [
            { $match: sample ? { $and: [filter, sample.filter] } : filter },
            { $group: { _id: null, customers: { $sum: 1 }, relations: { $sum: { $size: own } } } },
          ],
          { hint: sample?.hint ?? hintOf(plan), maxTimeMS },
        )
        .toArray()
      const times = sample?.times ?? 1
      const { customers = 0, relations = 0 } = row ?? {}
      return {
        customers: Math.round(customers * times),
        relations: Math.round(relations * times),
        isEstimate: sample !== null,
      }
    },

    byIds: (ids: string[]): Promise<CustomerEntry[]> => entries.find({ _id: { $in: ids } }, { maxTimeMS }).toArray(),

    find: (filter: Filter): Promise<CustomerEntry | null> =>
      entries.findOne(filter as mongo.Filter<CustomerEntry>, { maxTimeMS }),

    /** Of everybody in a scope, in the order of their keys: for jobs, which begin again where they were. */
    walk: (filter: Filter, after: string, limit: number): Promise<CustomerEntry[]> =>
      entries
        .find({ $and: [filter, { _id: { $gt: after } }] } as mongo.Filter<CustomerEntry>, {
          hint: '_id_',
          maxTimeMS: 30_000,
        })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),

    /** Customers by tag; of tags that nobody has nothing is said. */
    async countByTag(corpId: string, tagIds: string[]): Promise<Map<string, number>> {
      const counts = await Promise.all(
        tagIds.map((tagId) =>
          entries.countDocuments({ corpId, 'relations.tagIds': tagId }, { hint: entryIndexes.withTag, maxTimeMS }),
        ),
      )
      return new Map(tagIds.map((tagId, at) => [tagId, counts[at] ?? 0]))
    },

    /** Values to choose from. */
    async distinct(filter: Filter, field: 'tier' | 'relations.state', most: number): Promise<string[]> {
      const rows = await entries
        .aggregate<{ _id: string }>(
          [
            { $match: filter },
            // The newest say what is in use now; all of a large corp would take too long.
            { $sort: newestFirst },
            { $limit: 20_000 },
            ...(field === 'relations.state' ? [{ $unwind: '$relations' }] : []),
            { $match: { [field]: { $nin: ['', null] } } },
            { $group: { _id: `$${field}`, count: { $sum: 1 } } },
            { $sort: { count: -1, _id: 1 } },
            { $limit: most },
          ],
          { maxTimeMS },
        )
        .toArray()
      return rows.map(({ _id }) => _id)
    },
  }
}

export type EntryReader = ReturnType<typeof createEntryReader>

export const isTyped = (corpId: string, typed: string) => ({
  corpId,
  // One and the same term: two bounds on a list may else be met by two of its terms.
  terms: { $elemMatch: { $gte: typed, $lt: `${typed}\u{10FFFF}` } },
})

/** The first condition bounds the walk through the index, the second decides among those of the same moment. */
function isAfter({ addedAt, externalUserId }: EntryPlace): Filter {
  return {
    addedAt: { $lte: addedAt },
    $or: [{ addedAt: { $lt: addedAt } }, { externalUserId: { $lt: externalUserId } }],
  }
}
