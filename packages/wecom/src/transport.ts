import { Agent, request, type Dispatcher } from 'undici'
import type { Lane } from './caller.ts'
import { WecomUnavailable, type UnavailableReason } from './errors.ts'

export const limits = {
  connectMs: 3_000,
  headersMs: 8_000,
  callMs: 10_000,
  bodyBytes: 5 * 1024 * 1024,
  /** Sockets a lane may open; apart, so that background work that hangs takes none from people. */
  connections: { interactive: 24, background: 24 },
} as const

export interface TransportRequest {
  method: 'GET' | 'POST'
  /** Below `/cgi-bin/`; the only part of the address that an error may name. */
  path: string
  query: Record<string, string | number | undefined>
  body?: { bytes: Buffer | string; contentType: string }
  signal?: AbortSignal | undefined
  /** Whole call, milliseconds. */
  timeoutMs?: number
  /** Default `interactive`. */
  lane?: Lane
}

export interface TransportAnswer {
  /** The parsed JSON object. */
  body: Record<string, unknown>
  /** WeCom's clock as its `Date` header tells it, in whole seconds; null when there is none. */
  serverDate: Date | null
}

export interface Transport {
  /** @throws WecomUnavailable */
  send(request: TransportRequest): Promise<TransportAnswer>
  /** Ends the connections it opened itself. */
  close(): Promise<void>
}

/**
 * HTTP to WeCom with hard limits: three time-outs, bounded connections, no redirects, at most 5 MB read.
 * @param baseUrl origin of the API; the paths of WeCom start with `/cgi-bin/`
 * @param dispatcher of undici 7; the caller who passes one also closes it
 */
export function createTransport({ baseUrl, dispatcher }: { baseUrl: string; dispatcher?: Dispatcher }): Transport {
  const own = dispatcher ? undefined : { interactive: toAgent('interactive'), background: toAgent('background') }
  const origin = new URL(baseUrl)

  return {
    close: async () => {
      await Promise.all([own?.interactive.close(), own?.background.close()])
    },

    async send({ method, path, query, body, signal, timeoutMs = limits.callMs, lane = 'interactive' }) {
      const url = new URL(`/cgi-bin/${path}`, origin)
      for (const [name, value] of Object.entries(query)) {
        if (value !== undefined) url.searchParams.set(name, String(value))
      }
      if (signal?.aborted) throw new WecomUnavailable({ reason: 'aborted', outcome: 'not-sent', path })
      const deadline = AbortSignal.timeout(timeoutMs)

      try {
        const response = await request(url, {
          method,
          dispatcher: dispatcher ?? own![lane],
          signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
          headers: { accept: 'application/json', ...(body && { 'content-type': body.contentType }) },
          body: body?.bytes ?? null,
        })
        return { body: await readJson(response, path), serverDate: readDate(response) }
      } catch (error) {
        if (error instanceof WecomUnavailable) throw error
        throw toUnavailable(error, path, signal)
      }
    },
  }
}

const toAgent = (lane: Lane) =>
  new Agent({
    connect: { timeout: limits.connectMs },
    connections: limits.connections[lane],
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.callMs,
    maxResponseSize: limits.bodyBytes,
  })

function readDate({ headers }: Dispatcher.ResponseData): Date | null {
  const date = new Date(typeof headers['date'] === 'string' ? headers['date'] : NaN)
  return Number.isNaN(date.getTime()) ? null : date
}

async function readJson({ statusCode, body }: Dispatcher.ResponseData, path: string): Promise<Record<string, unknown>> {
  const refuse = (reason: UnavailableReason, detail?: string) => {
    // Without this an unread body would keep its connection.
    body.on('error', () => undefined).destroy()
    return new WecomUnavailable({ reason, outcome: 'unknown', path, detail })
  }
  if (statusCode >= 300 && statusCode < 400) throw refuse('redirect', String(statusCode))
  if (statusCode !== 200) throw refuse('status', String(statusCode))

  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limits.bodyBytes) throw refuse('too-large')
    chunks.push(chunk)
  }
  const parsed = parseObject(Buffer.concat(chunks).toString('utf8'))
  if (!parsed) throw refuse('not-json')
  return parsed
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** Failures that can only happen before the first byte of the request left. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

function toUnavailable(error: unknown, path: string, signal: AbortSignal | undefined): WecomUnavailable {
  const { name, code } = error as { name?: unknown; code?: unknown }
  const detail = typeof code === 'string' ? code : typeof name === 'string' ? name : undefined
  if (signal?.aborted) return new WecomUnavailable({ reason: 'aborted', outcome: 'unknown', path })
  if (detail && NOT_SENT.has(detail)) {
    return new WecomUnavailable({ reason: 'connect', outcome: 'not-sent', path, detail })
  }
  if (detail === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new WecomUnavailable({ reason: 'too-large', outcome: 'unknown', path })
  }
  const timedOut = name === 'TimeoutError' || detail === 'UND_ERR_HEADERS_TIMEOUT' || detail === 'UND_ERR_BODY_TIMEOUT'
  return new WecomUnavailable({ reason: timedOut ? 'timeout' : 'socket', outcome: 'unknown', path, detail })
}
