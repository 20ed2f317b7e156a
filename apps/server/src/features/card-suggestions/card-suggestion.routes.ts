import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { CardSuggestions, ContextQuery, ErrorBody } from '@guidebar/contracts'

import type { CardSuggestionService } from './card-suggestion.service.ts'

/** Under `/api/sidebar`. */
export const cardSuggestionRoutes: FastifyPluginAsyncTypebox<{ suggestions: CardSuggestionService }> = async (
  app,
  { suggestions },
) => {
  app.get(
    '/card-suggestions',
    {
      config: { access: 'guide' },
      schema: {
        operationId: 'suggestCards',
        summary: 'Cards to look at first for one customer or group, each with its reason',
        querystring: ContextQuery,
        response: { 200: CardSuggestions, '4xx': ErrorBody },
      },
    },
    async (request) => suggestions.of(request.guide, request.query),
  )
}
