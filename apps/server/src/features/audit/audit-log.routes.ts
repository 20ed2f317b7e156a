import { Readable } from 'node:stream'

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AuditFilter, AuditPage, AuditQuery, AuditVerdict, ErrorBody } from '@guidebar/contracts'
import { Type } from 'typebox'

import type { AuditLogService } from './audit-log.service.ts'

/** Under `/api/admin`. */
export const auditLogRoutes: FastifyPluginAsyncTypebox<{ auditLog: AuditLogService }> = async (app, { auditLog }) => {
  const reads = { access: 'admin', can: { action: 'read', subject: 'audit' } } as const

  app.get(
    '/audit',
    {
      config: reads,
      schema: { operationId: 'listAudit', querystring: AuditQuery, response: { 200: AuditPage, '4xx': ErrorBody } },
    },
    async ({ admin, query }) => auditLog.list(admin, query),
  )

  app.get(
    '/audit/verdict',
    {
      config: reads,
      schema: {
        operationId: 'verifyAudit',
        summary: 'Walks the whole chain: says whether anything was changed or taken out',
        response: { 200: AuditVerdict, '4xx': ErrorBody },
      },
    },
    async ({ admin }) => auditLog.verify(admin),
  )

  app.get(
    '/audit/export',
    {
      config: { access: 'admin', can: { action: 'export', subject: 'audit' }, reauth: true, limit: 'export' },
      schema: {
        operationId: 'exportAudit',
        querystring: AuditFilter,
        response: { 200: Type.Unknown(), '4xx': ErrorBody },
      },
    },
    async ({ admin, query }, reply) =>
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="guidebar-audit.csv"')
        .send(Readable.from(await auditLog.file(admin, query))),
  )
}
