import { withBench, type Bench, type Server } from '../bench/bench.ts'
import { loadNow } from '../bench/figures.ts'
import { cpuMs, rssMiB } from '../bench/part.ts'
import { countMissing, sendEvents, patienceOf } from '../bench/sender.ts'
import { waitUntil } from '../bench/wait.ts'
import { bySize, type Drill, type DrillOptions, type PromiseResult } from '../drill.ts'
import { thresholds } from '../thresholds.ts'

const { acknowledge, welcome, slowConsumer } = thresholds

/** C1, C12 and C11: events in a storm, welcomes in it, and a WeCom that is slow to answer us. */
export const run: Drill = async (options) => {
  const { size, seed } = options
  const corp = bySize(size, {
    long: { guides: 100, relations: 5_000 },
    short: { guides: 50, relations: 2_000 },
    test: { guides: 10, relations: 200 },
  })
  return withBench({ seed, ...corp }, async (bench) => {
    await bench.db.collection('welcomeTexts').insertOne({ _id: bench.corpId as never, text: '您好，欢迎光临' })
    const server = await bench.addServer()
    await bench.synced()
    const promises = await storm(bench, server, options)
    if (size !== 'test') promises.push(...(await slow(bench, server, options)))
    return { promises }
  })
}

async function storm(bench: Bench, server: Server, { size, seed, say }: DrillOptions): Promise<PromiseResult[]> {
  const pace = bySize(size, {
    long: { perSecond: 1_000, seconds: 60 },
    short: { perSecond: 500, seconds: 10 },
    test: { perSecond: 150, seconds: 4 },
  })
  say(`${pace.perSecond} events/s for ${pace.seconds} s, 10 % repeated, 1 % additions …`)
  const cpuBefore = cpuMs(server.part.pid)
  const result = await sendEvents(bench, {
    server,
    patienceMs: patienceOf(size),
    ...pace,
    seed,
    repeats: 0.1,
    additions: 0.01,
  })
  const cpuEach = (cpuMs(server.part.pid) - cpuBefore) / result.sent
  const load = loadNow()
  const { latency, ok, sent, non200, unanswered } = result
  const bad = Object.values(non200).reduce((sum, count) => sum + count, 0) + unanswered
  const missing = await countMissing(bench, result.answered)
  const rss = rssMiB(server.part.pid)
  say(
    `p50 ${latency.p50Ms} ms, ${cpuEach.toFixed(2)} ms of processor an event, ${rss} MiB, sender behind ${result.behindMs} ms, ${load}`,
  )

  const welcomes = bench.db.collection('welcomeSends')
  const expected = new Set(
    (
      await bench.db
        .collection('callbackEvents')
        .find({ body: /WelcomeCode/ })
        .project({ _id: 1 })
        .toArray()
    ).map(({ _id }) => String(_id)),
  ).size
  await waitUntil(async () => (await welcomes.countDocuments({})) >= expected, { mostMs: 30_000 })
  const waits = (await welcomes.find({}).toArray()).map((row) => Number(row['waitedMs'] ?? 0)).toSorted((a, b) => a - b)
  const p99Ms = waits[Math.min(waits.length - 1, Math.floor(waits.length * 0.99))] ?? 0
  const calls = await bench.wecom.welcomeCalls({ limit: 100_000 })
  const twice = calls.length - new Set(calls.map(({ welcomeCode }) => welcomeCode)).size
  return [
    {
      id: 'C1',
      want: `p99 <= ${acknowledge.p99Ms} ms at ${pace.perSecond}/s`,
      got: `p99 ${latency.p99Ms} ms, p95 ${latency.p95Ms} ms (${load})`,
      held: latency.p99Ms <= acknowledge.p99Ms,
      measures: 'time',
    },
    {
      id: 'C1',
      want: `max <= ${acknowledge.mostMs} ms`,
      got: `max ${latency.maxMs} ms (${load})`,
      held: latency.maxMs <= acknowledge.mostMs,
      measures: 'time',
    },
    {
      id: 'C1',
      want: '0 non-200',
      got: `${bad} of ${sent} (${JSON.stringify(non200)})`,
      held: bad === 0 && ok === sent,
    },
    { id: 'C2', want: '0 answered and missing', got: `${missing} of ${result.answered.length}`, held: missing === 0 },
    {
      id: 'C12',
      want: `receipt to call p99 <= ${welcome.stormP99Ms} ms in the storm`,
      got: `p99 ${p99Ms} ms of ${waits.length} (${load})`,
      held: p99Ms <= welcome.stormP99Ms,
      measures: 'time',
    },
    {
      id: 'C12',
      want: 'each code settled, none called twice',
      got: `${waits.length} of ${expected} settled, ${twice} called twice`,
      held: waits.length === expected && twice === 0,
    },
  ]
}

/** WeCom answers in 2 s and one in five calls fails: events are still taken in, and the backlog drains afterwards. */
async function slow(bench: Bench, server: Server, { size, seed, say }: DrillOptions): Promise<PromiseResult[]> {
  const waiting = () => bench.db.collection('callbackEvents').countDocuments({ state: 'waiting' })
  await waitUntil(async () => (await waiting()) === 0, { mostMs: 300_000, everyMs: 500 })
  const pace = bySize(size, {
    long: { perSecond: 100, seconds: 300 },
    short: { perSecond: 100, seconds: 15 },
    test: { perSecond: 0, seconds: 0 },
  })
  say(`WeCom answers in 2 s with 20 % 5xx while ${pace.perSecond} events/s come for ${pace.seconds} s …`)
  await bench.wecom.failNext({ id: 'slow', path: 'externalcontact/get', latencyMs: 2_000, count: null })
  await bench.wecom.failNext({
    id: 'bad',
    path: 'externalcontact/get',
    httpFault: 'status502',
    probability: 0.2,
    count: null,
  })
  let rss = 0
  const watch = setInterval(() => (rss = Math.max(rss, rssMiB(server.part.pid))), 500)
  const result = await sendEvents(bench, {
    server,
    patienceMs: patienceOf(size),
    ...pace,
    seed: seed + 1,
    repeats: 0.1,
    additions: 0,
  })
  clearInterval(watch)
  await bench.wecom.clearFaults()
  const subjects = (await bench.db.collection('callbackEvents').distinct('subject', { state: 'waiting' })).length
  const load = loadNow()
  const drainedMs = await waitUntil(async () => (await waiting()) === 0, { mostMs: 300_000, everyMs: 250 })
  const perSec = drainedMs === null ? 0 : Math.round(subjects / Math.max(1, drainedMs / 1_000))
  return [
    {
      id: 'C11',
      want: `p99 <= ${acknowledge.p99Ms} ms while WeCom is slow, RSS <= ${slowConsumer.rssMiB} MiB`,
      got: `p99 ${result.latency.p99Ms} ms, ${rss} MiB (${load})`,
      held: result.latency.p99Ms <= acknowledge.p99Ms && rss <= slowConsumer.rssMiB,
      measures: 'time',
    },
    {
      id: 'C11',
      want: `backlog drains as fast as the limiter lets it (80/s), >= ${slowConsumer.drainPerSec} customers/s`,
      got: `${subjects} customers in ${drainedMs} ms, ${perSec}/s (${load})`,
      held: drainedMs !== null && perSec >= slowConsumer.drainPerSec,
      measures: 'time',
    },
  ]
}
