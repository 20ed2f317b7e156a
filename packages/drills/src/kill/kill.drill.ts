import { setTimeout as sleep } from 'node:timers/promises'

import { withBench, type Bench, type Server } from '../bench/bench.ts'
import { callsOf } from '../bench/callers.ts'
import { findDifferences, isEqual } from '../bench/digests.ts'
import { createRandom, loadNow } from '../bench/figures.ts'
import { countMissing, startSending } from '../bench/sender.ts'
import { waitUntil } from '../bench/wait.ts'
import { bySize, type Drill, type DrillOptions, type PromiseResult } from '../drill.ts'
import { thresholds } from '../thresholds.ts'

/** Lists that one server reads side by side: each may have a page under way that is not stored yet. */
const listsAtOnce = 32
const { refusedMs, unreadyMs, backMs } = thresholds.database

/**
 * C2, P4, P6 and P1: server and database are killed under load, the database stays away for a while, a server is asked
 * to stop, a full read is killed.
 */
export const run: Drill = async (options) => ({
  promises: [...(await killUnderLoad(options)), ...(await killInSync(options))],
})

async function killUnderLoad(options: DrillOptions): Promise<PromiseResult[]> {
  const { size, seed, say } = options
  return withBench({ seed, guides: 10, relations: 300 }, async (bench) => {
    const server = await bench.addServer()
    await bench.synced()
    const plan = bySize(size, {
      long: { kills: 20, perSecond: 200, everyMs: 3_000 },
      short: { kills: 4, perSecond: 200, everyMs: 3_000 },
      test: { kills: 3, perSecond: 60, everyMs: 2_000 },
    })
    say(`${plan.perSecond} events/s, and ${plan.kills} times kill -9 of server or database …`)
    // Until it is stopped: however slow the machine, every kill meets events.
    const seconds = 600
    const { perSecond } = plan
    const sending = await startSending(bench, { server, perSecond, seconds, seed, repeats: 0.1, additions: 0 })
    await sending.heard
    const random = createRandom(seed)
    const killed = { server: 0, database: 0 }
    for (let kill = 0; kill < plan.kills; kill++) {
      await sleep(plan.everyMs * (0.5 + random() / 2))
      if (kill % 2 === 0) {
        bench.killDatabase()
        killed.database += 1
      } else {
        await server.kill('SIGKILL')
        await server.start()
        killed.server += 1
      }
    }
    sending.stop()
    const result = await sending.ended
    await waitUntil(() => isReady(bench, server), { mostMs: 60_000 })
    const missing = await countMissing(bench, result.answered)
    say(
      `${result.sent} sent, ${result.ok} answered 200, ${JSON.stringify(result.non200)}, ${result.unanswered} without answer`,
    )
    const others = Object.keys(result.non200).filter((status) => status !== '503')
    return [
      {
        id: 'C2',
        want: `0 answered and missing after ${plan.kills} x kill -9`,
        got: `${missing} of ${result.answered.length}; ${killed.server} x server, ${killed.database} x database`,
        held: missing === 0 && result.answered.length > 0,
      },
      {
        id: 'C2',
        want: 'while it cannot keep: 503 or nothing, never another answer',
        got: JSON.stringify(result.non200),
        held: others.length === 0,
      },
      ...(await loseDatabase(bench, server, options)),
      ...(await stopInOrder(bench, server, options)),
    ]
  })
}

const asOps = ({ opsToken }: Bench) => ({ headers: { authorization: `Bearer ${opsToken}` } })
const statusOf = (address: string, init?: RequestInit) =>
  fetch(address, { ...init, signal: AbortSignal.timeout(10_000) }).then(
    async (answer) => {
      await answer.arrayBuffer()
      return answer.status
    },
    () => 0,
  )
const isReady = async (bench: Bench, { origin }: Server) => (await statusOf(`${origin}/readyz`, asOps(bench))) === 200

