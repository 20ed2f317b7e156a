import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { ApiBudget } from '@guidebar/contracts'
import type { FastifyBaseLogger } from 'fastify'
import { Value } from 'typebox/value'

import { createCorps, type Clock, type Corp } from '../deps.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { callDefaults, runFor } from './call-purpose.ts'
import { watchUpstream } from './upstream.metrics.ts'
import { createUpstreamService } from './upstream.service.ts'
import { startUpstreamWorld, type UpstreamWorld } from './upstream.world.ts'

let world: UpstreamWorld
let warnings: unknown[]

beforeEach(async () => {
  warnings = []
  world = await startUpstreamWorld(inject('mongoUri'))
})
afterEach(() => world.close())

const log = { warn: (...args: unknown[]) => void warnings.push(args) } as unknown as FastifyBaseLogger

function startServer({
  clock = { now: () => new Date() },
  corp = world.startCorp({ clock }),
}: { clock?: Clock; corp?: Corp } = {}) {
  const corps = createCorps(corp)
  const metrics = createMetrics()
  watchUpstream(metrics, corps)
  return { corp, metrics, upstream: createUpstreamService({ db: world.db, corps, clock, log }) }
}

test('the budget tells for all processes what was spent, by whom, and what is left', async () => {
  const [first, second] = [startServer(), startServer()]
  for (const { upstream } of [first, second]) await upstream.beat()
  await first.upstream.beat()

  for (let n = 0; n < 3; n++) await runFor('sync', () => first.corp.wecom.department.list())
  await runFor('panel', () => second.corp.wecom.department.list())
  await second.corp.wecom.user.get('nobody', { lane: 'background', purpose: 'callback' }).catch(() => undefined)
  await second.upstream.flush()
  const budget = await first.upstream.budget(world.corpId)

  expect([...Value.Errors(ApiBudget, budget)]).toEqual([])
  expect(budget).toMatchObject({ processes: 2, configurationFault: null, clock: { isOff: false } })
  const departments = budget.apis.find(({ path }) => path === 'department/list')
  expect(departments).toMatchObject({ lastHour: 4, perMinute: 6_000, perHour: 90_000, closedUntil: null, errors: [] })
  expect(departments?.hourLeft).toBeLessThanOrEqual(90_000 - 4)
  expect(departments?.minuteLeft).toBeGreaterThan(5_500)
  expect(departments?.spent).toEqual([
    { lane: 'background', purpose: 'sync', count: 3 },
    { lane: 'interactive', purpose: 'panel', count: 1 },
  ])
  expect(departments?.latencyMs?.most).toBeGreaterThan(0)
  const members = budget.apis.find(({ path }) => path === 'user/get')
  expect(members?.spent).toEqual([{ lane: 'background', purpose: 'callback', count: 1 }])
  expect(members?.errors).toEqual([{ errcode: 60111, count: 1 }])
  expect(budget.apis.find(({ path }) => path === 'gettoken')?.spent).toEqual([
    { lane: 'interactive', purpose: 'token', count: 1 },
  ])
  expect(budget.minutes.reduce((total, { calls }) => total + calls, 0)).toBe(6)
})

test('an API that WeCom closed has nothing left, and says until when', async () => {
  const { corp, upstream } = startServer()
  await world.wecom.failNext({ path: 'department/list', errcode: 45009 })
  await corp.wecom.department.list().catch(() => undefined)

  const budget = await upstream.budget(world.corpId)

  const api = budget.apis.find(({ path }) => path === 'department/list')
  expect(api).toMatchObject({ minuteLeft: 0, errors: [{ errcode: 45009, count: 1 }] })
  expect(Date.parse(api?.closedUntil ?? '')).toBeGreaterThan(Date.now() + 50_000)
})

test('minutes are kept once, however often they are written, and not for ever', async () => {
  let now = Date.now()
  const clock = { now: () => new Date(now) }
  const { corp, upstream } = startServer({ clock })
  const rows = () => world.db.collection('apiUsage').countDocuments()

  await corp.wecom.department.list()
  await upstream.flush()
  await corp.wecom.department.list()
  await upstream.flush()
  await upstream.flush()
  expect(await rows()).toBe(1)
  now += 5 * 60_000
  await corp.wecom.department.list()
  await upstream.flush()
  const { apis } = await upstream.budget(world.corpId)

  expect(apis.find(({ path }) => path === 'department/list')).toMatchObject({ lastHour: 3, lastMinute: 1 })
  expect(await rows()).toBe(2)
  now += 27 * 3_600_000
  expect(await upstream.sweep()).toBe(2)
})

