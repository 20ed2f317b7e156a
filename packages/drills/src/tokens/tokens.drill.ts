import { setTimeout as sleep } from 'node:timers/promises'

import { withBench, type Bench } from '../bench/bench.ts'
import { callsOf, endCallers, startCallers, type Caller } from '../bench/callers.ts'
import { loadNow } from '../bench/figures.ts'
import { waitUntil } from '../bench/wait.ts'
import { bySize, type Drill, type PromiseResult } from '../drill.ts'
import { thresholds } from '../thresholds.ts'

const { allServedMs } = thresholds.token
const processes = 3
const atOnce = 50

/** U1, U2 and U10: tokens and tickets, over three processes. */
export const run: Drill = async ({ size, seed, say }) =>
  withBench({ seed, guides: 10, relations: 50 }, async (bench) => {
    const [guide] = await bench.wecom.members(1)
    const id = guide?.userId ?? ''
    const promises: PromiseResult[] = []
    say(`${processes} processes x ${atOnce} callers without a token …`)
    const callers = await startCallers(bench, processes)
    promises.push(...(await fetchOnce(bench, callers, id)))
    promises.push(await revoke(bench, callers, id, bySize(size, { long: 1_000, short: 1_000, test: 300 })))
    promises.push(await openPanels(bench, callers, id))
    await endCallers(callers)
    promises.push(...(await killFetcher(bench, id)))
    return { promises }
  })

const forget = ({ db }: Bench) => db.collection('wecomTokens').deleteMany({})
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)

async function fetchOnce(bench: Bench, callers: Caller[], id: string): Promise<PromiseResult[]> {
  await forget(bench)
  const before = await callsOf(bench, 'gettoken')
  const reports = await Promise.all(callers.map(({ order }) => order({ call: 'member', count: atOnce, atOnce, id })))
  const fetched = (await callsOf(bench, 'gettoken')) - before
  const served = sum(reports.map(({ ok }) => ok))
  const slowestMs = Math.max(...reports.map((report) => report.slowestMs))
  return [
    {
      id: 'U1',
      want: `${processes * atOnce} misses: exactly 1 gettoken, all served`,
      got: `${fetched} gettoken, ${served} served, slowest ${slowestMs} ms (${loadNow()})`,
      held: fetched === 1 && served === processes * atOnce,
    },
  ]
}

/** U2: WeCom withdraws the token in the middle. */
async function revoke(bench: Bench, callers: Caller[], id: string, count: number): Promise<PromiseResult> {
  const before = { tokens: await callsOf(bench, 'gettoken'), calls: await callsOf(bench, 'user/get') }
  await bench.wecom.failNext({ path: 'user/get', tokens: 'revoke', skip: Math.floor(count / 2) })
  const [caller] = callers
  const report = await caller!.order({ call: 'member', count, atOnce: 10, id })
  const tokens = (await callsOf(bench, 'gettoken')) - before.tokens
  const calls = (await callsOf(bench, 'user/get')) - before.calls
  return {
    id: 'U2',
    want: `token revoked within ${count} calls: 0 errors, 1 refresh, each call repeated at most once`,
    got: `${JSON.stringify(report.failures)}, ${tokens} refresh, ${calls - count} calls repeated`,
    // Ten are under way when it happens.
    held: report.ok === count && tokens === 1 && calls - count <= 10,
  }
}

/** U10: many panels open after a cold start. */
async function openPanels(bench: Bench, callers: Caller[], id: string): Promise<PromiseResult> {
  // A ticket needs a token; some of them still hold the one that was revoked.
  for (const { order } of callers) await order({ call: 'member', count: 1, atOnce: 1, id })
  await bench.db.collection('wecomTokens').deleteMany({ _id: /ticket/ as never })
  const before = { corp: await callsOf(bench, 'get_jsapi_ticket'), agent: await callsOf(bench, 'ticket/get') }
  const each = 334
  const reports = await Promise.all(
    callers.map(({ order }) => order({ call: 'tickets', count: each, atOnce: each, id: '' })),
  )
  const corp = (await callsOf(bench, 'get_jsapi_ticket')) - before.corp
  const agent = (await callsOf(bench, 'ticket/get')) - before.agent
  const served = sum(reports.map(({ ok }) => ok))
  const values = new Set(reports.flatMap((report) => report.values)).size
  return {
    id: 'U10',
    want: `${each * processes} openings at once: 1 fetch of each ticket`,
    got: `${corp} and ${agent} fetches, ${served} served, ${values} different`,
    held: corp === 1 && agent === 1 && served === each * processes && values === 1,
  }
}

/** U1: the process that fetches dies in it. */
async function killFetcher(bench: Bench, id: string): Promise<PromiseResult[]> {
  await forget(bench)
  const before = await callsOf(bench, 'gettoken')
  const [first, ...others] = await startCallers(bench, processes)
  // Only the first fetch hangs: the one whose process dies.
  await bench.wecom.failNext({ path: 'gettoken', latencyMs: 3_000 })
  first!.order({ call: 'member', count: atOnce, atOnce, id }).catch(() => undefined)
  // Killed in the middle of its fetch, not before: from its lease on it is about to ask WeCom.
  const hasLease = async () => (await bench.db.collection('wecomTokens').countDocuments({})) > 0
  await waitUntil(hasLease, { mostMs: 30_000, everyMs: 20 })
  await sleep(200)
  const running = others.map(({ order }) => order({ call: 'member', count: atOnce, atOnce, id }))
  await sleep(300)
  first!.part.kill('SIGKILL')
  const reports = await Promise.all(running)
  await endCallers(others)
  const fetched = (await callsOf(bench, 'gettoken')) - before
  const served = sum(reports.map(({ ok }) => ok))
  const slowestMs = Math.max(...reports.map((report) => report.slowestMs))
  return [
    {
      id: 'U1',
      want: 'the fetcher is killed: <= 2 gettoken, all others served',
      got: `${fetched} gettoken, ${served} of ${others.length * atOnce} served`,
      held: fetched <= 2 && served === others.length * atOnce,
    },
    {
      id: 'U1',
      want: `they are served <= ${allServedMs} ms`,
      got: `slowest ${slowestMs} ms (${loadNow()})`,
      held: slowestMs <= allServedMs,
      measures: 'time',
    },
  ]
}