/** P4: the database is gone for some seconds. */
async function loseDatabase(bench: Bench, server: Server, { size, seed, say }: DrillOptions): Promise<PromiseResult[]> {
  const awayMs = bySize(size, { long: 20_000, short: 8_000, test: 5_000 })
  say(`the database is away for ${awayMs / 1_000} s …`)
  const plan = {
    server,
    perSecond: 20,
    // Until it is stopped.
    seconds: 600,
    seed: seed + 1,
    repeats: 0,
    additions: 0,
    // How soon the refusal comes is judged by itself: a slow machine's sender must not hang up on it.
    patienceMs: 60_000,
  }
  const sending = await startSending(bench, plan)
  await sending.heard
  await bench.stopDatabase()
  const wentAt = performance.now()
  const unready = await waitUntil(async () => !(await isReady(bench, server)), { mostMs: 60_000 })
  const alive = await statusOf(`${server.origin}/livez`)
  await sleep(Math.max(0, awayMs - (performance.now() - wentAt)))
  const { pid } = server.part
  await bench.startDatabase()
  const back = await waitUntil(() => isReady(bench, server), { mostMs: 60_000 })
  sending.stop()
  const result = await sending.ended
  const missing = await countMissing(bench, result.answered)
  const refused = result.non200['503'] ?? 0
  const others = Object.keys(result.non200).filter((status) => status !== '503')
  const load = loadNow()
  return [
    {
      id: 'P4',
      want: 'callbacks 503, liveness 200, the same process afterwards, 0 answered and missing',
      got: `${refused} x 503, ${others.join() || 'nothing else'}, ${result.unanswered} unanswered, livez ${alive}, ${missing} missing`,
      held:
        refused > 0 &&
        others.length === 0 &&
        result.unanswered === 0 &&
        alive === 200 &&
        back !== null &&
        pid === server.part.pid &&
        missing === 0,
    },
    {
      id: 'P4',
      want: `each 503 <= ${refusedMs} ms, before WeCom hangs up`,
      got: `slowest ${result.refusals.maxMs} ms (${load})`,
      held: result.refusals.maxMs <= refusedMs,
      measures: 'time',
    },
    {
      id: 'P4',
      want: `not ready <= ${unreadyMs} ms, ready again <= ${backMs} ms after it is back`,
      got: `${unready} ms, ${back} ms (${load})`,
      held: unready !== null && unready <= unreadyMs && back !== null && back <= backMs,
      measures: 'time',
    },
  ]
}

/** P6: SIGTERM while events come in. */
async function stopInOrder(bench: Bench, server: Server, { size, seed, say }: DrillOptions): Promise<PromiseResult[]> {
  const perSecond = bySize(size, { long: 200, short: 200, test: 60 })
  say(`a server is asked to stop at ${perSecond} events/s …`)
  const plan = { server, perSecond, seconds: 600, seed: seed + 2, repeats: 0, additions: 0 }
  // Those that were killed before could give nothing back: what they held waits for its time.
  const ofTheKilled = new Set(await listLeases(bench))
  const sending = await startSending(bench, plan)
  await sending.heard
  await sleep(1_000)
  const askedAt = performance.now()
  await server.kill('SIGTERM')
  const tookMs = Math.round(performance.now() - askedAt)
  sending.stop()
  const result = await sending.ended
  const missing = await countMissing(bench, result.answered)
  const others = Object.keys(result.non200).filter((status) => status !== '503')
  const left = (await listLeases(bench)).filter((lease) => !ofTheKilled.has(lease)).length
  await server.start()
  return [
    {
      id: 'P6',
      want: 'asked to stop: what it answered is kept',
      got: `${missing} of ${result.answered.length} missing, ${others.join() || 'no other answer'}`,
      held: missing === 0 && result.answered.length > 0 && others.length === 0,
    },
    {
      id: 'P6',
      want: 'asked to stop: no lease is left',
      got: `${left} left`,
      held: left === 0,
      // Each part has 8.5 s to come to its end; what a busy machine cannot end by then waits for its lease to run out.
      measures: 'time',
    },
    {
      id: 'P6',
      want: `gone <= ${thresholds.stopMs} ms`,
      got: `${tookMs} ms (${loadNow()})`,
      held: tookMs <= thresholds.stopMs,
      measures: 'time',
    },
  ]
}

