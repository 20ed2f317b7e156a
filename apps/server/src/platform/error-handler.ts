import { checkOfErrcode, type ErrorBody } from '@guidebar/contracts'
import { WecomError, WecomUnavailable } from '@guidebar/wecom'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { mongo, MongooseError } from 'mongoose'

import type { RouteRule } from './access.ts'
import { AppError } from './errors.ts'
import { toAppError } from './wecom-errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A page for people: failures are answered with a page as well. */
    page?: (request: FastifyRequest, reply: FastifyReply, error: AppError) => FastifyReply
  }
}

/** One handler and one shape for everything that goes wrong, unknown paths and wrong methods included. */
export const errorHandler = fp(
  async (app: FastifyInstance, { rules }: { rules: RouteRule[] }) => {
    app.setErrorHandler((thrown: FastifyError, request, reply) => {
      const error = classify(thrown)
      if (error.status >= 500) request.log.error({ err: thrown }, error.code)
      else request.log.info({ code: error.code, errcode: error.errcode }, 'refused')
      return sendError(request, reply, error)
    })

    app.setNotFoundHandler((request, reply) => {
      const methods = methodsOf(rules, request.url)
      if (methods.length === 0 || methods.includes(request.method))
        return sendError(request, reply, new AppError('NOT_FOUND', 'there is nothing at this address'))
      void reply.header('allow', methods.join(', '))
      return sendError(request, reply, new AppError('METHOD_NOT_ALLOWED', `this address answers ${methods.join(', ')}`))
    })
  },
  { name: 'error-handler' },
)

export function sendError(request: FastifyRequest, reply: FastifyReply, error: AppError): FastifyReply {
  if (error.retryAfterSec) void reply.header('retry-after', String(error.retryAfterSec))
  const page = request.routeOptions?.config?.page
  return page
    ? page(request, reply, error)
    : reply.code(error.status).type('application/json').send(toErrorBody(error, request.id))
}

function toErrorBody({ code, message, at, errcode, retryAfterSec }: AppError, requestId: string): ErrorBody {
  // What an unknown failure says may hold anything, so it is for the log only.
  const safe = code === 'INTERNAL' ? 'unexpected failure; the log has more under this requestId' : message
  const check = errcode === undefined ? undefined : (checkOfErrcode(errcode) ?? undefined)
  return { error: { code, message: safe, requestId, at, errcode, check, retryAfterSec } }
}

/** What a failure of any origin is called here. */
export function classify(error: FastifyError | Error): AppError {
  if (error instanceof AppError) return error
  if (error instanceof WecomError || error instanceof WecomUnavailable) return toAppError(error)
  if (isStorageFailure(error))
    return new AppError('STORAGE_UNAVAILABLE', 'the database did not answer', { cause: error, retryAfterSec: 2 })
  if ('validation' in error && error.validation) return toBadRequest(error)
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (status === 413) return new AppError('PAYLOAD_TOO_LARGE', 'the body is larger than this address takes')
  if (status === 415) return new AppError('UNSUPPORTED_MEDIA_TYPE', 'this address takes application/json')
  if (status === 404) return new AppError('NOT_FOUND', 'there is nothing at this address')
  // Parsers repeat what was sent, so their words stay out.
  if (status !== undefined && status >= 400 && status < 500)
    return new AppError('BAD_REQUEST', 'the request cannot be read')
  return new AppError('INTERNAL', 'unexpected failure', { cause: error })
}

const contextNames: Record<string, string> = { querystring: 'query' }

/** Names the wrong part and the rule it breaks, never the value. */
function toBadRequest({ validation = [], validationContext = 'body' }: FastifyError): AppError {
  const [first] = validation
  const context = contextNames[validationContext] ?? validationContext
  const { missingProperty, additionalProperty } = (first?.params ?? {}) as Record<string, string | undefined>
  const name = missingProperty ?? additionalProperty
  const last = name === undefined ? '' : `/${name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`
  const at = `/${context}${first?.instancePath ?? ''}${last}`
  const rule = additionalProperty === undefined ? (first?.message ?? 'is not valid') : 'is not known here'
  return new AppError(
    'BAD_REQUEST',
    missingProperty === undefined ? `${context}: ${rule}` : `${context}: a property is missing`,
    { at },
  )
}

/** Server answers that mean «not now»: no primary, stopping, over time, no space, not journalled. */
const passingMongoCodes = new Set([
  6, 7, 50, 64, 89, 91, 112, 189, 262, 9001, 10058, 10107, 11600, 11602, 13388, 13435, 13436, 14031,
])

function isStorageFailure(error: unknown): boolean {
  // A connection that breaks in a bulk write comes disguised as the server's answer, with no write that failed.
  if (error instanceof mongo.MongoBulkWriteError && [error.writeErrors].flat().length === 0) return true
  if (error instanceof mongo.MongoServerError)
    return passingMongoCodes.has(Number(error.code)) || error instanceof mongo.MongoWriteConcernError
  if (error instanceof mongo.MongoError) return !(error instanceof mongo.MongoInvalidArgumentError)
  return error instanceof MongooseError && /buffer|connect/i.test(error.message)
}

function methodsOf(rules: RouteRule[], url: string): string[] {
  const path = url.split('?', 1)[0] ?? ''
  return [...new Set(rules.filter((rule) => matchesPath(rule.url, path)).map(({ method }) => method))].toSorted()
}

function matchesPath(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const given = path.split('/')
  for (const [index, part] of wanted.entries()) {
    if (part === '*') return given.length > index
    const segment = given[index]
    if (segment === undefined || (part.startsWith(':') ? segment === '' : part !== segment)) return false
  }
  return wanted.length === given.length
}
