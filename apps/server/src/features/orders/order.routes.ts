import { CardOpened, ErrorBody, IdempotencyKey, OrderAccepted, OrderIntake } from '@guidebar/contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import type { IdempotencyService } from './idempotency.service.ts'
import type { OrderService } from './order.service.ts'

const shop = { access: 'key:orders:write' } as const
const IdempotencyHeaders = Type.Object({ 'idempotency-key': IdempotencyKey })

/** Under `/open/v1`. */
export const orderRoutes: FastifyPluginAsyncTypebox<{ orders: OrderService; idempotency: IdempotencyService }> = async (
  app,
  { orders, idempotency },
) => {
  app.post(
    '/orders',
    {
      config: shop,
      schema: {
        operationId: 'takeOrder',
        summary: 'A paid order; its token credits it to a guide',
        headers: IdempotencyHeaders,
        body: OrderIntake,
        response: { 200: OrderAccepted, '4xx': ErrorBody },
      },
    },
    async (request) => {
      const { corpId } = request.apiKey
      const key = request.headers['idempotency-key']
      const { body } = await idempotency.run({ corpId, operation: 'takeOrder', key, body: request.body }, async () => ({
        status: 200,
        body: await orders.take(corpId, request.body),
      }))
      return body as OrderAccepted
    },
  )

  app.post(
    '/card-opens',
    {
      config: shop,
      schema: {
        operationId: 'openCard',
        summary: 'A customer opened a card',
        headers: IdempotencyHeaders,
        body: CardOpened,
        response: { 204: Type.Null(), '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const { corpId } = request.apiKey
      const key = request.headers['idempotency-key']
      await idempotency.run({ corpId, operation: 'openCard', key, body: request.body }, async () => {
        await orders.open(corpId, request.body, key)
        return { status: 204, body: null }
      })
      return reply.code(204).send(null)
    },
  )
}
