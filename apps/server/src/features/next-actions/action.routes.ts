import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ActionRules, CustomerParams, ErrorBody, MyDayPage, MyDayQuery, PutAwayAction } from '@guidebar/contracts'
import { Type } from 'typebox'

import type { ActionService } from './action.service.ts'

type Options = { actions: ActionService }

/** Under `/api/sidebar`. */
export const actionRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { actions }) => {
  const config = { access: 'guide' } as const
  app.get(
    '/my-day',
    {
      config,
      schema: {
        operationId: 'getMyDay',
        summary: 'Which customers to turn to today, and why',
        querystring: MyDayQuery,
        response: { 200: MyDayPage, '4xx': ErrorBody },
      },
    },
    async (request) => actions.myDay(request.guide, request.query),
  )
  app.post(
    '/customers/:externalUserId/next-action/put-away',
    {
      config,
      schema: {
        operationId: 'putAwayAction',
        summary: 'Puts an occasion away, for good or until a moment',
        params: CustomerParams,
        body: PutAwayAction,
        response: { 204: Type.Null(), '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      await actions.putAway(request.guide, request.params.externalUserId, request.body)
      return reply.code(204).send(null)
    },
  )
}

/** Under `/api/admin`. */
export const actionAdminRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { actions }) => {
  const reads = { access: 'admin', can: { action: 'read', subject: 'rules' } } as const
  const writes = { access: 'admin', can: { action: 'write', subject: 'rules' } } as const
  const response = { 200: ActionRules, '4xx': ErrorBody }
  app.get('/action-rules', { config: reads, schema: { operationId: 'getActionRules', response } }, async (request) =>
    actions.rules(request.admin.corpId),
  )
  app.put(
    '/action-rules',
    {
      config: { ...writes, audit: 'rules.actions-changed' },
      schema: { operationId: 'saveActionRules', body: ActionRules, response },
    },
    async (request) => actions.saveRules(request.admin, request.body),
  )
}
