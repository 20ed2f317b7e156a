import { toCustomer, toRelationFacts, contentHashOf, type ReadRow } from './from-wecom.ts'
import type { CustomerRepository } from './customer.repository.ts'
import type { RelationEventRepository } from './relation-event.repository.ts'
import { isCurrent, toEvents, type Origin } from './relation.history.ts'
import { relationId, type CustomerKey, type Relation, type RelationKey } from './relation.model.ts'
import type { KnownRelation, RelationRepository, RelationStep } from './relation.repository.ts'

type Deps = {
  relations: RelationRepository
  customers: CustomerRepository
  events: RelationEventRepository
  /** Told after each write whose relations are no longer as they were; must not fail. */
  changed?: (corpId: string, externalUserIds: string[]) => Promise<void>
}

export type SaveOptions = {
  origin: Origin
  /**
   * `list`: one of WeCom's lists, which may lag behind; what was ended before comes back only by proof.
   * `customer`: the customer read directly, which tells the truth.
   */
  source: 'list' | 'customer'
  /** Guides of whom nothing was stored a moment ago: their rows are tried as new ones without looking. */
  empty?: ReadonlySet<string>
  /** Only compares. */
  dryRun?: boolean
}

export type SaveOutcome = {
  added: string[]
  changed: string[]
  restored: string[]
  /** Customers whom a list shows though they were gone, added at the same moment as before: to be read directly. */
  doubtful: string[]
}

const noneKnown = new Map<string, KnownRelation>()
const nothingNew: SaveOutcome = { added: [], changed: [], restored: [], doubtful: [] }

/** Another writer may be faster a few times, not for ever. */
const mostRounds = 8

/**
 * The one place that writes relations, whoever brings the news. Each change goes from the state that was read to the
 * next one; its events are kept before it, so a crash in between loses nothing: whoever sees the change next finds its
 * events written.
 */
export function createRelationStore({ relations, customers, events, changed }: Deps) {
  async function tell(rows: CustomerKey[]): Promise<void> {
    if (!changed) return
    for (const [corpId, some] of Map.groupBy(rows, (row) => row.corpId))
      await changed(
        corpId,
        some.map(({ externalUserId }) => externalUserId),
      )
  }

  async function save(read: ReadRow[], options: SaveOptions): Promise<SaveOutcome> {
    const rows = distinct(read)
    const { source, empty, dryRun, origin } = options
    const toFind = empty ? rows.filter(({ relation }) => !empty.has(relation.userId)) : rows
    const isOld = source === 'list' && toFind.length === rows.length
    if (isOld && (await relations.countSame(rows)) === rows.length) return nothingNew
    const known = toFind.length === 0 ? noneKnown : await relations.findKnown(toFind.map(toId))
    const sorted = sortOut(rows, known, source)
    const before = new Map((await relations.findMany(sorted.moved.map(toId))).map((row) => [row._id, row]))
    const differs = sorted.moved.filter((row) => !isSameContent(before.get(row._id), row))
    const outcome: SaveOutcome = {
      added: sorted.fresh.map(toId),
      changed: differs.filter(({ _id }) => isCurrent(known.get(_id)!)).map(toId),
      restored: differs.filter(({ _id }) => !isCurrent(known.get(_id)!)).map(toId),
      doubtful: sorted.doubtful.map(({ customer }) => customer.externalUserId),
    }
    if (dryRun) return outcome

    // The person first: a relation without its person is not shown.
    await customers.save([...sorted.fresh, ...sorted.moved].map(toCustomer))
    const late = await insert(sorted.fresh, options)
    await move([...late, ...differs], origin)
    // Only the customer's own facts are new, or nothing is but the moment.
    const isTouched = new Set(differs)
    await relations.touch(sorted.moved.filter((row) => !isTouched.has(row)).map(toTouch))
    if (source === 'customer') await relations.touch(sorted.equal.map(toTouch))
    await tell([...sorted.fresh, ...sorted.moved].map(toCustomerKey))
    return outcome
  }

  /** @returns those that somebody else has inserted meanwhile */
  async function insert(rows: ReadRow[], { origin }: SaveOptions): Promise<ReadRow[]> {
    if (rows.length === 0) return []
    const docs = rows.map(toNewRelation)
    await events.append(docs.flatMap((doc) => toEvents(null, doc, origin)))
    const late = new Set((await relations.insert(docs)).map(({ _id }) => _id))
    return late.size === 0 ? [] : rows.filter(({ _id }) => late.has(_id))
  }

  async function move(rows: ReadRow[], origin: Origin): Promise<void> {
    const byId = new Map(rows.map((row) => [row._id, row]))
    await advance([...byId.keys()], origin, (before) => {
      const row = byId.get(before._id)
      if (!row || before.readBeganAt > row.readBeganAt) return null
      const facts = toRelationFacts(row)
      return isSameContent(before, row) ? null : { ...facts, status: statusAfter(before, facts.addedAt) }
    })
  }

  /**
   * Reads relations, works out what each becomes and writes it; begins anew with those that somebody else changed
   * meanwhile, until nothing is left to change.
   * @param toNext null leaves a relation as it is
   * @returns the relations as they are now
   */
  async function advance(
    ids: string[],
    origin: Origin,
    toNext: (before: Relation) => Partial<Relation> | null,
  ): Promise<Relation[]> {
    if (ids.length === 0) return []
    for (let round = 1; ; round++) {
      const befores = await relations.findMany(ids)
      const steps = befores.flatMap((before) => toStep(before, toNext(before)) ?? [])
      const afters = new Map(steps.map(({ after }) => [after._id, after]))
      await events.append(steps.flatMap(({ before, after }) => toEvents(before, after, origin)))
      const moved = await relations.advance(steps)
      if (moved === steps.length) return befores.map((before) => afters.get(before._id) ?? before)
      if (round === mostRounds) throw new Error('relations change faster than they can be written')
    }
  }

  return {
    save,

    /** WeCom knows these pairs no more, or shows them no more; a later read is not overwritten. */
    async end(
      keys: RelationKey[],
      { status, readBeganAt, origin }: { status: 'deleted_by_guide' | 'left_range'; readBeganAt: Date; origin: Origin },
    ): Promise<void> {
      await advance(keys.map(relationId), origin, (before) =>
        isCurrent(before) && before.readBeganAt <= readBeganAt
          ? { status, mark: '', syncedAt: readBeganAt, readBeganAt }
          : null,
      )
      await tell(keys)
    },

    /**
     * A change that WeCom has taken from us at that moment: reads that began before it did not see it and must not undo it.
     * @returns null when there is no such relation
     */
    async change(
      key: RelationKey,
      { at, origin, toNext }: { at: Date; origin: Origin; toNext: (before: Relation) => Partial<Relation> },
    ): Promise<Relation | null> {
      const [after] = await advance([relationId(key)], origin, (before) => {
        const readBeganAt = before.readBeganAt > at ? before.readBeganAt : at
        return { ...toNext(before), mark: '', syncedAt: at, readBeganAt }
      })
      await tell([key])
      return after ?? null
    },

    /**
     * The customer left or came back, by an event of that moment; events may come in any order. What ended before the
     * relation was made anew ended another one.
     */
    async noteCustomerMoved(key: RelationKey, { gone, at }: { gone: boolean; at: Date }): Promise<void> {
      await advance([relationId(key)], { cause: 'callback', at }, (before) => {
        const isOld = before.customerMovedAt && (gone ? before.customerMovedAt >= at : before.customerMovedAt > at)
        if (isOld) return null
        const moved = { ...before, customerMovedAt: at, customerGone: gone }
        return { ...moved, status: isCurrent(before) ? statusAfter(moved, before.addedAt) : before.status }
      })
      await tell([key])
    },
  }
}

