import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  ErrorBody,
  RequestSync,
  SyncGuideReport,
  SyncGuides,
  SyncPageQuery,
  SyncProgress,
  SyncReport,
  SyncReportParams,
} from '@guidebar/contracts'

import type { Corps } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { SyncService } from './sync.service.ts'

const refusals = { '4xx': ErrorBody }

/** Under `/api/admin`. */
export const syncRoutes: FastifyPluginAsyncTypebox<{ sync: SyncService; corps: Corps }> = async (
  app,
  { sync, corps },
) => {
  const corpOf = ({ corpId }: { corpId: string }) => {
    const corp = corps.get(corpId)
    if (!corp) throw new AppError('NOT_FOUND', 'no such corp')
    return corp
  }

  app.get(
    '/sync',
    {
      config: { access: 'admin', can: { action: 'read', subject: 'sync' } },
      schema: { operationId: 'getSyncProgress', response: { 200: SyncProgress, ...refusals } },
    },
    async (request) => sync.progress(request.admin.corpId),
  )

  app.post(
    '/sync',
    {
      config: { access: 'admin', can: { action: 'write', subject: 'sync' }, audit: 'sync.requested' },
      // A call without a body asks for the usual sync.
      preValidation: async (request) => {
        if (request.body === undefined) request.body = {}
      },
      schema: { operationId: 'requestSync', body: RequestSync, response: { 202: SyncProgress, ...refusals } },
    },
    async (request, reply) => reply.code(202).send(await sync.request(corpOf(request.admin), request.body)),
  )

  app.get(
    '/sync/guides',
    {
      config: { access: 'admin', can: { action: 'read', subject: 'sync' } },
      schema: { operationId: 'listSyncGuides', querystring: SyncPageQuery, response: { 200: SyncGuides, ...refusals } },
    },
    async (request) => sync.listGuides(request.admin.corpId, request.query),
  )

  app.get(
    '/sync/report',
    {
      config: { access: 'admin', can: { action: 'read', subject: 'sync' } },
      schema: { operationId: 'getSyncReport', querystring: SyncPageQuery, response: { 200: SyncReport, ...refusals } },
    },
    async (request) => sync.report(request.admin.corpId, request.query),
  )

  for (const decision of ['confirm', 'reject'] as const) {
    app.post(
      `/sync/report/:userId/${decision}`,
      {
        config: { access: 'admin', can: { action: 'write', subject: 'sync' }, audit: `sync.report-${decision}ed` },
        schema: {
          operationId: `${decision}SyncReport`,
          params: SyncReportParams,
          response: { 200: SyncGuideReport, ...refusals },
        },
      },
      async (request) => sync.decide(corpOf(request.admin), request.params.userId, decision, request.admin),
    )
  }
}