test('states of APIs long unused are removed, refused secrets are not forgotten', async () => {
  const { corp, upstream } = startServer()
  await startServer({ corp: world.startCorp({ secret: 'a-wrong-secret-of-many-letters' }) })
    .corp.wecom.department.list()
    .catch(() => undefined)
  await corp.wecom.department.list()
  const states = world.db.collection('upstreamStates')
  await states.updateMany({}, { $set: { touchedAt: new Date(Date.now() - 8 * 24 * 3_600_000) } })

  await upstream.sweep()

  const left = await states.find().toArray()
  expect(left.map(({ _id }) => String(_id).split(':')[0])).toEqual(expect.arrayContaining(['latch']))
  expect(left.filter(({ _id }) => String(_id).startsWith('api:'))).toEqual([])
})

test('what could not be kept is kept the next time', async () => {
  const { corp, upstream } = startServer()
  await corp.wecom.department.list()
  await world.db.close()
  await expect(upstream.flush()).rejects.toBeInstanceOf(Error)
  await world.db.openUri(world.mongoUri, { dbName: world.dbName })

  await upstream.flush()

  expect(await world.db.collection('apiUsage').countDocuments()).toBe(1)
})

test('a wrong secret and a missing right are shown as what an admin has to mend', async () => {
  const wrong = startServer({ corp: world.startCorp({ secret: 'a-wrong-secret-of-many-letters' }) })
  const other = startServer({ corp: world.startCorp({ secret: 'a-wrong-secret-of-many-letters' }) })
  await wrong.corp.wecom.department.list().catch(() => undefined)
  // The other process has not called anything: what is known of the secret is shared.
  expect(await other.upstream.configurationFault(world.corpId)).toMatchObject({
    errcode: 40001,
    path: 'gettoken',
    isStopped: false,
  })

  const right = startServer()
  await world.wecom.changeSettings({ customerContactCallable: false })
  await right.corp.wecom.externalContact.getFollowUserList().catch(() => undefined)
  expect(await right.upstream.configurationFault(world.corpId)).toMatchObject({
    errcode: 48002,
    path: 'externalcontact/get_follow_user_list',
  })

  await world.wecom.changeSettings({ customerContactCallable: true })
  await right.corp.wecom.externalContact.getFollowUserList()
  expect(await right.upstream.configurationFault(world.corpId)).toBeNull()
})

test('a wrong clock is told once', async () => {
  const clock = { now: () => new Date(Date.now() + 600_000) }
  const { corp, upstream } = startServer({ clock })
  for (let n = 0; n < 5; n++) await corp.wecom.callbacks.getIps()

  await upstream.beat()
  await upstream.beat()

  expect(warnings).toHaveLength(1)
  expect((await upstream.budget(world.corpId)).clock).toMatchObject({ isOff: true })
})

test('purposes reach calls that nobody waits for, and decide the lane', async () => {
  const seen: unknown[] = []
  await runFor('reconcile', async () => {
    await Promise.resolve()
    setImmediate(() => seen.push(callDefaults()))
    seen.push(runFor('panel', callDefaults))
  })
  await new Promise((resolve) => setTimeout(resolve, 5))

  expect(seen).toEqual([
    { purpose: 'panel', lane: 'interactive' },
    { purpose: 'reconcile', lane: 'background' },
  ])
  expect(callDefaults()).toEqual({})
})

test('figures of WeCom come in the text form of Prometheus', async () => {
  const { corp, metrics } = startServer()
  await runFor('sync', () => corp.wecom.department.list())
  await world.wecom.failNext({ path: 'department/list', errcode: 45009 })
  await runFor('panel', () => corp.wecom.department.list()).catch(() => undefined)
  await world.wecom.failNext({ path: 'user/get', httpFault: 'status500' })
  await corp.wecom.user.get('nobody').catch(() => undefined)

  const lines = (await metrics.text()).split('\n')

  expect(lines).toEqual(
    expect.arrayContaining([
      'guidebar_wecom_calls_total{path="department/list",lane="background",purpose="sync"} 1',
      'guidebar_wecom_calls_total{path="department/list",lane="interactive",purpose="panel"} 1',
      'guidebar_wecom_rate_limited_total{path="department/list"} 1',
      'guidebar_wecom_no_answer_total{path="user/get",reason="status"} 1',
      'guidebar_wecom_token_refreshes_total{path="gettoken"} 1',
      'guidebar_wecom_budget_left{path="department/list",window="minute"} 0',
      'guidebar_wecom_breaker{family="directory"} 0',
    ]),
  )
})
