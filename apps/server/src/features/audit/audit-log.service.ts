import type { AuditFilter, AuditPage, AuditQuery, AuditRowView, AuditVerdict } from '@guidebar/contracts'

import type { AdminPrincipal } from '../../platform/access.ts'
import type { AuditRow } from '../../platform/audit/audit.model.ts'
import type { AuditConditions, AuditReader } from '../../platform/audit/audit.reader.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import { toCsvFile } from '../../platform/csv.ts'
import { readCursor, toCursor, toPage } from '../../platform/page-cursor.ts'

type Deps = {
  reader: AuditReader
  audit: AuditService
  directory: { namesOf(corpId: string, userIds: string[]): Promise<Map<string, string>> }
}

const toConditions = ({ from, to, actor, action, target }: AuditFilter): AuditConditions => ({
  actor,
  action,
  target,
  from: from === undefined ? undefined : new Date(from),
  to: to === undefined ? undefined : new Date(to),
})

const head = ['序号', '时间', '操作人', '操作', '对象', '说明', '修改前', '修改后', 'IP', '请求编号']

/** The record for people who look something up in it. */
export function createAuditLogService({ reader, audit, directory }: Deps) {
  return {
    async list({ corpId }: AdminPrincipal, { before, limit, ...filter }: AuditQuery): Promise<AuditPage> {
      const cursor = readCursor(before, ['number'])
      const found = await reader.list(corpId, toConditions(filter), { before: cursor?.[0], limit: limit + 1 })
      const { rows, next } = toPage(found, limit, ({ seq }) => toCursor(seq))
      const names = await directory.namesOf(
        corpId,
        rows.map(({ actorUserId }) => actorUserId),
      )
      return { rows: rows.map((row) => toView(row, names)), next }
    },

    /** A table as a file. That it was taken is on record before the first line leaves. */
    async file(admin: AdminPrincipal, filter: AuditFilter): Promise<AsyncGenerator<string>> {
      await audit.note(admin, { action: 'audit.exported', target: admin.corpId, details: { ...filter } })
      return toCsvFile(head, toCells(reader.all(admin.corpId, toConditions(filter))))
    },

    verify: ({ corpId }: AdminPrincipal): Promise<AuditVerdict> => reader.verify(corpId),
  }
}

export type AuditLogService = ReturnType<typeof createAuditLogService>

function toView(row: AuditRow, names: Map<string, string>): AuditRowView {
  const { seq, at, actorUserId, action, target, details, before, after, ip, requestId } = row
  const actor = { userId: actorUserId, name: names.get(actorUserId) || actorUserId }
  return {
    seq,
    at: at.toISOString(),
    actor,
    action,
    target,
    details: details as Record<string, unknown>,
    before: before ?? null,
    after: after ?? null,
    ip: ip ?? '',
    requestId: requestId ?? '',
  }
}

async function* toCells(rows: AsyncIterable<AuditRow>) {
  for await (const { seq, at, actorUserId, action, target, details, before, after, ip, requestId } of rows)
    yield [
      seq,
      at.toISOString(),
      actorUserId,
      action,
      target,
      Object.keys((details ?? {}) as object).length > 0 ? JSON.stringify(details) : '',
      before ?? '',
      after ?? '',
      ip ?? '',
      requestId ?? '',
    ]
}
