import {
  importLimits,
  type ContentQuery,
  type ImportField,
  type ImportMapping,
  type ImportRowPage,
  type ImportVerdict,
  type MapReplyImport,
  type ReplyImportView,
  type SaveQuickReply,
  type WordLocale,
} from '@guidebar/contracts'
import { trusted, Types } from 'mongoose'

import { CsvFault, parseCsv, toCsv } from '../../platform/csv/csv.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { Jobs } from '../../platform/jobs/jobs.ts'
import { readCursor, toCursor, toPage } from '../../platform/page-cursor.ts'
import type { Shelf } from '../../platform/shelf/shelf.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { Actor } from '../content/content.actor.ts'
import type { ContentService } from '../content/content.service.ts'
import { guessMapping, isMapped, signatureOf } from './import.columns.ts'
import { toImportFault, toRepair, type RowFault, type RowFaultCode } from './import.faults.ts'
import type { ImportRow, ReplyImport } from './import.model.ts'
import type { ImportRepository } from './import.repository.ts'
import { exportHeadings, rejectHeadings } from './import.headings.ts'
import { createImportWorker, type ImportJob } from './import.worker.ts'
import { toReplyText } from './reply-text.ts'
import { createRowJudge, placeOf, type KnownReply } from './row.judge.ts'

type Deps = {
  imports: ImportRepository
  shelf: Shelf
  content: ContentService
  stores: {
    listStores(corpId: string): Promise<{ id: string; name: string }[]>
    people(corpId: string, userIds: string[]): Promise<Map<string, { name: string }>>
  }
  jobs: Jobs
  audit: AuditService
  clock: Clock
}

const mostKnown = 20_000
const sampleRows = 5
const noCounts: Record<ImportVerdict, number> = { create: 0, update: 0, skip: 0, bad: 0 }
const commitJob = 'reply-import'
const undoJob = 'reply-import-undo'

