import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

import { pathOf } from '../log.ts'
import { requireOpsToken } from '../ops-token.ts'
import type { Metrics } from './metrics.ts'

type Options = { metrics: Metrics; opsToken: string | null }

/** Counts every request, and shows all figures at `/metrics` to whoever holds the ops token. */
export const metricsRoutes = fp(
  async (app: FastifyInstance, { metrics, opsToken }: Options) => {
    app.addHook('onResponse', async (request, reply) => {
      metrics.observeRequest({
        method: request.method,
        route: pathOf(request),
        status: reply.statusCode,
        ms: reply.elapsedTime,
      })
    })

    app.get(
      '/metrics',
      {
        config: { access: 'public', limit: 'none' },
        schema: { operationId: 'metrics', summary: 'Figures for Prometheus; needs the ops token' },
      },
      async (request, reply) => {
        requireOpsToken(request, opsToken)
        return reply.type(metrics.contentType).send(await metrics.text())
      },
    )
  },
  { name: 'metrics' },
)
