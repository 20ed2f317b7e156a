import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

import type { AuditAction } from './audit.model.ts'
import type { AuditService } from './audit.service.ts'
import { runWithOrigin, type RequestOrigin } from './request-origin.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What calling this route is on record as; every admin route that changes something names it. */
    audit?: AuditAction
  }
  interface FastifyRequest {
    origin: RequestOrigin
  }
}

/**
 * Every change an admin makes goes on record. A service that knows more (before, after) writes its own row with
 * `audit.note`; where it does not, this writes one with the route's action and the ids of its address. It is part of the
 * request: without the row there is no good answer.
 */
export const auditTrail = fp(
  async (app: FastifyInstance, { audit }: { audit: AuditService }) => {
    app.decorateRequest('origin', null as never)
    app.addHook('onRequest', (request, _reply, done) => {
      request.origin = { ip: request.ip, requestId: request.id, isNoted: false }
      runWithOrigin(request.origin, done)
    })
    // Reading the body leaves the first context.
    app.addHook('preValidation', (request, _reply, done) => {
      runWithOrigin(request.origin, done)
    })

    app.addHook('onSend', async (request, reply) => {
      const { audit: action } = request.routeOptions.config
      if (!action || reply.statusCode >= 400 || request.origin.isNoted) return
      const ids = Object.values((request.params ?? {}) as Record<string, string>)
      await audit.note(request.admin, { action, target: ids.join('/') || request.admin.corpId })
    })
  },
  { name: 'audit-trail' },
)
