import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest'

import type { CallerOrder, CallerResult, CallerStart } from './caller.process.ts'
import { startUpstreamWorld, type UpstreamWorld } from './upstream.world.ts'

const program = path.join(import.meta.dirname, 'caller.process.ts')
const children: ChildProcess[] = []
let world: UpstreamWorld

beforeEach(async () => {
  world = await startUpstreamWorld(inject('mongoUri'))
})

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  await world.close()
})

/** A process of its own on the world's database and emulator; ready when this returns. */
async function startProcess(change: Partial<CallerStart['wecom']> = {}) {
  const { mongoUri, dbName, wecomConfig } = world
  const start: CallerStart = { mongoUri, dbName, wecom: { ...wecomConfig, ...change } }
  const child = fork(program, [JSON.stringify(start)], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  children.push(child)
  await once(child, 'message')
  return {
    child,
    async do(order: CallerOrder): Promise<CallerResult> {
      const answered = once(child, 'message')
      child.send(order)
      const [result] = (await answered) as [CallerResult]
      return result
    },
  }
}

const startThree = (change?: Partial<CallerStart['wecom']>) =>
  Promise.all([startProcess(change), startProcess(change), startProcess(change)])

test('three processes with 50 callers each fetch one token', { timeout: 60_000 }, async () => {
  const processes = await startThree()
  await world.wecom.changeSettings({ latencyMsByPath: { gettoken: 200 } })

  const results = await Promise.all(processes.map((one) => one.do({ call: 'token', callers: 50 })))

  expect(results.flatMap(({ failures }) => failures)).toEqual([])
  expect(await world.callsOf('gettoken')).toBe(1)
})

test(
  'a fetcher that is killed is replaced: two fetches at most, and everybody is served within 7 seconds',
  { timeout: 60_000 },
  async () => {
    const [dying, ...others] = await startThree()
    await world.wecom.failNext({ path: 'gettoken', httpFault: 'hang' })
    void dying.do({ call: 'token', callers: 1 })
    await vi.waitUntil(async () => (await world.wecom.corp()).hangingCalls === 1, { timeout: 10_000, interval: 20 })

    const served = Promise.all(others.map((one) => one.do({ call: 'token', callers: 50 })))
    dying.child.kill('SIGKILL')
    const results = await served

    expect(results.flatMap(({ failures }) => failures)).toEqual([])
    expect(Math.max(...results.map(({ slowestMs }) => slowestMs))).toBeLessThanOrEqual(7_000)
    expect(await world.callsOf('gettoken')).toBeLessThanOrEqual(2)
  },
)

test(
  'a thousand openings of the panel after a cold start fetch each kind of ticket once',
  { timeout: 60_000 },
  async () => {
    const processes = await startThree()

    const results = await Promise.all(processes.map((one) => one.do({ call: 'tickets', callers: 334 })))

    expect(results.flatMap(({ failures }) => failures)).toEqual([])
    expect(new Set(results.flatMap(({ values }) => values)).size).toBe(1)
    const counts = await Promise.all(['gettoken', 'get_jsapi_ticket', 'ticket/get'].map(world.callsOf))
    expect(counts).toEqual([1, 1, 1])
  },
)

test(
  'a wrong secret is tried three times at most by all processes together, until it is changed',
  { timeout: 60_000 },
  async () => {
    const processes = await startThree({ secret: 'a-wrong-secret-of-many-letters' })

    for (let turn = 0; turn < 5; turn++) {
      const results = await Promise.all(processes.map((one) => one.do({ call: 'token', callers: 20 })))
      expect(results.flatMap(({ failures }) => failures)).toHaveLength(60)
    }

    expect(await world.callsOf('gettoken')).toBeLessThanOrEqual(3)
    const mended = await startProcess()
    expect((await mended.do({ call: 'token', callers: 1 })).failures).toEqual([])
  },
)
