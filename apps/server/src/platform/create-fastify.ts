import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { Writable } from 'node:stream'
import { constants } from 'node:zlib'

import compress from '@fastify/compress'
import fastifyStatic from '@fastify/static'
import Fastify, {
  LogController,
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyServerOptions,
} from 'fastify'

import type { Config } from './config.ts'
import { classify, sendError } from './error-handler.ts'
import { bareHeaders, securityHeaders } from './headers.ts'
import { loggerOptions, pathOf } from './log.ts'
import { strictValidation } from './validation.ts'

const bodyLimitBytes = 256 * 1024
/** Within which a client has sent all of its request; checked each second, so a slow one is gone after ten. */
const mostRequestMs = 9_000

/** A Fastify with our limits, log, headers and checks, and no route yet. */
export async function createFastify(input: { config: Config; logStream?: Writable }): Promise<FastifyInstance> {
  const { config, logStream } = input
  const options: FastifyHttpOptions<Server> = {
    logger: loggerOptions(config.logLevel, logStream) as FastifyServerOptions['logger'],
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => randomUUID(),
    bodyLimit: bodyLimitBytes,
    requestTimeout: mostRequestMs,
    // Node looks for slow clients only every half minute unless told otherwise.
    http: { headersTimeout: mostRequestMs, connectionsCheckingInterval: 1_000 },
    keepAliveTimeout: 10_000,
    forceCloseConnections: 'idle',
    trustProxy: config.trustProxy ? [...config.trustProxy] : false,
    routerOptions: { maxParamLength: 128 },
    // Addresses that cannot be read come past the hooks, so they get their headers here.
    frameworkErrors: (error, request, reply) => {
      void reply.headers(bareHeaders)
      void sendError(request, reply, classify(error))
    },
  }
  const app = Fastify(options)

  app.addHook('onResponse', async (request, reply) => {
    const { method } = request
    request.log.info(
      { method, path: pathOf(request), status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    )
  })
  await app.register(strictValidation)
  await app.register(securityHeaders)
  await app.register(compress, {
    global: true,
    globalDecompression: false,
    threshold: 1_024,
    encodings: ['br', 'gzip'],
    // The default level is meant for files compressed once; answers are compressed each time.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } },
  })
  await app.register(fastifyStatic, {
    serve: false,
    root: import.meta.dirname,
    index: false,
    dotfiles: 'deny',
    preCompressed: true,
  })
  return app
}
