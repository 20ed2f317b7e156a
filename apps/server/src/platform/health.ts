import { Type } from 'typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Connection } from 'mongoose'

import type { Corps } from './deps.ts'
import { requireOpsToken } from './ops-token.ts'

const Liveness = Type.Object({ status: Type.Literal('alive') })
const Readiness = Type.Object({
  status: Type.Union([Type.Literal('ready'), Type.Literal('not-ready')]),
  storage: Type.Boolean(),
  /** For people: WeCom being away does not make this server unready. */
  wecom: Type.Boolean(),
})

const pingTimeoutMs = 1_000

type Options = { db: Connection; corps: Corps; opsToken: string | null }

/** `/livez`: the process answers. `/readyz`: it can work; only for whoever holds the ops token. */
export const healthRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { db, corps, opsToken }) => {
  let isStopping = false
  app.addHook('preClose', async () => {
    isStopping = true
  })

  app.get(
    '/livez',
    {
      config: { access: 'public', limit: 'none' },
      schema: { operationId: 'livez', summary: 'The process answers', response: { 200: Liveness } },
    },
    async () => ({ status: 'alive' as const }),
  )

  app.get(
    '/readyz',
    {
      config: { access: 'public', limit: 'none' },
      schema: {
        operationId: 'readyz',
        summary: 'The server can work; needs the ops token',
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (request, reply) => {
      requireOpsToken(request, opsToken)
      const storage = await pings(db)
      const isReady = storage && !isStopping
      return reply.code(isReady ? 200 : 503).send({
        status: isReady ? 'ready' : 'not-ready',
        storage,
        wecom: corps.all().every((corp) => corp.health.reachable),
      })
    },
  )
}

async function pings(db: Connection): Promise<boolean> {
  try {
    await db.db?.command({ ping: 1 }, { timeoutMS: pingTimeoutMs })
    return db.db !== undefined
  } catch {
    return false
  }
}
