import { errorCodes } from '@guidebar/contracts'
import { expect, test, vi } from 'vitest'

import { ApiError, createApiClient, type ApiErrorCode } from './index.ts'

const json = (body: unknown, init: ResponseInit = {}) =>
  new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' }, ...init })

function clientAnswering(answer: () => Response | Promise<Response>, timeoutMs?: number) {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => answer())
  return { api: createApiClient({ baseUrl: 'https://guide.example.com', fetch, timeoutMs }), fetch }
}

async function failureOf(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ApiError)
  return error as ApiError
}

test('a change is sent as JSON to the customer it is about', async () => {
  const { api, fetch } = clientAnswering(() => json({ externalUserId: 'wm1' }))

  const relation = await api.sidebar.markTags('wm/1', { add: ['et1'], remove: [] })

  expect(relation.externalUserId).toBe('wm1')
  const [url, init] = fetch.mock.calls[0] ?? []
  expect(url).toBe('https://guide.example.com/api/sidebar/customers/wm%2F1/tags')
  expect(init).toMatchObject({ method: 'PUT', body: '{"add":["et1"],"remove":[]}', credentials: 'same-origin' })
})

test('a target becomes the query, and a call without a body names no content type', async () => {
  const { api, fetch } = clientAnswering(() => json({}))

  await api.sidebar.getContext({ chatId: 'wr 1' })

  const [url, init] = fetch.mock.calls[0] ?? []
  expect(url).toBe('https://guide.example.com/api/sidebar/context?chatId=wr%201')
  expect(init?.headers).toEqual({ accept: 'application/json' })
})

test('a refusal carries everything the screen needs', async () => {
  const body = {
    error: { code: 'WECOM_BUSY', message: 'slow down', requestId: 'r1', errcode: 45009, retryAfterSec: 30 },
  }
  const { api } = clientAnswering(() => json(body, { status: 503 }))

  const error = await failureOf(api.sidebar.getTagGroups())

  expect(error).toMatchObject({ code: 'WECOM_BUSY', status: 503, requestId: 'r1', errcode: 45009, retryAfterSec: 30 })
  expect(error.retry).toBe(true)
})

test('an answer that is not ours still has a code', async () => {
  const gateway = clientAnswering(() => new Response('<html>', { status: 502, headers: { 'x-request-id': 'r2' } }))
  const page = clientAnswering(() => new Response('<html>', { status: 200 }))
  const expired = clientAnswering(() => new Response('', { status: 401 }))

  expect(await failureOf(gateway.api.admin.getHome())).toMatchObject({
    code: 'BAD_ANSWER',
    status: 502,
    requestId: 'r2',
  })
  expect(await failureOf(page.api.admin.getHome())).toMatchObject({ code: 'BAD_ANSWER', status: 200 })
  expect(await failureOf(expired.api.admin.getMe())).toMatchObject({ code: 'UNAUTHENTICATED', retry: false })
})

test('no network and no answer in time are told apart', async () => {
  const offline = clientAnswering(() => Promise.reject(new TypeError('Failed to fetch')))
  const slow = createApiClient({
    timeoutMs: 20,
    fetch: (_url, init) =>
      new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted')))),
  })

  expect(await failureOf(offline.api.sidebar.getCards())).toMatchObject({ code: 'OFFLINE', status: 0, retry: true })
  expect(await failureOf(slow.sidebar.getCards())).toMatchObject({ code: 'TIMEOUT', status: 0, retry: true })
})

test('a call stopped by its caller is not a failure of ours', async () => {
  const stopped = new AbortController()
  const { api } = clientAnswering(() => Promise.reject(new DOMException('stopped', 'AbortError')))
  stopped.abort()

  await expect(api.sidebar.getCards({ signal: stopped.signal })).rejects.toMatchObject({ name: 'AbortError' })
})

test('an empty answer is nothing', async () => {
  const { api } = clientAnswering(() => new Response(null, { status: 204 }))

  expect(await api.sidebar.deleteQuickReply('0123456789abcdef01234567')).toBeUndefined()
})

test('what may be tried again is the same here as in the contracts', () => {
  for (const [code, { status, retry }] of Object.entries(errorCodes))
    expect([code, new ApiError('', { code: code as ApiErrorCode, status }).retry]).toEqual([code, retry])
})
