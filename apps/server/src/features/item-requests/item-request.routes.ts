import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ErrorBody, ItemRequested, ItemRequestPage, ItemRequestQuery, RequestItem } from '@guidebar/contracts'

import type { ItemRequestService } from './item-request.service.ts'

type Options = { itemRequests: ItemRequestService }

/** Under `/api/sidebar`. */
export const itemRequestRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { itemRequests }) => {
  app.post(
    '/item-requests',
    {
      config: { access: 'guide' },
      schema: {
        operationId: 'requestItem',
        summary: 'A customer asked for something the firm does not sell',
        body: RequestItem,
        response: { 200: ItemRequested, '4xx': ErrorBody },
      },
    },
    async (request) => itemRequests.add(request.guide, request.body),
  )
}

/** Under `/api/admin`. */
export const itemRequestAdminRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { itemRequests }) => {
  app.get(
    '/item-requests',
    {
      config: { access: 'admin', can: { action: 'read', subject: 'itemRequests' } },
      schema: {
        operationId: 'listItemRequests',
        querystring: ItemRequestQuery,
        response: { 200: ItemRequestPage, '4xx': ErrorBody },
      },
    },
    async (request) => itemRequests.list(request.admin, request.query),
  )
}
