import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** For everything that is no page: nothing may be loaded or run, and nobody may frame it. */
const apiPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** For answers that come past the hooks, because their address cannot even be read. */
export const bareHeaders = {
  'content-security-policy': apiPolicy,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin',
  'strict-transport-security': 'max-age=31536000',
}

/**
 * Security headers of every answer, errors and unknown addresses included. Pages of ours put their own
 * `content-security-policy` in place; frame-ancestors stands in each of them, so the older X-Frame-Options is left out.
 */
export const securityHeaders = fp(
  async (app: FastifyInstance) => {
    await app.register(helmet, {
      contentSecurityPolicy: false,
      strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
      referrerPolicy: { policy: 'strict-origin' },
      xFrameOptions: false,
    })
    app.addHook('onRequest', async (_request, reply) => {
      // What says nothing else about itself is not kept by anybody.
      reply.headers({ 'content-security-policy': apiPolicy, 'cache-control': 'no-store' })
    })
  },
  { name: 'security-headers' },
)
