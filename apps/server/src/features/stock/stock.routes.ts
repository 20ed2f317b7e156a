import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ErrorBody, IdempotencyKey, StockAccepted, StockIntake, StockQuery, StockView } from '@guidebar/contracts'
import { Type } from 'typebox'

import type { IdempotencyService } from '../orders/idempotency.service.ts'
import type { StockService } from './stock.service.ts'

/** Under `/api/sidebar`. */
export const stockRoutes: FastifyPluginAsyncTypebox<{ stock: StockService }> = async (app, { stock }) => {
  app.get(
    '/stock',
    {
      config: { access: 'guide' },
      schema: {
        operationId: 'getStock',
        summary: 'One product in all stores, the own one first',
        querystring: StockQuery,
        response: { 200: StockView, '4xx': ErrorBody },
      },
    },
    async (request) => stock.bySku(request.guide, request.query.sku),
  )
}

/** Under `/open/v1`. */
export const stockIntakeRoutes: FastifyPluginAsyncTypebox<{
  stock: StockService
  idempotency: IdempotencyService
}> = async (app, { stock, idempotency }) => {
  app.put(
    '/stock',
    {
      config: { access: 'key:stock:write' },
      schema: {
        operationId: 'takeStock',
        summary: 'Stock of up to 1,000 pairs of store and SKU',
        headers: Type.Object({ 'idempotency-key': IdempotencyKey }),
        body: StockIntake,
        response: { 200: StockAccepted, '4xx': ErrorBody },
      },
    },
    async (request) => {
      const { corpId } = request.apiKey
      const call = { operation: 'takeStock', key: request.headers['idempotency-key'], body: request.body }
      const { body } = await idempotency.run({ corpId, ...call }, async () => ({
        status: 200,
        body: await stock.take(corpId, request.body),
      }))
      return body as StockAccepted
    },
  )
}
