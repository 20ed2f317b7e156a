import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { CustomerParams, ErrorBody, TimelinePage, TimelineQuery } from '@guidebar/contracts'

import type { TimelineService } from './timeline.service.ts'

/** Under `/api/sidebar`. */
export const timelineRoutes: FastifyPluginAsyncTypebox<{ timeline: TimelineService }> = async (app, { timeline }) => {
  app.get(
    '/customers/:externalUserId/timeline',
    {
      config: { access: 'guide' },
      schema: {
        operationId: 'listTimeline',
        summary: 'Everything between this guide and a customer, newest first',
        params: CustomerParams,
        querystring: TimelineQuery,
        response: { 200: TimelinePage, '4xx': ErrorBody },
      },
    },
    async (request) => timeline.list(request.guide, request.params.externalUserId, request.query),
  )
}
