import { startWorld, test as worldTest } from '@guidebar/testkit'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { World } from '@guidebar/testkit'

describe('requests from other sites', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ mongoUri: inject('mongoUri') })
  })
  afterAll(() => world.close())

  const sets: [name: string, headers: Record<string, string | undefined>, isOurs: boolean][] = [
    ['our origin', { 'sec-fetch-site': undefined }, true],
    ['our origin and same-origin', {}, true],
    ['no origin, but same-origin', { origin: undefined }, true],
    ['neither', { origin: undefined, 'sec-fetch-site': undefined }, false],
    ['a foreign origin', { origin: 'https://evil.example', 'sec-fetch-site': undefined }, false],
    ['a foreign origin and cross-site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, false],
    ['the origin of a sandbox', { origin: 'null', 'sec-fetch-site': undefined }, false],
    ['another port of this host', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }, false],
    ['our origin, but same-site', { 'sec-fetch-site': 'same-site' }, false],
  ]

  test.each(sets)('%s', async (_name, headers, isOurs) => {
    const guide = await world.addGuide()
    await world.addAdmin()
    const wrong: string[] = []

    for (const { method, url, access } of world.app.routeRules) {
      if (!['POST', 'PUT', 'DELETE', 'PATCH'].includes(method) || !['guide', 'admin'].includes(access)) continue
      if (isOurs && url.includes('logout')) continue
      const browser = access === 'guide' ? world.as(guide) : world.asAdmin()
      const body = method === 'DELETE' ? undefined : {}
      const response = await browser.send(method, url.replace(/:\w+/g, 'a'.repeat(24)), { headers, body })
      const isRefused = response.body?.error?.code === 'CROSS_SITE_REQUEST'
      if (isRefused === isOurs) wrong.push(`${method} ${url}: ${response.statusCode}`)
    }

    expect(wrong).toEqual([])
  })
})

describe('limits', () => {
  worldTest.override({
    worldOptions: { rateLimits: { session: 4, ip: 1_000, signIn: 3, search: 100, exports: 100, jsSignatures: 2 } },
  })

  worldTest('a session that asks too often is asked to wait, others are not', async ({ world }) => {
    const [eager, calm] = [await world.addGuide(), await world.addGuide()]
    for (let call = 0; call < 4; call++) expect((await world.as(eager).get('/tag-groups')).statusCode).toBe(200)

    const fifth = await world.as(eager).get('/tag-groups')

    expect([fifth.statusCode, fifth.body.error.code]).toEqual([429, 'RATE_LIMITED'])
    expect(Number(fifth.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(fifth.body.error.retryAfterSec).toBeGreaterThan(0)
    expect((await world.as(calm).get('/tag-groups')).statusCode).toBe(200)
  })

  worldTest('signatures have a limit of their own', async ({ world }) => {
    const guide = await world.addGuide()
    const ask = () => world.as(guide).post('/js-signatures', { url: `${world.origin}/sidebar/` })

    const codes = [await ask(), await ask(), await ask()].map(({ statusCode }) => statusCode)

    expect(codes).toEqual([200, 200, 429])
  })

  worldTest('guessing at the sign-in is stopped with a page', async ({ world }) => {
    const browser = world.newBrowser()
    const guess = () => browser.get(`/sidebar/auth/callback?code=x&state=${'0'.repeat(32)}`)

    const [, , , fourth] = [await guess(), await guess(), await guess(), await guess()]

    expect(fourth?.statusCode).toBe(429)
    expect(fourth?.text).toContain('操作太频繁')
  })
})
