import type {
  BatchRowQuery,
  CustomerSelection,
  MergeTags,
  PageQuery,
  RelationTag,
  StartTagBatch,
  TagBatchForecast,
  TagBatchPage,
  TagBatchRowPage,
  TagBatchView,
} from '@guidebar/contracts'
import type { Static } from 'typebox'

import type { AdminPrincipal } from '../../platform/access.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { readCursor, toCursor, toPage } from '../../platform/page-cursor.ts'
import type { EntryReader } from '../customers/customer-entry.reader.ts'
import type { CustomerFinder, Viewer } from '../customers/customer-finder.ts'
import type { TagBatchJobs } from './tag-batch.jobs.ts'
import type { TagBatch } from './tag-batch.model.ts'
import type { RowCounts, TagBatchRepository } from './tag-batch.repository.ts'

type Deps = {
  batches: TagBatchRepository
  jobs: TagBatchJobs
  finder: CustomerFinder
  entries: EntryReader
  guides: { names(corpId: string, userIds: string[]): Promise<Map<string, { name: string }>> }
  tags: { describe(corpId: string, tagIds: string[]): Promise<RelationTag[]> }
  audit: AuditService
  clock: Clock
}

/** Changes of tags on many customers at once: begun here, done by a job, watched and taken back here. */
export function createTagBatchService({ batches, jobs, finder, entries, guides, tags, audit, clock }: Deps) {
  /** Whoever sees the whole corp watches all batches; others their own. */
  async function require({ corpId, userId, reach }: Viewer, batchId: string): Promise<TagBatch> {
    const batch = await batches.find(batchId)
    if (!batch || batch.corpId !== corpId || (reach !== null && batch.createdBy !== userId))
      throw new AppError('BATCH_NOT_FOUND', 'no such batch in this scope')
    return batch
  }

  async function toViews(corpId: string, rows: TagBatch[]): Promise<TagBatchView[]> {
    const names = await guides.names(corpId, [...new Set(rows.map(({ createdBy }) => createdBy))])
    const counts = await Promise.all(rows.map(({ _id }) => batches.countRows(_id.toHexString())))
    return rows.map((row, at) => toView(row, counts[at]!, names.get(row.createdBy)?.name ?? row.createdBy, clock.now()))
  }

  async function begin(
    admin: AdminPrincipal,
    what: Pick<TagBatch, 'key' | 'kind' | 'selection' | 'segmentId' | 'undoOf' | 'add' | 'remove'>,
    words?: Pick<TagBatch, 'addNames' | 'removeNames'>,
  ): Promise<TagBatchView> {
    const { corpId, userId, reach } = admin
    const names = words ?? (await namesOf(corpId, what))
    const batch = await batches.beginOnce({
      ...what,
      ...names,
      corpId,
      createdBy: userId,
      reach,
      phase: 'collecting',
      cursor: '',
      startedAt: clock.now(),
      taggingAt: null,
      finishedAt: null,
      failure: null,
      undoneBy: null,
    })
    const isSame =
      batch.kind === what.kind && batch.add.join() === what.add.join() && batch.remove.join() === what.remove.join()
    if (!isSame) throw new AppError('IDEMPOTENCY_MISMATCH', 'this key was used for another batch', { at: '/body/key' })
    const { kind, add, remove } = what
    await audit.note(admin, {
      key: what.key,
      action: 'customers.tag-batch-begun',
      target: batch._id.toHexString(),
      details: { kind, add, remove },
    })
    await jobs.begin(batch)
    return (await toViews(corpId, [batch]))[0]!
  }

  /** @throws AppError TAG_UNKNOWN */
  async function namesOf(corpId: string, { add, remove }: Pick<TagBatch, 'add' | 'remove'>) {
    const words = await tags.describe(corpId, [...add, ...remove])
    const nameOf = (tagId: string) => {
      const word = words.find((each) => each.tagId === tagId)
      if (!word) throw new AppError('TAG_UNKNOWN', 'no such tag', { at: '/body' })
      return word.name
    }
    return { addNames: add.map(nameOf), removeNames: remove.map(nameOf) }
  }

  return {
    /** How many it would be about. @throws as `customers.list` */
    async forecast(admin: AdminPrincipal, selection: CustomerSelection): Promise<TagBatchForecast> {
      const wanted = await finder.fromSelection(admin, selection)
      return entries.countWithRelations(wanted.filter, wanted.plan, admin.reach?.userIds ?? null)
    },

    /**
     * Begins to tag everybody selected; the same key is the same batch.
     * @throws AppError BAD_REQUEST nothing to change, TAG_UNKNOWN, IDEMPOTENCY_MISMATCH, and as `customers.list`
     */
    async start(admin: AdminPrincipal, { key, selection, add, remove }: StartTagBatch): Promise<TagBatchView> {
      if (add.length + remove.length === 0) throw new AppError('BAD_REQUEST', 'no tag to add or remove')
      if (add.some((tagId) => remove.includes(tagId)))
        throw new AppError('BAD_REQUEST', 'a tag is to be added and removed', { at: '/body/remove' })
      await finder.fromSelection(admin, selection)
      const segmentId = 'filter' in selection ? (selection.filter.segmentId ?? null) : null
      return begin(admin, { key, kind: 'tag', selection, segmentId, undoOf: null, add, remove })
    },

    /** @throws AppError BAD_REQUEST one tag with itself, TAG_UNKNOWN, IDEMPOTENCY_MISMATCH */
    async merge(admin: AdminPrincipal, { key, fromTagId, intoTagId }: MergeTags): Promise<TagBatchView> {
      if (fromTagId === intoTagId) throw new AppError('BAD_REQUEST', 'a tag cannot be merged with itself')
      const what = { selection: null, segmentId: null, undoOf: null, add: [intoTagId], remove: [fromTagId] }
      return begin(admin, { key, kind: 'merge', ...what })
    },

    /** Takes back what a batch has changed. @throws AppError BATCH_NOT_FOUND, CONFLICT when it cannot be taken back */
    async undo(admin: AdminPrincipal, batchId: string): Promise<TagBatchView> {
      const batch = await require(admin, batchId)
      if (!mayUndo(batch)) throw new AppError('CONFLICT', 'this batch cannot be taken back')
      const what = { selection: null, segmentId: null, undoOf: batchId, add: batch.remove, remove: batch.add }
      const view = await begin(
        { ...admin, reach: batch.reach },
        { key: `undo-${batchId}`, kind: 'undo', ...what },
        { addNames: batch.removeNames, removeNames: batch.addNames },
      )
      await batches.noteUndone(batch._id, view.batchId)
      return view
    },

    /** What is done stays done. @throws AppError BATCH_NOT_FOUND, CONFLICT when it has ended */
    async stop(admin: AdminPrincipal, batchId: string): Promise<TagBatchView> {
      const batch = await require(admin, batchId)
      if (!(await batches.stop(batch._id, clock.now()))) throw new AppError('CONFLICT', 'this batch has ended already')
      await audit.note(admin, { action: 'customers.tag-batch-stopped', target: batchId })
      return (await toViews(admin.corpId, [await require(admin, batchId)]))[0]!
    },

    /** @throws AppError BATCH_NOT_FOUND */
    async view(admin: AdminPrincipal, batchId: string): Promise<TagBatchView> {
      return (await toViews(admin.corpId, [await require(admin, batchId)]))[0]!
    },

    async list(admin: AdminPrincipal, { before, limit }: Static<typeof PageQuery>): Promise<TagBatchPage> {
      const { corpId, userId, reach } = admin
      const cursor = readCursor(before, ['number', 'string'])
      const found = await batches.list(reach === null ? { corpId } : { corpId, createdBy: userId }, {
        before: cursor && { startedAt: new Date(cursor[0]), id: cursor[1] },
        limit: limit + 1,
      })
      const page = toPage(found, limit, (last) => toCursor(last.startedAt.getTime(), last._id.toHexString()))
      return { batches: await toViews(corpId, page.rows), next: page.next }
    },

    /** What became of each relation. @throws AppError BATCH_NOT_FOUND */
    async rows(
      admin: AdminPrincipal,
      batchId: string,
      { state, before, limit }: BatchRowQuery,
    ): Promise<TagBatchRowPage> {
      const { corpId } = await require(admin, batchId)
      const cursor = readCursor(before, ['string'])
      const found = await batches.listRows(batchId, { state, after: cursor?.[0] ?? null, limit: limit + 1 })
      const page = toPage(found, limit, (last) => toCursor(last._id))
      const [names, people] = await Promise.all([
        guides.names(corpId, [...new Set(page.rows.map(({ userId }) => userId))]),
        entries.byIds(page.rows.map(({ externalUserId }) => `${corpId}/${externalUserId}`)),
      ])
      const nameOf = new Map(people.map(({ externalUserId, name }) => [externalUserId, name]))
      return {
        rows: page.rows.map(({ externalUserId, userId, state: end, code }) => ({
          externalUserId,
          customerName: nameOf.get(externalUserId) ?? '',
          userId,
          guideName: names.get(userId)?.name ?? userId,
          state: end,
          code,
        })),
        next: page.next,
      }
    },
  }
}

export type TagBatchService = ReturnType<typeof createTagBatchService>

const mayUndo = ({ kind, phase, undoneBy }: TagBatch) =>
  kind === 'tag' && undoneBy === null && (phase === 'done' || phase === 'stopped')

function toView(batch: TagBatch, counts: RowCounts, byName: string, now: Date): TagBatchView {
  const { waiting, changed, same, failed } = counts
  const told = changed + failed
  const elapsedMs = batch.taggingAt ? now.getTime() - batch.taggingAt.getTime() : 0
  const isTagging = batch.phase === 'tagging' && waiting > 0 && told > 0
  return {
    batchId: batch._id.toHexString(),
    kind: batch.kind,
    phase: batch.phase,
    byName,
    startedAt: batch.startedAt.toISOString(),
    finishedAt: batch.finishedAt?.toISOString() ?? null,
    addNames: batch.addNames,
    removeNames: batch.removeNames,
    total: waiting + told + same,
    changed,
    same,
    failed,
    etaSec: isTagging ? Math.ceil((waiting * elapsedMs) / told / 1_000) : null,
    failure: batch.failure,
    mayUndo: mayUndo(batch) && changed > 0,
  }
}
