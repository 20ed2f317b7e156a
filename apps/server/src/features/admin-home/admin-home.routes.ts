import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AdminHome, AdminView, ErrorBody, HomeQuery } from '@guidebar/contracts'

import type { AdminHomeService } from './admin-home.service.ts'

/** Under `/api/admin`. */
export const adminHomeRoutes: FastifyPluginAsyncTypebox<{ adminHome: AdminHomeService }> = async (
  app,
  { adminHome },
) => {
  app.get(
    '/me',
    {
      config: { access: 'admin', can: { action: 'read', subject: 'self' } },
      schema: { operationId: 'getAdmin', response: { 200: AdminView, '4xx': ErrorBody } },
    },
    async (request) => adminHome.me(request.admin),
  )

  app.get(
    '/home',
    {
      config: { access: 'admin', can: { action: 'read', subject: 'home' } },
      schema: { operationId: 'getAdminHome', querystring: HomeQuery, response: { 200: AdminHome, '4xx': ErrorBody } },
    },
    async (request) => adminHome.home(request.admin, request.query.lang),
  )
}
