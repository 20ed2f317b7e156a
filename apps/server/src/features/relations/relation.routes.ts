import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { CustomerParams, EditRemark, ErrorBody, MarkTags, RelationView } from '@guidebar/contracts'

import type { RelationService } from './relation.service.ts'

const answers = { 200: RelationView, '4xx': ErrorBody, '5xx': ErrorBody }

/** Under `/api/sidebar`. The guide comes from the session, never from the body: nobody writes on another's behalf. */
export const relationRoutes: FastifyPluginAsyncTypebox<{ relations: RelationService }> = async (app, { relations }) => {
  app.put(
    '/customers/:externalUserId/tags',
    {
      config: { access: 'guide' },
      schema: { operationId: 'markTags', params: CustomerParams, body: MarkTags, response: answers },
    },
    async (request) => relations.markTags({ ...request.guide, ...request.params }, request.body),
  )

  app.put(
    '/customers/:externalUserId/remark',
    {
      config: { access: 'guide' },
      schema: { operationId: 'editRemark', params: CustomerParams, body: EditRemark, response: answers },
    },
    async (request) => relations.editRemark({ ...request.guide, ...request.params }, request.body),
  )
}