/** Files of replies: mapped, judged, looked at, then written by a job and, if wanted, taken back. */
export function createReplyImportService({ imports, shelf, content, stores, jobs, audit, clock }: Deps) {
  const worker = createImportWorker({ imports, shelf, clock })
  jobs.define<ImportJob>(commitJob, { handler: worker.commit, concurrency: 1 })
  jobs.define<ImportJob>(undoJob, { handler: worker.undo, concurrency: 1 })

  async function require({ corpId, userId, reach }: Actor, id: string): Promise<ReplyImport> {
    const one = await imports.find(corpId, id)
    // A file may hold what only its owner reaches.
    if (!one || (reach && one.byUserId !== userId)) throw new AppError('NOT_FOUND', 'no such import')
    return one
  }

  async function listKnown(corpId: string): Promise<Map<string, KnownReply>> {
    const filter = { corpId, scope: trusted({ $in: ['corp', 'store'] }), archivedAt: null }
    const rows = await shelf.list(filter, { after: null, limit: mostKnown })
    return new Map(
      rows.map((row) => {
        const { folder, title, storeId = '', _id: id, expiresOn } = row
        const known = shelf.toContent(row) as SaveQuickReply
        return [placeOf(storeId, folder, title), { id, content: known, expiresOn: expiresOn ?? null }]
      }),
    )
  }

  /** Judges every row; nothing of the replies is written. */
  async function judge(actor: Actor, one: ReplyImport, input: MapReplyImport): Promise<ReplyImport> {
    const { corpId, reach } = actor
    const importId = one._id.toHexString()
    const [all, known, rows] = await Promise.all([stores.listStores(corpId), listKnown(corpId), imports.all(importId)])
    const mine = all.filter(({ id }) => !reach || reach.storeIds.includes(id))
    if (input.storeId && !mine.some(({ id }) => id === input.storeId)) throw new AppError('NOT_FOUND', 'no such store')
    const judgeRow = createRowJudge({
      mapping: input.mapping,
      columns: one.headings.length,
      storeId: input.storeId,
      forEverybody: !reach,
      stores: new Map(mine.flatMap(({ id, name }) => [[id, id] as const, [name, id] as const])),
      known,
      check: (reply) => shelf.check(corpId, reply),
    })

    const counts = { ...noCounts }
    const faults = new Map<RowFaultCode, number>()
    const judged = []
    for (const row of rows) {
      const { itemId, ...verdict } = await judgeRow(row)
      counts[verdict.verdict] += 1
      for (const code of new Set(verdict.faults.map(({ code }) => code))) faults.set(code, (faults.get(code) ?? 0) + 1)
      judged.push({ _id: row._id, ...verdict, itemId: verdict.verdict === 'create' ? new Types.ObjectId() : itemId })
    }
    await imports.saveJudged(judged)
    const grouped = [...faults].map(([code, count]) => ({ code, rows: count })).toSorted((a, b) => b.rows - a.rows)
    const { mapping, storeId } = input
    const changed = { state: 'checked', mapping, storeId, counts, faults: grouped } as const
    return (await imports.change(corpId, importId, ['mapping', 'checked'], changed)) ?? requireState()
  }

  async function toView(one: ReplyImport, locale: WordLocale): Promise<ReplyImportView> {
    const id = one._id.toHexString()
    const [done, sample, people] = await Promise.all([
      imports.countOutcomes(id),
      imports.page(id, { after: 0, limit: sampleRows }),
      stores.people(one.corpId, [one.byUserId]),
    ])
    const { created = 0, updated = 0, review = 0, undone = 0, left = 0, open = 0 } = done
    const total = created + updated + review + undone + left + open
    return {
      id,
      fileName: one.fileName,
      state: one.state,
      byName: people.get(one.byUserId)?.name ?? one.byUserId,
      at: one.createdAt.toISOString(),
      headings: one.headings,
      sample: sample.map(({ cells }) => cells),
      mapping: one.mapping,
      storeId: one.storeId,
      rows: one.rows,
      counts: one.counts,
      faults: one.faults.map(({ code, rows }) => ({ code, rows, fix: toRepair(code as RowFaultCode, locale) })),
      progress: {
        done: one.state === 'undoing' || one.state === 'undone' ? undone + left : total - open,
        total,
        startedAt: one.startedAt?.toISOString() ?? null,
        endedAt: one.endedAt?.toISOString() ?? null,
      },
      result: { created, updated, forReview: review, undone, left },
    }
  }

  const columnNamer =
    ({ headings, mapping }: Pick<ReplyImport, 'headings' | 'mapping'>) =>
    (field: ImportField) =>
      mapping[field] === null ? field : (headings[mapping[field]] ?? String(mapping[field] + 1))

  const toFaults = (one: ReplyImport, faults: RowFault[], locale: WordLocale) =>
    faults.map((fault) => toImportFault(fault, columnNamer(one), locale))

  return {
    /**
     * Takes a file. When its columns are plain, or were mapped before, its rows are judged at once.
     * @throws AppError BAD_REQUEST when it is no CSV, UNSUPPORTED_MEDIA_TYPE for a workbook
     */
    async upload(actor: Actor, { fileName, bytes }: { fileName: string; bytes: Buffer }, locale: WordLocale) {
      const { corpId, userId, reach } = actor
      const [headings = [], ...lines] = readFile(bytes)
      const rows = lines
        .map((cells, index) => ({ row: index + 2, cells }))
        .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
      if (rows.length === 0) throw new AppError('BAD_REQUEST', 'the file has no rows', { at: '/rows' })
      const signature = signatureOf(headings)
      const mapping: ImportMapping = (await imports.findMapping(corpId, signature)) ?? guessMapping(headings)
      const one: ReplyImport = {
        _id: new Types.ObjectId(),
        corpId,
        byUserId: userId,
        fileName,
        state: 'mapping',
        signature,
        headings: headings.map((heading, index) => heading.trim() || String(index + 1)),
        mapping,
        storeId: reach ? (reach.storeIds[0] ?? '') : '',
        rows: rows.length,
        counts: noCounts,
        faults: [],
        forReview: false,
        startedAt: null,
        endedAt: null,
        createdAt: clock.now(),
      }
      await audit.note(actor, { action: 'reply-import.uploaded', target: one._id.toHexString() })
      await imports.insert(one, rows)
      return toView(isMapped(mapping) ? await judge(actor, one, one) : one, locale)
    },

    async list({ corpId, userId, reach }: Actor, locale: WordLocale) {
      const all = await imports.list(corpId, reach ? userId : null)
      return { imports: await Promise.all(all.map((one) => toView(one, locale))) }
    },

    get: async (actor: Actor, id: string, locale: WordLocale): Promise<ReplyImportView> =>
      toView(await require(actor, id), locale),

    /** @throws AppError BAD_REQUEST without title or content, CONFLICT once it is written */
    async map(actor: Actor, id: string, input: MapReplyImport, locale: WordLocale): Promise<ReplyImportView> {
      const one = await require(actor, id)
      if (!isMapped(input.mapping))
        throw new AppError('BAD_REQUEST', 'title and content are needed', { at: '/mapping' })
      await audit.note(actor, { action: 'reply-import.mapped', target: id })
      return toView(await judge(actor, one, input), locale)
    },

    /** In the order of the file. */
    async rows(
      actor: Actor,
      id: string,
      {
        verdict,
        before,
        limit,
        locale,
      }: { verdict?: ImportVerdict; before?: string; limit: number; locale: WordLocale },
    ): Promise<ImportRowPage> {
      const one = await require(actor, id)
      const after = readCursor(before, ['number'])?.[0] ?? 0
      const rows = await imports.page(id, { verdict, after, limit: limit + 1 })
      const page = toPage(rows, limit, ({ row }) => toCursor(row))
      return { rows: page.rows.map((row) => toRowView(one, row, locale)), next: page.next }
    },

    /**
     * Lets the job write what is good. Again, it finds its own work.
     * @throws AppError CONFLICT before the rows are judged, FORBIDDEN without the right to publish
     */
    async commit(actor: Actor, id: string, locale: WordLocale): Promise<ReplyImportView> {
      const one = await require(actor, id)
      const { needsSecondPerson: forReview } = await content.rules(actor.corpId)
      if (!forReview && !actor.ability.can('publish', 'replies')) throw new AppError('FORBIDDEN', 'this takes publish')
      if (one.state === 'mapping') throw new AppError('CONFLICT', 'the columns are not mapped yet')
      if (one.state === 'checked') {
        await audit.note(actor, { action: 'reply-import.committed', target: id, details: { ...one.counts } })
        const fields = { state: 'committing', forReview, startedAt: clock.now(), endedAt: null } as const
        await imports.change(actor.corpId, id, ['checked'], fields)
      }
      const now = await require(actor, id)
      if (now.state === 'committing') await enqueue(commitJob, now)
      return toView(now, locale)
    },

    /** What was new goes, what was changed is as before; what somebody changed since stays. @throws AppError CONFLICT */
    async undo(actor: Actor, id: string, locale: WordLocale): Promise<ReplyImportView> {
      const one = await require(actor, id)
      if (one.state === 'mapping' || one.state === 'checked' || one.state === 'committing')
        throw new AppError('CONFLICT', 'nothing is written yet')
      if (one.state === 'committed') {
        await audit.note(actor, { action: 'reply-import.undone', target: id })
        const fields = { state: 'undoing', startedAt: clock.now(), endedAt: null } as const
        await imports.change(actor.corpId, id, ['committed'], fields)
      }
      const now = await require(actor, id)
      if (now.state === 'undoing') await enqueue(undoJob, now)
      return toView(now, locale)
    },

    /** The bad rows as they stood in the file, each with what to put right. */
    async rejects(actor: Actor, id: string, locale: WordLocale): Promise<string> {
      const one = await require(actor, id)
      const rows = (await imports.all(id)).filter(({ verdict }) => verdict === 'bad')
      return toCsv([
        [...one.headings, ...rejectHeadings[locale]],
        ...rows.map(({ cells, row, faults }) => {
          const told = toFaults(one, faults, locale)
          const filled = one.headings.map((_, index) => cells[index] ?? '')
          const join = (pick: (fault: (typeof told)[number]) => string) => told.map(pick).join('; ')
          return [
            ...filled,
            row,
            join((f) => f.column),
            join((f) => f.expected),
            join((f) => f.found),
            join((f) => f.fix),
          ]
        }),
      ])
    },

    /** Replies as a file that comes back in as it went out. */
    async exportReplies(
      actor: Actor,
      query: Omit<ContentQuery, 'limit' | 'before'>,
      locale: WordLocale,
    ): Promise<string> {
      const lines: (string | number)[][] = [exportHeadings[locale]]
      for await (const rows of content.rowsFor(actor, 'replies', query))
        for (const { row, content: reply } of rows) {
          const { folder, title, shortcut, parts } = reply as SaveQuickReply
          lines.push([folder, title, toReplyText(parts), shortcut, row.expiresOn ?? '', row.storeName, row.uses])
        }
      await audit.note(actor, { action: 'content.exported', target: 'replies', details: { rows: lines.length - 1 } })
      return toCsv(lines)
    },
  }

  async function enqueue(name: string, { corpId, _id }: ReplyImport): Promise<void> {
    const importId = _id.toHexString()
    await jobs.enqueue(name, { corpId, importId }, { key: importId })
  }

  function toRowView(one: ReplyImport, row: ImportRow, locale: WordLocale): ImportRowPage['rows'][number] {
    const cellOf = (field: ImportField) => (one.mapping[field] === null ? '' : (row.cells[one.mapping[field]] ?? ''))
    return {
      row: row.row,
      verdict: row.verdict,
      folder: cellOf('folder'),
      title: cellOf('title'),
      text: cellOf('content').slice(0, 200),
      faults: toFaults(one, row.faults, locale),
    }
  }
}

export type ReplyImportService = ReturnType<typeof createReplyImportService>

function readFile(bytes: Buffer): string[][] {
  try {
    const rows = parseCsv(bytes, importLimits)
    if (rows.length < 2) throw new AppError('BAD_REQUEST', 'the file has no rows', { at: '/rows' })
    return rows
  } catch (error) {
    if (!(error instanceof CsvFault)) throw error
    if (error.message.includes('workbook')) throw new AppError('UNSUPPORTED_MEDIA_TYPE', error.message)
    throw new AppError('BAD_REQUEST', `no CSV: ${error.message}`, { at: `/rows/${error.line ?? ''}` })
  }
}

function requireState(): never {
  throw new AppError('CONFLICT', 'it is written already')
}
