import type { ErrorBody } from '@guidebar/contracts'

import { ApiError, type ApiErrorCode } from './api-error.ts'

export type RequestOptions = {
  /** Origin of the server without a slash at the end; empty for the page's own. */
  baseUrl?: string
  fetch?: typeof globalThis.fetch
  /** How long one call may take. */
  timeoutMs?: number
}
export type CallOptions = { signal?: AbortSignal }
type Call = CallOptions & {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  query?: Record<string, string | undefined>
  body?: unknown
  /** `file`: a good answer is handed on as it is. */
  as?: 'json' | 'file'
  /** Sent as it is, in place of a JSON body. */
  file?: Blob
  /** For calls that take longer than others. */
  timeoutMs?: number
}
export type Request = <T>(path: string, call?: Call) => Promise<T>

const statusCodes: Record<number, ApiErrorCode> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'RATE_LIMITED',
  503: 'OVERLOADED',
}

/** Makes the one function all calls go through: JSON both ways, a time limit, failures as {@link ApiError}. */
export function createRequest({ baseUrl = '', fetch, timeoutMs = 12_000 }: RequestOptions): Request {
  return async <T>(
    path: string,
    { method = 'GET', query = {}, body, file, signal, timeoutMs: ownMs, as = 'json' }: Call = {},
  ) => {
    // Bound late, so that a test or a monitor may replace the global one.
    const send = fetch ?? globalThis.fetch.bind(globalThis)
    const limit = new AbortController()
    const stop = () => limit.abort()
    let late = false
    const timer = setTimeout(() => {
      late = true
      stop()
    }, ownMs ?? timeoutMs)
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop)

    try {
      const headers: Record<string, string> = { accept: 'application/json' }
      if (file) headers['content-type'] = file.type || 'application/octet-stream'
      else if (body !== undefined) headers['content-type'] = 'application/json'
      const response = await send(`${baseUrl}${path}${toQuery(query)}`, {
        method,
        headers,
        credentials: 'same-origin',
        body: file ?? (body === undefined ? undefined : JSON.stringify(body)),
        signal: limit.signal,
      })
      if (as === 'file' && response.ok) return (await response.blob()) as T
      return await readAnswer<T>(response)
    } catch (error) {
      if (error instanceof ApiError || signal?.aborted) throw error
      if (late)
        throw new ApiError(`no answer within ${ownMs ?? timeoutMs} ms`, { code: 'TIMEOUT', status: 0, cause: error })
      throw new ApiError('the server was not reached', { code: 'OFFLINE', status: 0, cause: error })
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    }
  }
}

async function readAnswer<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T
  // The body is read before it is parsed: a line that breaks here is a network failure, not a bad answer.
  const text = await response.text()
  const json = parse(text)
  if (response.ok) {
    if (json === undefined) throw toError(response, undefined)
    return json as T
  }
  throw toError(response, isErrorBody(json) ? json : undefined)
}

function toError(response: Response, body: ErrorBody | undefined): ApiError {
  const wait = Number(response.headers.get('retry-after'))
  return new ApiError(body?.error.message ?? `unexpected answer with status ${response.status}`, {
    code: (body?.error.code as ApiErrorCode | undefined) ?? statusCodes[response.status] ?? 'BAD_ANSWER',
    status: response.status,
    requestId: body?.error.requestId ?? response.headers.get('x-request-id') ?? undefined,
    errcode: body?.error.errcode,
    check: body?.error.check,
    retryAfterSec: body?.error.retryAfterSec ?? (wait > 0 ? wait : undefined),
    at: body?.error.at,
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isErrorBody(json: unknown): json is ErrorBody {
  const error = (json as Partial<ErrorBody> | null | undefined)?.error
  return typeof error?.code === 'string'
}

function toQuery(query: Record<string, string | undefined>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  )
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}
