import { redactUrl, WecomError, WecomUnavailable } from '@guidebar/wecom'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Writable } from 'node:stream'

import { AppError } from './errors.ts'
import type { LogLevel } from './config.ts'

/**
 * Settings of the one log. It carries ids and codes: no query strings (WeCom's hold tokens, sign-in's hold codes), no
 * headers, no bodies, no names. What an unknown error says is left out, since it may repeat what somebody sent.
 */
export const loggerOptions = (level: LogLevel, stream?: Writable) => ({
  level,
  ...(stream && { stream }),
  base: null,
  serializers: {
    req: (request: FastifyRequest) => ({ method: request.method, path: pathOf(request) }),
    res: (reply: FastifyReply) => ({ status: reply.statusCode }),
    err: describeError,
  },
  // The last fence: nothing of ours logs these.
  redact: {
    paths: [
      'authorization',
      'cookie',
      'headers',
      'body',
      'query',
      'secret',
      'token',
      'ticket',
      'name',
      'remark',
      'mobile',
    ].flatMap((key) => [key, `*.${key}`]),
    censor: '***',
  },
})

/** The pattern of the route: ids in the path are left out too. */
export const pathOf = (request: FastifyRequest): string => request.routeOptions?.url ?? '(unknown)'

// Their messages are ours, or the engine's words about our own code.
const speakable = [AppError, WecomError, WecomUnavailable, TypeError, ReferenceError, RangeError]

type ErrorRecord = { type: string; message: string; stack: string; code?: string | number; cause?: ErrorRecord }

export function describeError(error: unknown): ErrorRecord {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: '' }
  const { code } = error as { code?: unknown }
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  return {
    type: error.name,
    message: speakable.some((kind) => error instanceof kind) ? redactUrl(error.message) : '',
    stack: frames
      .slice(0, 8)
      .map((line) => line.trim())
      .join('\n'),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(error.cause instanceof Error && { cause: describeError(error.cause) }),
  }
}
