import { setTimeout as sleep } from 'node:timers/promises'

import { withBench, type Bench, type Server } from '../bench/bench.ts'
import { callsOf } from '../bench/callers.ts'
import { findDifferences, isEqual } from '../bench/digests.ts'
import { loadNow, toLatencies } from '../bench/figures.ts'
import { listPairs } from '../bench/sender.ts'
import { waitUntil } from '../bench/wait.ts'
import { bySize, type Drill, type DrillOptions, type PromiseResult } from '../drill.ts'
import { thresholds } from '../thresholds.ts'

const { equalSec, panelP95Ms } = thresholds.outage

/** C13 and U8: our server is off while people go on changing things; then WeCom is off while guides go on working. */
export const run: Drill = async (options) =>
  withBench({ seed: options.seed, guides: 20, relations: 1_000 }, async (bench) => {
    const server = await bench.addServer()
    await bench.synced()
    await bench.hear(server)
    return { promises: [...(await serverOff(bench, server, options)), ...(await wecomOff(bench, server, options))] }
  })

async function serverOff(bench: Bench, server: Server, { size, seed, say }: DrillOptions): Promise<PromiseResult[]> {
  const plan = bySize(size, {
    long: { seconds: 600, perSecond: 50 },
    short: { seconds: 25, perSecond: 50 },
    test: { seconds: 14, perSecond: 10 },
  })
  const { seconds, perSecond } = plan
  // A sign of life first, so that there is something that ends.
  const marks = bench.db.collection('callbackAddresses')
  await waitUntil(async () => Boolean((await marks.findOne({}))?.['aliveAt']), { mostMs: 15_000 })
  say(`the server is off for ${seconds} s, ${perSecond} events/s …`)
  await server.kill('SIGKILL')
  const offAt = Date.now()
  await bench.wecom.runStorm({ actions: seconds * perSecond, customers: 500, perSecond, seed })
  await sleep(Math.max(0, seconds * 1_000 - (Date.now() - offAt)))
  await bench.wecom.waitForCallbacks(60_000)
  const { failed } = await bench.wecom.ledger()
  const before = await isEqual(bench)
  const onAt = Date.now()
  await server.start()
  const equalMs = await waitUntil(() => isEqual(bench), { mostMs: equalSec * 1_000, everyMs: 500 })
  if (equalMs === null) say((await findDifferences(bench)).join('\n    '))
  const admin = await bench.asAdmin(server)
  const seen = async () => (await admin.get('/callbacks')).body as Overview
  await waitUntil(async () => ((await seen()).gaps ?? []).length > 0, { mostMs: 15_000 })
  const [gap] = (await seen()).gaps ?? []
  const covers = gap && Date.parse(gap.startAt) <= offAt + 1_000 && Date.parse(gap.endAt) >= onAt - 1_000
  return [
    {
      id: 'C13',
      want: `off for ${seconds} s: digests equal <= ${equalSec} s after the start`,
      got:
        equalMs === null
          ? 'not equal'
          : `${(equalMs / 1_000).toFixed(1)} s, ${failed} events lost, ${before ? 'no difference' : 'different'} before (${loadNow()})`,
      held: equalMs !== null && !before,
    },
    {
      id: 'C13',
      want: 'admins see the gap with start and end',
      got: gap ? `${gap.startAt} to ${gap.endAt}, compared: ${gap.reconcileAskedAt !== null}` : 'no gap',
      held: Boolean(covers) && gap?.reconcileAskedAt !== null,
    },
  ]
}

type Overview = { gaps?: { startAt: string; endAt: string; reconcileAskedAt: string | null }[] }

async function wecomOff(bench: Bench, server: Server, { size, say }: DrillOptions): Promise<PromiseResult[]> {
  const plan = bySize(size, {
    long: { seconds: 300, perSecond: 50 },
    short: { seconds: 20, perSecond: 50 },
    test: { seconds: 5, perSecond: 20 },
  })
  const { seconds, perSecond } = plan
  const [pair] = await listPairs(bench, 1)
  const { userId, externalUserId } = pair!
  const guide = await bench.asGuide(server, userId)
  const warm = await guide.get(`/context?externalUserId=${externalUserId}`)
  say(`WeCom is off for ${seconds} s, ${perSecond} openings of the panel a second …`)
  await bench.wecom.changeSettings({ outage: 'hang' })
  const times: number[] = []
  const statuses: Record<string, number> = {}
  const asking = new Set<Promise<void>>()
  const startMs = performance.now()
  for (let sent = 0; sent < seconds * perSecond; sent++) {
    const plannedMs = startMs + (sent / perSecond) * 1_000
    await sleep(Math.max(0, plannedMs - performance.now()))
    // Now and then a customer nobody knows: that is what makes us ask WeCom.
    const isUnknown = sent % 5 === 4
    const id = isUnknown ? `wmUnknown${sent}` : externalUserId
    const call: Promise<void> = guide.get(`/context?externalUserId=${id}`).then(({ statusCode }) => {
      asking.delete(call)
      if (isUnknown) return
      times.push(performance.now() - plannedMs)
      statuses[statusCode] = (statuses[statusCode] ?? 0) + 1
    })
    asking.add(call)
  }
  await Promise.all(asking)
  const load = loadNow()
  // What is asked while the breaker is open is not even sent: only its probes are.
  const before = await callsOf(bench, 'externalcontact/get')
  const probed = Array.from({ length: 40 }, (_, n) => guide.get(`/context?externalUserId=wmLater${n}`))
  await Promise.all(probed)
  const reached = (await callsOf(bench, 'externalcontact/get')) - before
  await bench.wecom.changeSettings({ outage: 'none' })
  const backMs = await waitUntil(
    async () => {
      await guide.get(`/context?externalUserId=wmBack${Math.random().toString(36).slice(2)}`)
      return (await callsOf(bench, 'externalcontact/get')) > before + reached
    },
    { mostMs: 30_000, everyMs: 500 },
  )
  const { p95Ms, maxMs } = toLatencies(times)
  const answered = Object.keys(statuses).join()
  return [
    {
      id: 'U8',
      want: 'the panel answers from what is stored',
      got: `${JSON.stringify(statuses)} (before: ${warm.statusCode})`,
      held: answered === '200' && warm.statusCode === 200,
    },
    {
      id: 'U8',
      want: `p95 <= ${panelP95Ms} ms while WeCom hangs`,
      got: `p95 ${p95Ms} ms, max ${maxMs} ms (${load})`,
      held: p95Ms <= panelP95Ms,
      measures: 'time',
    },
    {
      id: 'U8',
      want: 'breaker: of 40 calls almost none is sent, and WeCom is asked again once it is back',
      got: `${reached} of 40 sent, asked again after ${backMs} ms`,
      held: reached <= 4 && backMs !== null,
    },
  ]
}
