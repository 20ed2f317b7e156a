import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ContactRules, ErrorBody } from '@guidebar/contracts'

import type { ContactRulesService } from './contact-rules.service.ts'

const reads = { access: 'admin', can: { action: 'read', subject: 'rules' } } as const
const writes = { access: 'admin', can: { action: 'write', subject: 'rules' } } as const
const response = { 200: ContactRules, '4xx': ErrorBody }

/** Under `/api/admin`. */
export const contactRulesRoutes: FastifyPluginAsyncTypebox<{ contactRules: ContactRulesService }> = async (
  app,
  { contactRules },
) => {
  app.get('/contact-rules', { config: reads, schema: { operationId: 'getContactRules', response } }, async (request) =>
    contactRules.read(request.admin.corpId),
  )
  app.put(
    '/contact-rules',
    {
      config: { ...writes, audit: 'rules.contact-changed' },
      schema: { operationId: 'saveContactRules', body: ContactRules, response },
    },
    async (request) => contactRules.save(request.admin, request.body),
  )
}
