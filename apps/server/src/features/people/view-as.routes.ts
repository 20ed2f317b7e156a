import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ErrorBody, ViewAs } from '@guidebar/contracts'
import { Type } from 'typebox'

import type { AuditService } from '../../platform/audit/audit.service.ts'
import { AppError } from '../../platform/errors.ts'
import type { RightsService } from '../../platform/rights/rights.service.ts'
import type { SessionService } from '../../platform/sessions/session.service.ts'

type Options = { rights: RightsService; sessions: SessionService; audit: AuditService }

/** Looking at the panel as another admin sees it: changes nothing, takes nothing out, is on record. Under `/api/admin`. */
export const viewAsRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { rights, sessions, audit }) => {
  const response = { 204: Type.Null(), '4xx': ErrorBody }

  app.post(
    '/view-as',
    {
      config: { access: 'admin', can: { action: 'write', subject: 'rights' }, audit: 'rights.view-began' },
      schema: { operationId: 'beginViewAs', body: ViewAs, response },
    },
    async ({ admin, session, body }, reply) => {
      const { corpId } = admin
      const viewed = await rights.find({ corpId, userId: body.userId })
      if (!viewed || !session || body.userId === admin.userId) throw new AppError('NOT_FOUND', 'no such admin')
      // An admin who is no owner must not learn what only owners see.
      if (viewed.role === 'owner' && admin.role !== 'owner')
        throw new AppError('FORBIDDEN', 'only owners look as owners')
      await audit.note(admin, { action: 'rights.view-began', target: body.userId })
      await sessions.viewAs(session, body.userId)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/view-as',
    {
      config: {
        access: 'admin',
        can: { action: 'write', subject: 'self' },
        audit: 'rights.view-ended',
        whileViewing: true,
      },
      schema: { operationId: 'endViewAs', response },
    },
    async ({ session }, reply) => {
      if (session) await sessions.viewAs(session, '')
      return reply.code(204).send(null)
    },
  )
}
