import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  CallbackArmed,
  CallbackDeadLetterPage,
  CallbackDeadLetters,
  CallbackEventId,
  CallbackOverview,
  ErrorBody,
} from '@guidebar/contracts'
import { Type } from 'typebox'

import type { CallbackAdminService } from './callback-admin.service.ts'

/** Under `/api/admin`. */
export const callbackAdminRoutes: FastifyPluginAsyncTypebox<{ callbackAdmin: CallbackAdminService }> = async (
  app,
  { callbackAdmin },
) => {
  const reads = { access: 'admin', can: { action: 'read', subject: 'sync' } } as const
  const writes = { access: 'admin', can: { action: 'write', subject: 'sync' } } as const

  app.get(
    '/callbacks',
    {
      config: reads,
      schema: { operationId: 'getCallbackOverview', response: { 200: CallbackOverview, '4xx': ErrorBody } },
    },
    async ({ admin }) => callbackAdmin.overview(admin.corpId),
  )

  app.get(
    '/callbacks/dead-letters',
    {
      config: reads,
      schema: {
        operationId: 'listCallbackDeadLetters',
        querystring: CallbackDeadLetterPage,
        response: { 200: CallbackDeadLetters, '4xx': ErrorBody },
      },
    },
    async ({ admin, query }) => callbackAdmin.deadLetters(admin.corpId, query),
  )

  app.post(
    '/callbacks/dead-letters/:id/retry',
    {
      config: { ...writes, audit: 'callbacks.retried' },
      schema: {
        operationId: 'retryCallbackDeadLetter',
        params: Type.Object({ id: CallbackEventId }),
        response: { 204: Type.Null(), '4xx': ErrorBody },
      },
    },
    async ({ admin, params }, reply) => {
      await callbackAdmin.retry(admin.corpId, params.id)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/callbacks/arm',
    {
      config: { ...writes, audit: 'callbacks.armed' },
      schema: { operationId: 'armCallbackCheck', response: { 200: CallbackArmed, '4xx': ErrorBody } },
    },
    async ({ admin }) => callbackAdmin.arm(admin.corpId),
  )
}
