import { startWorld, type TestBrowser, type TestResponse, type World } from '@guidebar/testkit'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'

let world: World
let guide: TestBrowser
beforeAll(async () => {
  world = await startWorld({ mongoUri: inject('mongoUri') })
  guide = await world.browserOf(await world.addGuide())
})
afterAll(() => world.close())

function faultsOf({ headers }: TestResponse): string[] {
  const policy = headers.get('content-security-policy') ?? ''
  const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? "'none'"
  const checks: Record<string, boolean> = {
    nosniff: headers.get('x-content-type-options') === 'nosniff',
    referrer: headers.get('referrer-policy') === 'strict-origin',
    hsts: headers.get('strict-transport-security')?.startsWith('max-age=31536000') ?? false,
    'frame-ancestors': policy.includes("frame-ancestors 'none'"),
    'default-src': /default-src '(none|self)'/.test(policy),
    'no unsafe scripts': !/unsafe-(inline|eval)/.test(scripts),
    'cache-control': headers.has('cache-control'),
    'no server name': !headers.has('x-powered-by') && !headers.has('server'),
  }
  return Object.keys(checks).filter((name) => !checks[name])
}

test('every route answers with the security headers, whatever it answers', async () => {
  const wrong: string[] = []
  for (const { method, url } of world.app.routeRules.filter((rule) => !rule.url.includes('logout'))) {
    const response = await guide.send(method, url.replace(/[:*]\w*/g, 'a'.repeat(24)))
    const faults = faultsOf(response)
    if (faults.length > 0) wrong.push(`${method} ${url} ${response.statusCode}: ${faults.join(', ')}`)
  }

  expect(wrong).toEqual([])
})

test.each([
  ['an unknown address', 'GET', '/nothing/here', 404],
  ['a wrong method', 'DELETE', '/livez', 405],
  ['an address that cannot be read', 'GET', '/api/%zz', 400],
  ['a segment that is too long', 'GET', `/media/${'a'.repeat(500)}`, 400],
])('%s carries them too', async (_name, method, path, status) => {
  const response = await guide.send(method, path)

  expect(response.statusCode).toBe(status)
  expect(faultsOf(response)).toEqual([])
  expect(response.body.error.code).toBeTruthy()
})

test('no answer of the API is kept by anybody, and lists are asked about again before each use', async () => {
  const wrong: string[] = []
  const lists: string[] = []
  for (const { method, url } of world.app.routeRules.filter(
    (rule) => rule.method === 'GET' && /^\/(api|open)\b/.test(rule.url),
  )) {
    const response = await guide.send(method, url)
    const isList = response.headers.has('etag')
    if (isList) lists.push(url)
    const cacheControl = response.headers.get('cache-control')
    if (cacheControl !== (isList ? 'private, no-cache' : 'no-store')) wrong.push(`${url}: ${cacheControl}`)
  }

  expect(wrong).toEqual([])
  expect(lists).toEqual(
    expect.arrayContaining(['/api/sidebar/tag-groups', '/api/sidebar/quick-replies', '/api/sidebar/cards']),
  )
})

test('an unknown failure is an answer without details, with all headers', async ({ onTestFinished }) => {
  const { contexts } = world.services
  const broken = vi.spyOn(contexts, 'of').mockRejectedValue(new Error('张三 13800138000'))
  onTestFinished(() => {
    broken.mockRestore()
  })

  const response = await guide.get('/api/sidebar/context?externalUserId=wm1')

  expect(response.statusCode).toBe(500)
  expect(response.body.error).toEqual({
    code: 'INTERNAL',
    message: 'unexpected failure; the log has more under this requestId',
    requestId: expect.any(String),
  })
  expect(faultsOf(response)).toEqual([])
  expect(world.log.join('')).not.toMatch(/张三|13800138000/)
})
