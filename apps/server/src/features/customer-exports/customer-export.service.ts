import type { CustomerExportView, RelationTag, StartExport } from '@guidebar/contracts'

import type { AdminPrincipal } from '../../platform/access.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import { byteOrderMark } from '../../platform/csv.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { JobContext } from '../../platform/jobs/job.context.ts'
import type { Jobs } from '../../platform/jobs/jobs.ts'
import { beijingDay } from '../../platform/beijing-time.ts'
import type { EntryReader } from '../customers/customer-entry.reader.ts'
import type { CustomerFinder } from '../customers/customer-finder.ts'
import { toExportLines, toHeaderLine, type ExportNames } from './customer-export.lines.ts'
import type { CustomerExport } from './customer-export.model.ts'
import type { CustomerExportRepository } from './customer-export.repository.ts'
import { exportWords } from './export.messages.ts'

type Deps = {
  exports: CustomerExportRepository
  jobs: Pick<Jobs, 'define' | 'enqueue'>
  finder: CustomerFinder
  entries: EntryReader
  guides: { names(corpId: string, userIds: string[]): Promise<ExportNames['guides']> }
  tags: { describe(corpId: string, tagIds: string[]): Promise<RelationTag[]> }
  audit: AuditService
  clock: Clock
}

const name = 'customer-export'
const pageSize = 500
const mostListed = 20
/** A file with people in it does not lie about for longer. */
const keptMs = 24 * 3_600_000

/** Customers as a CSV file, written by a job in parts that a killed process does not lose. */
export function createCustomerExportService(deps: Deps) {
  const { exports, jobs, finder, entries, guides, tags, audit, clock } = deps

  jobs.define<{ exportId: string }>(name, {
    concurrency: 1,
    async handler({ exportId }, ctx) {
      const wanted = await exports.find(exportId)
      if (wanted?.phase === 'writing') await write(ctx, wanted)
    },
  })

  async function write(ctx: JobContext, wanted: CustomerExport): Promise<void> {
    const { corpId, createdBy, reach, selection, language } = wanted
    const exportId = wanted._id.toHexString()
    const { filter } = await finder.fromSelection({ corpId, userId: createdBy, reach }, selection)
    let { cursor, parts, rows, bytes } = wanted
    for (;;) {
      ctx.signal.throwIfAborted()
      const page = (await entries.walk(filter, cursor, pageSize)).map((entry) =>
        finder.within({ corpId, reach }, entry),
      )
      const lines = toExportLines(page, await namesFor(corpId, page), language)
      const text = parts === 0 ? `${byteOrderMark}${toHeaderLine(language)}${lines}` : lines
      const last = page.at(-1)
      if (text) {
        await exports.savePart(exportId, parts, text)
        parts += 1
        bytes += Buffer.byteLength(text)
        rows += page.reduce((sum, { relations }) => sum + relations.length, 0)
      }
      cursor = last?._id ?? cursor
      const isDone = page.length < pageSize
      const end = isDone && { phase: 'done' as const, finishedAt: clock.now() }
      const underWay = { _id: wanted._id, phase: 'writing' }
      if (!(await ctx.guardedUpdate(exports.target, underWay, { cursor, parts, rows, bytes, ...end }))) return
      if (isDone) return
    }
  }

  async function namesFor(corpId: string, page: { relations: { userId: string; tagIds: string[] }[] }[]) {
    const relations = page.flatMap((entry) => entry.relations)
    const [names, words] = await Promise.all([
      guides.names(corpId, [...new Set(relations.map(({ userId }) => userId))]),
      tags.describe(corpId, [...new Set(relations.flatMap(({ tagIds }) => tagIds))]),
    ])
    return { guides: names, tags: words }
  }

  /** A file belongs to who asked for it: another one's was made within another scope. */
  async function require({ corpId, userId }: AdminPrincipal, exportId: string): Promise<CustomerExport> {
    const found = await exports.find(exportId)
    if (!found || found.corpId !== corpId || found.createdBy !== userId)
      throw new AppError('EXPORT_NOT_FOUND', 'no such export of this member')
    return found
  }

  async function toView({ corpId }: AdminPrincipal, row: CustomerExport): Promise<CustomerExportView> {
    const names = await guides.names(corpId, [row.createdBy])
    return {
      exportId: row._id.toHexString(),
      phase: row.expiresAt <= clock.now() ? 'expired' : row.phase,
      byName: names.get(row.createdBy)?.name ?? row.createdBy,
      startedAt: row.startedAt.toISOString(),
      finishedAt: row.finishedAt?.toISOString() ?? null,
      expiresAt: row.expiresAt.toISOString(),
      rows: row.rows,
      bytes: row.bytes,
      failure: row.failure,
    }
  }

  return {
    /** Begins a file; the same key is the same file. On record before anything is written. @throws as `customers.list` */
    async start(admin: AdminPrincipal, { key, selection, language }: StartExport): Promise<CustomerExportView> {
      const { corpId, userId, reach } = admin
      await finder.fromSelection(admin, selection)
      const segmentId = 'filter' in selection ? (selection.filter.segmentId ?? null) : null
      const now = clock.now()
      await audit.note(admin, { key, action: 'customers.export-begun', target: segmentId ?? 'customers' })
      const made = await exports.beginOnce({
        corpId,
        key,
        createdBy: userId,
        reach,
        selection,
        segmentId,
        language,
        phase: 'writing',
        cursor: '',
        parts: 0,
        rows: 0,
        bytes: 0,
        startedAt: now,
        finishedAt: null,
        expiresAt: new Date(now.getTime() + keptMs),
        failure: null,
      })
      const exportId = made._id.toHexString()
      await jobs.enqueue(name, { exportId }, { key: exportId })
      return toView(admin, made)
    },

    async list(admin: AdminPrincipal): Promise<CustomerExportView[]> {
      const rows = await exports.listOwn(admin.corpId, admin.userId, mostListed)
      return Promise.all(rows.map((row) => toView(admin, row)))
    },

    /** On record before the first byte. @throws AppError EXPORT_NOT_FOUND also when it is not done or has expired */
    async download(admin: AdminPrincipal, exportId: string) {
      const row = await require(admin, exportId)
      if (row.phase !== 'done' || row.expiresAt <= clock.now())
        throw new AppError('EXPORT_NOT_FOUND', 'this export is not ready, or has expired')
      await audit.note(admin, { action: 'customers.export-downloaded', target: exportId, details: { rows: row.rows } })
      return {
        fileName: `${exportWords[row.language].fileName}-${beijingDay(row.startedAt)}.csv`,
        bytes: row.bytes,
        parts: exports.readParts(exportId, row.parts),
      }
    },

    sweep: (): Promise<number> => exports.sweep(clock.now()),
  }
}

export type CustomerExportService = ReturnType<typeof createCustomerExportService>