/** Of events and jobs: the same thing taken once more is another lease. */
async function listLeases({ db }: Bench): Promise<string[]> {
  const held = await Promise.all([
    db
      .collection('callbackEvents')
      .find({ state: 'waiting', lease: { $ne: null } }, { projection: { lease: 1 } })
      .toArray(),
    db
      .collection('jobs')
      .find({ state: 'running' }, { projection: { lease: 1 } })
      .toArray(),
  ])
  return held.flat().map(({ _id, lease }) => `${String(_id)} ${String(lease)}`)
}

/** P1: a full read is killed again and again; it goes on where it was. */
async function killInSync({ size, seed, say }: DrillOptions): Promise<PromiseResult[]> {
  const plan = bySize(size, {
    long: { guides: 320, relations: 40_000, kills: 10, latencyMs: 200 },
    short: { guides: 96, relations: 10_000, kills: 3, latencyMs: 300 },
    test: { guides: 32, relations: 4_000, kills: 2, latencyMs: 500 },
  })
  const { guides, relations, kills, latencyMs } = plan
  const path = '/cgi-bin/externalcontact/batch/get_by_user'
  return withBench({ seed, guides, relations, emulator: { latencyMsByPath: { [path]: latencyMs } } }, async (bench) => {
    say(`a full read of ${relations} relations, killed ${kills} times …`)
    const server = await bench.addServer()
    const random = createRandom(seed)
    const floor = await floorOf(bench, guides)
    let killed = 0
    for (; killed < kills; killed++) {
      // By pages read, not by the clock: a kill must find the read under way, however fast or slow the machine.
      const due = (floor * (killed + 0.2 + random() * 0.6)) / (kills + 1)
      await waitUntil(async () => (await pagesRead(bench)) >= due, { mostMs: 120_000, everyMs: 10 })
      await server.kill('SIGKILL')
      await server.start()
    }
    await bench.synced()
    const equal = await isEqual(bench)
    if (!equal) say((await findDifferences(bench)).join('\n    '))
    const calls = await pagesRead(bench)
    const extra = calls - floor
    const lists = Math.ceil(guides / listSizeOf(guides))
    const atOnce = Math.min(listsAtOnce, lists)
    return [
      {
        id: 'P1',
        want: `digests equal after ${kills} x kill -9 in a full read`,
        got: `${equal ? 'equal' : 'not equal'} after ${killed}`,
        held: equal && killed > 0,
      },
      {
        id: 'P1',
        want: 'at most 1 page for each list at hand and kill is read twice',
        got: `${calls} calls, floor ${floor}, ${extra} more (${killed} kills, up to ${atOnce} lists at hand)`,
        held: extra <= killed * atOnce,
      },
    ]
  })
}

const pagesRead = (bench: Bench) => callsOf(bench, 'externalcontact/batch/get_by_user')
const listSizeOf = (guides: number) => Math.min(100, Math.ceil(guides / 32))

/** The calls that a full read cannot do without: full pages for each list of guides, in the order of their ids. */
async function floorOf({ wecom }: Bench, guides: number): Promise<number> {
  const byGuide = (await wecom.guideDigests()).map(({ userId, relations }) => ({ userId, relations }))
  const sorted = byGuide.toSorted((a, b) => (a.userId < b.userId ? -1 : 1))
  const size = listSizeOf(guides)
  let calls = 0
  for (let from = 0; from < guides; from += size) {
    const sum = sorted.slice(from, from + size).reduce((total, { relations }) => total + relations, 0)
    calls += Math.max(1, Math.ceil(sum / 100))
  }
  return calls
}
