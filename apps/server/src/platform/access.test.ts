import { startWorld, type TestBrowser, type World } from '@guidebar/testkit'
import Fastify from 'fastify'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { requireAccessRules, type RouteRule } from './access.ts'
import { cookieNames } from './cookies.ts'
import { sessionLives } from './sessions/session.service.ts'

let world: World
let principals: Record<string, TestBrowser>
let apiKey: string
const bearer = () => ({ authorization: `Bearer ${apiKey}` })

beforeAll(async () => {
  world = await startWorld({ mongoUri: inject('mongoUri') })
  const [guide, idle] = [await world.addGuide(), await world.addGuide()]
  await world.addAdmin()
  apiKey = (await world.asShop()).key

  const expired = await world.browserOf(idle)
  world.clock.advance(sessionLives.guide.idleMs + 1)
  const forged = world.newBrowser()
  for (const name of [cookieNames.guide, cookieNames.admin]) forged.cookies.set(name, 'A'.repeat(43))
  const keyed = world.newBrowser()
  principals = {
    anonymous: world.newBrowser(),
    forged,
    expired,
    guide: await world.browserOf(guide),
    admin: await world.adminBrowser(),
    key: {
      ...keyed,
      send: (method, path, options) =>
        keyed.send(method, path, { ...options, headers: { ...options?.headers, ...bearer() } }),
    },
  }
})
afterAll(() => world.close())

const kindOf = ({ access }: RouteRule) => (access.startsWith('key:') ? 'key' : access)

function addressOf({ url }: RouteRule): string {
  return url
    .replace(':externalUserId', `wm${'0'.repeat(30)}`)
    .replace(':corpId', world.corpId)
    .replace(/:\w+/g, 'a'.repeat(24))
    .replace('*', 'nothing-here')
}

/** A proof of the wrong kind is forbidden; a session for the other panel is as good as none. */
function refusalFor(needed: string, principal: string): number {
  const isOfWrongKind = needed === 'key' ? ['guide', 'admin'].includes(principal) : principal === 'key'
  return isOfWrongKind ? 403 : 401
}

test('every route answers every kind of caller as its rule says', async () => {
  const cells = world.app.routeRules.flatMap((rule) =>
    Object.keys(principals).map((principal) => ({ rule, principal })),
  )
  // What ends a session comes last: the other cells need it.
  const endsSession = ({ rule, principal }: (typeof cells)[number]) =>
    rule.url.includes('logout') && rule.access === principal
  const wrong: string[] = []
  for (const { rule, principal } of cells.toSorted((a, b) => Number(endsSession(a)) - Number(endsSession(b)))) {
    const kind = kindOf(rule)
    const withBody = rule.method === 'POST' || rule.method === 'PUT'
    // Each cell is a first visit: otherwise the sign-in would count its tries.
    principals[principal]?.cookies.delete(cookieNames.signIn)
    const response = await principals[principal]?.send(rule.method, addressOf(rule), withBody ? { body: {} } : {})
    const statusCode = response?.statusCode ?? 0
    const isRight =
      kind === 'public'
        ? statusCode < 500 && (statusCode !== 401 || rule.url.endsWith('/auth/callback'))
        : kind === principal
          ? ![401, 403].includes(statusCode) && statusCode < 500
          : statusCode === refusalFor(kind, principal)
    if (!isRight) wrong.push(`${rule.method} ${rule.url} (${rule.access}) × ${principal}: ${statusCode}`)
  }

  expect(wrong).toEqual([])
  expect(world.app.routeRules.length).toBeGreaterThan(30)
  // Every route is called six times.
}, 90_000)

test('all data stands behind a session or a key', () => {
  const open = world.app.routeRules.filter(({ access, url }) => access === 'public' && /^\/(api|open)\b/.test(url))

  expect(open).toEqual([])
})

test('a known address refuses the wrong method and names the right ones; an unknown one is not there', async () => {
  const browser = world.newBrowser()

  const wrongMethod = await browser.send('DELETE', '/api/sidebar/context')
  const unknown = await browser.get('/api/sidebar/nothing')
  const options = await browser.send('OPTIONS', '/livez')

  expect([wrongMethod.statusCode, wrongMethod.body.error.code]).toEqual([405, 'METHOD_NOT_ALLOWED'])
  expect(wrongMethod.headers.get('allow')).toBe('GET, HEAD')
  expect([unknown.statusCode, unknown.body.error.code]).toEqual([404, 'NOT_FOUND'])
  expect(options.statusCode).toBe(405)
})

test.each([
  '/API/sidebar/context',
  '/api//sidebar/context',
  '/api/sidebar/context/',
  '/api%2Fsidebar/context',
  '/api/sidebar/./../sidebar/context;x=1',
  '/admin/../api/admin/home',
])('no other spelling of an address goes around its rule: %s', async (path) => {
  const response = await world.newBrowser().get(path)

  expect([401, 404]).toContain(response.statusCode)
})

test('a route without a rule stops the start', async () => {
  const app = Fastify()
  requireAccessRules(app)
  app.get('/forgotten', () => 'data')

  await expect(app.ready()).rejects.toThrow('GET /forgotten does not say who may call it')
})

test.each([
  ['GET', {}, 'GET /forgotten does not say which right it takes'],
  ['PUT', { can: { action: 'write', subject: 'tags' } }, 'PUT /forgotten does not say what it is on record as'],
] as const)('an admin route that leaves a rule out stops the start: %s', async (method, rules, words) => {
  const app = Fastify()
  requireAccessRules(app)
  app.route({ method, url: '/forgotten', config: { access: 'admin', ...rules }, handler: () => 'data' })

  await expect(app.ready()).rejects.toThrow(words)
})

test('an API key opens nothing that it has no scope for', async () => {
  const { key } = await world.services.apiKeys.create({ corpId: world.corpId, name: 'reader', scopes: [] })
  const headers = { authorization: `Bearer ${key}` }

  const response = await world.newBrowser().send('POST', '/open/v1/orders', { body: {}, headers })

  expect([response.statusCode, response.body.error.code]).toEqual([403, 'FORBIDDEN'])
})

test('an API key is told from others by its hash only, and is dead as soon as it is revoked', async () => {
  const shop = await world.asShop()
  const order = { orderNo: 'no-such-shape' }
  expect((await shop.post('/orders', order)).statusCode).toBe(400)

  await world.services.apiKeys.revoke(shop.keyId)

  expect((await shop.post('/orders', order)).statusCode).toBe(401)
  const rows = await world.db.collection('apiKeys').find().toArray()
  expect(JSON.stringify(rows)).not.toContain(shop.key)
})
