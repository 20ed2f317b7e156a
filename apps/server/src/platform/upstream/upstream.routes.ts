import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ApiBudget, ErrorBody } from '@guidebar/contracts'

import type { UpstreamService } from './upstream.service.ts'

/** Under `/api/admin`. */
export const upstreamRoutes: FastifyPluginAsyncTypebox<{ upstream: UpstreamService }> = async (app, { upstream }) => {
  app.get(
    '/api-budget',
    {
      config: { access: 'admin', can: { action: 'read', subject: 'sync' } },
      schema: {
        operationId: 'getApiBudget',
        summary: "Calls of WeCom's APIs by all server processes, and what is left of the quota",
        response: { 200: ApiBudget, '4xx': ErrorBody },
      },
    },
    async (request) => upstream.budget(request.admin.corpId),
  )
}