export type RelationStore = ReturnType<typeof createRelationStore>

const toId = ({ _id }: ReadRow) => _id
const toCustomerKey = ({ corpId, customer: { externalUserId } }: ReadRow): CustomerKey => ({ corpId, externalUserId })

/** Each key once, in the order of the keys: neighbours lie together in every index. */
function distinct(read: ReadRow[]): ReadRow[] {
  const rows = read.toSorted((a, b) => (a._id < b._id ? -1 : a._id > b._id ? 1 : 0))
  return rows.filter((row, index) => row._id !== rows[index + 1]?._id)
}

function sortOut(rows: ReadRow[], known: Map<string, KnownRelation>, source: SaveOptions['source']) {
  const sorted = {
    fresh: [] as ReadRow[],
    moved: [] as ReadRow[],
    equal: [] as ReadRow[],
    doubtful: [] as ReadRow[],
  }
  for (const row of rows) sorted[kindOf(row, known.get(row._id), source)]?.push(row)
  return sorted
}

function kindOf(row: ReadRow, stored: KnownRelation | undefined, source: SaveOptions['source']) {
  if (!stored) return 'fresh'
  if (stored.readBeganAt > row.readBeganAt) return 'equal'
  if (stored.status === 'deleted_by_guide') {
    // Whoever adds a customer anew gets a new time; an old time means a list that has not heard of the end.
    const isOld = stored.addedAt.getTime() === row.relation.addedAt.getTime()
    return source === 'list' && isOld ? 'doubtful' : 'moved'
  }
  return stored.mark === row.mark ? 'equal' : 'moved'
}

function isSameContent(before: Relation | undefined, row: ReadRow): boolean {
  return before !== undefined && isCurrent(before) && contentHashOf(before) === contentHashOf(toRelationFacts(row))
}

const toTouch = ({ _id, mark, readBeganAt }: ReadRow) => ({ _id, mark, syncedAt: readBeganAt, readBeganAt })

function toNewRelation(row: ReadRow): Relation {
  return { ...toRelationFacts(row), status: 'active', customerMovedAt: null, customerGone: false, revision: 1 }
}

/** The status depends on what events said of the customer, if they said it of this very relation. */
function statusAfter({ customerGone, customerMovedAt }: Relation, addedAt: Date): Relation['status'] {
  return customerGone && customerMovedAt && customerMovedAt >= addedAt ? 'deleted_by_customer' : 'active'
}

function toStep(before: Relation, next: Partial<Relation> | null): RelationStep | null {
  if (!next) return null
  const after = { ...before, ...next, _id: before._id, revision: before.revision + 1 }
  return { before, after }
}
