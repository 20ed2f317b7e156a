import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ErrorBody, ResultsView } from '@guidebar/contracts'

import type { ResultsService } from './results.service.ts'

/** Under `/api/sidebar`. */
export const resultsRoutes: FastifyPluginAsyncTypebox<{ results: ResultsService }> = async (app, { results }) => {
  app.get(
    '/results',
    {
      config: { access: 'guide' },
      schema: {
        operationId: 'getResults',
        summary: "The guide's own results of this month, day by day",
        response: { 200: ResultsView, '4xx': ErrorBody },
      },
    },
    async (request) => results.ofMonth(request.guide),
  )
}
