import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ContactRules, ErrorBody } from '@guidebar/contracts'

import type { ContactRulesService } from './contact-rules.service.ts'

const config = { access: 'admin' } as const
const response = { 200: ContactRules, '4xx': ErrorBody }

/** Under `/api/admin`. */
export const contactRulesRoutes: FastifyPluginAsyncTypebox<{ contactRules: ContactRulesService }> = async (
  app,
  { contactRules },
) => {
  app.get('/contact-rules', { config, schema: { operationId: 'getContactRules', response } }, async (request) =>
    contactRules.read(request.admin.corpId),
  )
  app.put(
    '/contact-rules',
    { config, schema: { operationId: 'saveContactRules', body: ContactRules, response } },
    async (request) => contactRules.save(request.admin, request.body),
  )
}
