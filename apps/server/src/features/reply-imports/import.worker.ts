import type { Types } from 'mongoose'

import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { JobContext } from '../../platform/jobs/job.context.ts'
import type { ShelfRow, Work } from '../../platform/shelf/shelf.fields.ts'
import type { Shelf, ToRelease } from '../../platform/shelf/shelf.ts'
import type { ImportRow, ReplyImport, RowOutcome } from './import.model.ts'
import type { ImportRepository } from './import.repository.ts'

type Deps = { imports: ImportRepository; shelf: Shelf; clock: Clock }
export type ImportJob = { corpId: string; importId: string }
type Outcome = { _id: string; outcome: RowOutcome }

const atOnce = 100
const keyOf = (row: ImportRow) => `import/${row._id}`
const undoKeyOf = (row: ImportRow) => `undo/${row._id}`

/**
 * Writes an import's rows, and takes them back: hundreds at a time, in the order of the file. Every written reply names
 * the row it came from, so a run that died begins where it stopped and writes nothing twice.
 */
export function createImportWorker({ imports, shelf, clock }: Deps) {
  async function findItems(corpId: string, rows: ImportRow[]): Promise<Map<string, ShelfRow>> {
    const ids = rows.flatMap(({ itemId }) => (itemId ? [itemId.toHexString()] : []))
    return new Map((await shelf.findMany(corpId, ids)).map((item) => [item._id.toHexString(), item]))
  }

  function toWork({ byUserId }: ReplyImport, row: ImportRow, state: Work['state']): Work {
    const { expiresOn } = row
    const content = requireContent(row)
    return { content, expiresOn, byUserId, at: clock.now(), state, refusedBecause: '', key: keyOf(row) }
  }

  /** New replies as drafts nobody has. One whose name somebody took meanwhile is left out. */
  async function insertNew(one: ReplyImport, rows: ImportRow[]): Promise<void> {
    const toInsert = (row: ImportRow) => ({
      id: requireItemId(row),
      corpId: one.corpId,
      audience: { scope: row.storeId ? ('store' as const) : ('corp' as const), storeId: row.storeId, ownerUserId: '' },
      work: toWork(one, row, one.forReview ? 'review' : 'draft'),
      keeperUserId: one.byUserId,
    })
    try {
      await shelf.insert(rows.map(toInsert))
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // Which of them it was nobody says, so they go one by one.
      for (const row of rows)
        await shelf.insert([toInsert(row)]).catch((fault: unknown) => {
          if (!(fault instanceof AppError)) throw fault
        })
    }
  }

  async function writeBatch(one: ReplyImport, rows: ImportRow[]): Promise<Outcome[]> {
    const before = await findItems(one.corpId, rows)
    const fresh = rows.filter((row) => row.verdict === 'create' && !before.has(requireItemId(row).toHexString()))
    if (fresh.length > 0) await insertNew(one, fresh)
    const items = await findItems(one.corpId, rows)
    return one.forReview ? askForReview(one, rows, items) : publish(one, rows, items)
  }

  async function publish(one: ReplyImport, rows: ImportRow[], items: Map<string, ShelfRow>): Promise<Outcome[]> {
    const open = rows.flatMap((row): { row: ImportRow; toRelease: ToRelease }[] => {
      const item = items.get(requireItemId(row).toHexString())
      if (!item || item.release?.key === keyOf(row)) return []
      const isNew = shelf.lifeOf(item) === 'draft'
      const release = {
        byUserId: one.byUserId,
        approvedBy: '',
        at: clock.now(),
        why: 'imported' as const,
        from: null,
        key: keyOf(row),
      }
      const { expiresOn } = row
      return [{ row, toRelease: { row: item, content: requireContent(row), expiresOn, release, keepsWork: !isNew } }]
    })
    const took = open.length > 0 ? await shelf.release(open.map(({ toRelease }) => toRelease)) : new Set<string>()
    return rows.map((row) => {
      const id = requireItemId(row).toHexString()
      const isDone = took.has(id) || items.get(id)?.release?.key === keyOf(row)
      return { _id: row._id, outcome: isDone ? (row.verdict === 'create' ? 'created' : 'updated') : 'left' }
    })
  }

  async function askForReview(one: ReplyImport, rows: ImportRow[], items: Map<string, ShelfRow>): Promise<Outcome[]> {
    const outcomes: Outcome[] = []
    for (const row of rows) {
      const item = items.get(requireItemId(row).toHexString())
      const isMine = item?.work?.key === keyOf(row)
      // Somebody else's change is not written over.
      const isFree = item && (!item.work || isMine)
      const isDone = isMine || (isFree && (await shelf.saveWork(item, toWork(one, row, 'review'))))
      outcomes.push({ _id: row._id, outcome: isDone ? 'review' : 'left' })
    }
    return outcomes
  }

  async function undoBatch(one: ReplyImport, rows: ImportRow[]): Promise<Outcome[]> {
    const items = await findItems(one.corpId, rows)
    const outcomes: Outcome[] = []
    for (const row of rows) {
      const item = items.get(requireItemId(row).toHexString())
      outcomes.push({ _id: row._id, outcome: (await undoRow(one, row, item)) ? 'undone' : 'left' })
    }
    return outcomes
  }

  /** @returns false when somebody has changed it since */
  async function undoRow(one: ReplyImport, row: ImportRow, item: ShelfRow | undefined): Promise<boolean> {
    const at = clock.now()
    // A draft that is gone was taken back, now or by the run that died.
    if (!item) return row.outcome === 'review'
    if (item.release?.key === undoKeyOf(row)) return true
    if (row.outcome === 'review') return item.work?.key === keyOf(row) ? shelf.dropWork(item, at) : item.work === null
    if (item.release?.key !== keyOf(row)) return false
    if (row.outcome === 'created')
      return shelf.lifeOf(item) === 'archived' || (await shelf.setLife(item, 'archived', at))
    const version = await shelf.findVersion(item, item.release.number - 1)
    if (!version) return false
    const { content, expiresOn, number } = version
    const release = {
      byUserId: one.byUserId,
      approvedBy: '',
      at,
      why: 'undone' as const,
      from: number,
      key: undoKeyOf(row),
    }
    return (await shelf.release([{ row: item, content, expiresOn, release, keepsWork: true }])).size === 1
  }

  async function run(
    { corpId, importId }: ImportJob,
    ctx: JobContext,
    { outcomes, write }: { outcomes: (RowOutcome | null)[]; write: typeof writeBatch },
  ): Promise<ReplyImport | null> {
    const one = await imports.find(corpId, importId)
    if (!one) return null
    for (;;) {
      if (ctx.signal.aborted) throw new Error('the import goes on elsewhere')
      const rows = await imports.next(importId, outcomes, atOnce)
      if (rows.length === 0) return one
      await imports.saveOutcomes(await write(one, rows))
    }
  }

  return {
    async commit(job: ImportJob, ctx: JobContext): Promise<void> {
      const one = await imports.find(job.corpId, job.importId)
      if (one?.state !== 'committing') return
      await run(job, ctx, { outcomes: [null], write: writeBatch })
      await imports.change(job.corpId, job.importId, ['committing'], { state: 'committed', endedAt: clock.now() })
    },

    async undo(job: ImportJob, ctx: JobContext): Promise<void> {
      const one = await imports.find(job.corpId, job.importId)
      if (one?.state !== 'undoing') return
      await run(job, ctx, { outcomes: ['created', 'updated', 'review'], write: undoBatch })
      await imports.change(job.corpId, job.importId, ['undoing'], { state: 'undone', endedAt: clock.now() })
    },
  }
}

function requireItemId({ _id, itemId }: ImportRow): Types.ObjectId {
  if (!itemId) throw new Error(`row ${_id} has no reply`)
  return itemId
}

function requireContent({ _id, content }: ImportRow) {
  if (!content) throw new Error(`row ${_id} has no content`)
  return content
}
