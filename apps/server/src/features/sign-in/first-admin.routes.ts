import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ErrorBody, FirstAdminCode, FirstAdminState } from '@guidebar/contracts'
import { Type } from 'typebox'

import type { AuditService } from '../../platform/audit/audit.service.ts'
import { cookieNames, cookieOptions } from '../../platform/cookies.ts'
import type { Corps } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { firstAdminUserId, installationId } from '../../platform/rights/first-admin.rights.ts'
import type { FirstAdminService } from '../../platform/rights/first-admin.service.ts'
import type { SessionService } from '../../platform/sessions/session.service.ts'

type Options = { firstAdmin: FirstAdminService; sessions: SessionService; audit: AuditService; corps: Corps }

/** The way in before there is an owner. Under `/admin/auth`. */
export const firstAdminRoutes: FastifyPluginAsyncTypebox<Options> = async (
  app,
  { firstAdmin, sessions, audit, corps },
) => {
  const corpId = () => corps.default?.corpId ?? installationId

  app.get(
    '/first-admin',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getFirstAdminState',
        summary: 'Whether a one-time code can make the first owner',
        response: { 200: FirstAdminState },
      },
    },
    async () => ({ open: await firstAdmin.isOpen(corpId()) }),
  )

  app.post(
    '/first-admin',
    {
      config: { access: 'public', limit: 'signIn' },
      schema: {
        operationId: 'enterAsFirstAdmin',
        summary:
          'Takes the one-time code; the session opens the set-up, and the next sign-in through WeCom is the owner',
        body: FirstAdminCode,
        response: { 204: Type.Null(), '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const member = { corpId: corpId(), userId: firstAdminUserId }
      if (!(await firstAdmin.redeem(member.corpId, request.body.code)))
        throw new AppError('FORBIDDEN', 'this code is wrong, used or too old')
      await audit.note(member, { action: 'session.began', target: firstAdminUserId })
      const sessionId = await sessions.begin('admin', member, 0)
      return reply.setCookie(cookieNames.admin, sessionId, cookieOptions).code(204).send(null)
    },
  )
}
