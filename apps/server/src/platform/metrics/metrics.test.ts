import Fastify from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'

import { errorHandler } from '../error-handler.ts'
import { createMetrics } from './metrics.ts'
import { metricsRoutes } from './metrics.routes.ts'

const opsToken = 'an-ops-token-of-many-letters'
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function start(token: string | null = opsToken) {
  const metrics = createMetrics()
  const app = Fastify()
  closing.push(() => app.close())
  await app.register(errorHandler, { rules: [] })
  await app.register(metricsRoutes, { metrics, opsToken: token })
  app.get('/things/:thingId', async () => 'a thing')
  app.get('/broken', async () => {
    throw new Error('broken')
  })
  await app.ready()
  return { app, metrics }
}

const lines = (text: string) => text.split('\n').filter((line) => line && !line.startsWith('#'))

describe('/metrics', () => {
  test('is there for the ops token only', async () => {
    const { app } = await start()
    const { app: without } = await start(null)

    const answers = [
      await app.inject('/metrics'),
      await app.inject({ url: '/metrics', ...bearer('wrong') }),
      await without.inject({ url: '/metrics', ...bearer(opsToken) }),
      await app.inject({ url: '/metrics', ...bearer(opsToken) }),
    ]

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 200])
    expect(answers[3]?.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
  })

  test('tells of the process, its event loop, and requests by route and class of status', async () => {
    const { app } = await start()
    await app.inject('/things/wm-of-a-customer')
    await app.inject('/things/another')
    await app.inject('/broken')

    const { body } = await app.inject({ url: '/metrics', ...bearer(opsToken) })

    expect(lines(body)).toEqual(
      expect.arrayContaining([
        'guidebar_http_request_seconds_count{method="GET",route="/things/:thingId",status="2xx"} 2',
        'guidebar_http_request_seconds_count{method="GET",route="/broken",status="5xx"} 1',
        expect.stringMatching(/^process_resident_memory_bytes \d+$/),
        expect.stringMatching(/^nodejs_eventloop_lag_p99_seconds /),
      ]),
    )
    expect(body).not.toContain('wm-of-a-customer')
  })
})

describe('figures', () => {
  test('are read at each scrape, alone or by label', async () => {
    const metrics = createMetrics()
    let depth = 3
    metrics.gauge('guidebar_depth', 'How deep', () => depth)
    metrics.counter('guidebar_done_total', 'Done', async () => [
      { labels: { kind: 'a' }, value: 1 },
      { labels: { kind: 'b' }, value: 2 },
    ])

    const first = lines(await metrics.text())
    depth = 1
    const second = lines(await metrics.text())

    expect(first).toContain('guidebar_depth 3')
    expect(second).toContain('guidebar_depth 1')
    expect(second).toEqual(
      expect.arrayContaining(['guidebar_done_total{kind="a"} 1', 'guidebar_done_total{kind="b"} 2']),
    )
  })

  test('that cannot be told are left out, and hold up nothing', async () => {
    const metrics = createMetrics()
    metrics.gauge('guidebar_broken', 'Breaks', () => Promise.reject(new Error('away')))
    metrics.gauge('guidebar_hangs', 'Hangs', () => new Promise(() => undefined))
    metrics.gauge('guidebar_good', 'Good', () => 7)

    const told = lines(await metrics.text())

    expect(told).toContain('guidebar_good 7')
    expect(told.filter((line) => /broken|hangs/.test(line))).toEqual([])
  })

  test('have names of their own', () => {
    const metrics = createMetrics()
    metrics.gauge('guidebar_depth', 'How deep', () => 1)

    expect(() => metrics.gauge('guidebar_depth', 'How deep', () => 1)).toThrow('guidebar_depth is there already')
  })
})
