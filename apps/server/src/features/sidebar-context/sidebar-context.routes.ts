import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ContextQuery, ErrorBody, SidebarContext } from '@guidebar/contracts'

import type { SidebarContextService } from './sidebar-context.service.ts'

/** Under `/api/sidebar`. */
export const sidebarContextRoutes: FastifyPluginAsyncTypebox<{ contexts: SidebarContextService }> = async (
  app,
  { contexts },
) => {
  app.get(
    '/context',
    {
      config: { access: 'guide' },
      schema: {
        operationId: 'getContext',
        querystring: ContextQuery,
        response: { 200: SidebarContext, '4xx': ErrorBody },
      },
      // The answer is put together field by field, so a second pass by schema would only cost time on the hottest path.
      serializerCompiler: () => JSON.stringify,
    },
    async (request) => contexts.of(request.guide, request.query),
  )
}
