import { CardCatalogue, ErrorBody } from '@guidebar/contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { replyNotModified } from '../../platform/etag.ts'
import type { StockService } from '../stock/stock.service.ts'
import type { CardService } from './card.service.ts'

/** Under `/api/sidebar`. */
export const cardRoutes: FastifyPluginAsyncTypebox<{ cards: CardService; stock: StockService }> = async (
  app,
  { cards, stock },
) => {
  app.get(
    '/cards',
    {
      config: { access: 'guide' },
      schema: {
        operationId: 'listCards',
        summary: 'All cards a guide may send',
        response: { 200: CardCatalogue, '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const versions = await Promise.all([cards.version(request.guide), stock.version(request.guide)])
      if (replyNotModified(request, reply, versions.join('/'))) return reply
      const [catalogue, own] = await Promise.all([cards.catalogue(request.guide), stock.ofOwnStore(request.guide)])
      return { ...catalogue, stock: own }
    },
  )
}
