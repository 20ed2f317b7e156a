import { setTimeout as sleep } from 'node:timers/promises'

import { xmlTricks } from '@guidebar/server/features/callbacks/xml-tricks'

import { withBench, type Bench, type Server } from '../bench/bench.ts'
import { loadNow, toLatencies } from '../bench/figures.ts'
import { createSealer, toEventXml } from '../bench/packets.ts'
import { cpuMs, rssMiB } from '../bench/part.ts'
import { listPairs, sendEvents, patienceOf } from '../bench/sender.ts'
import { waitUntil } from '../bench/wait.ts'
import { bySize, type Drill, type DrillOptions, type PromiseResult } from '../drill.ts'
import { thresholds } from '../thresholds.ts'
import type { ForgerInput, ForgerResult } from './forger.main.ts'
import { openSlowClients } from './slow-clients.ts'

const { forged, slowClients, xml, acknowledge } = thresholds

/** C5 to C9 and C14: what is not WeCom's, is WeCom's for somebody else, is old, too big, too slow, or a trick. */
export const run: Drill = async (options) =>
  withBench({ seed: options.seed, guides: 10, relations: 200 }, async (bench) => {
    const server = await bench.addServer()
    await bench.synced()
    return {
      promises: [
        ...(await forge(bench, server, options)),
        ...(await replay(bench, server)),
        ...(await trick(bench, server)),
        ...(await dawdle(bench, server, options)),
        // Last, since the server then lives ten minutes ahead.
        ...(await moveClock(bench, server)),
      ],
    }
  })

const kept = ({ db }: Bench) => db.collection('callbackEvents').countDocuments({})

async function post(url: string, { body, query }: { body: string; query: string }): Promise<number> {
  const answer = await fetch(`${url}?${query}`, { method: 'POST', headers: { 'content-type': 'text/xml' }, body })
  await answer.arrayBuffer()
  return answer.status
}

async function forge(bench: Bench, server: Server, { size, seed, say }: DrillOptions): Promise<PromiseResult[]> {
  const count = bySize(size, { long: 10_000, short: 10_000, test: 900 })
  say(`${count} forged packets over 50 connections …`)
  const before = await kept(bench)
  const { corpId, callback } = bench
  const input: ForgerInput = {
    url: bench.callbackUrl(server),
    credentials: { corpId, ...callback },
    count,
    seed,
    connections: 50,
  }
  const cpuBefore = cpuMs(server.part.pid)
  const part = bench.startPart('forged/forger.main.ts', input)
  const result = JSON.parse(await part.lineWith('FORGER_DONE')) as ForgerResult
  // The sender needs a core as well, so the server's own time says what it can do with one.
  const perCore = Math.round((count * 1_000) / Math.max(1, cpuMs(server.part.pid) - cpuBefore))
  const load = loadNow()
  const accepted = result.statuses['200'] ?? 0
  const odd = Object.entries(result.statuses).filter(([status]) => !/^4\d\d$/.test(status))
  const stored = (await kept(bench)) - before
  return [
    {
      id: 'C5',
      want: `0 of ${count} accepted (${Object.keys(result.byKind).length} kinds), 0 kept, all 4xx`,
      got: `${accepted} accepted, ${stored} kept, ${odd.length === 0 ? 'all 4xx' : JSON.stringify(odd)}`,
      held: accepted === 0 && stored === 0 && odd.length === 0 && result.sent === count,
    },
    {
      id: 'C5',
      want: `p99 <= ${forged.p99Ms} ms, >= ${forged.perSec}/s of one core`,
      got: `p99 ${result.latency.p99Ms} ms, ${perCore}/s of one core, ${result.perSec}/s with the sender beside it (${load})`,
      held: result.latency.p99Ms <= forged.p99Ms && perCore >= forged.perSec,
      measures: 'time',
    },
    {
      id: 'C6',
      want: 'another corp, empty, in capitals, inside or in the address: 403',
      got: JSON.stringify(corpKinds.map((kind) => result.byKind[kind] ?? {})),
      held: corpKinds.every((kind) => Object.keys(result.byKind[kind] ?? {}).join() === '403'),
    },
  ]
}

const corpKinds = ['wrong receiver', 'receiver in capitals', 'empty receiver', 'another corp inside', 'another address']

async function eventOf(bench: Bench, createdAt = Math.floor(Date.now() / 1_000)) {
  const [pair] = await listPairs(bench, 1)
  return toEventXml(bench.corpId, {
    userId: '',
    externalUserId: '',
    ...pair,
    createdAt,
    more: { State: String(Math.random()) },
  })
}

/** C7: the same packet again, and old ones. */
async function replay(bench: Bench, server: Server): Promise<PromiseResult[]> {
  const url = bench.callbackUrl(server)
  const sealer = createSealer({ corpId: bench.corpId, ...bench.callback })
  const before = await kept(bench)
  const packet = sealer.seal(await eventOf(bench))
  const again = [await post(url, packet), await post(url, packet), await post(url, packet)]
  const stored = (await kept(bench)) - before
  const nowSec = Math.floor(Date.now() / 1_000)
  const skewed = [
    await post(url, sealer.seal(await eventOf(bench), nowSec - 400)),
    await post(url, sealer.seal(await eventOf(bench), nowSec + 400)),
    await post(url, sealer.seal(await eventOf(bench, nowSec - 8 * 86_400))),
  ]
  return [
    {
      id: 'C7',
      want: 'the same packet three times: 200, kept once',
      got: `${again.join(', ')}; kept ${stored}`,
      held: again.every((status) => status === 200) && stored === 1,
    },
    {
      id: 'C7',
      want: '400 s off, or an event of last week: 403',
      got: skewed.join(', '),
      held: skewed.every((status) => status === 403),
    },
  ]
}

/** C7, U7: our clock is ten minutes behind WeCom's; its own answers tell us so. */
async function moveClock(bench: Bench, server: Server): Promise<PromiseResult[]> {
  const url = bench.callbackUrl(server)
  const sealer = createSealer({ corpId: bench.corpId, ...bench.callback })
  const send = async () => {
    const atSec = Math.floor(Date.now() / 1_000) + 600
    return post(url, sealer.seal(await eventOf(bench, atSec), atSec))
  }
  const before = await send()
  await bench.wecom.failNext({ id: 'date', path: '*', dateOffsetSec: 600, count: null })
  // The offset is learnt from the answers to calls, and events make the server call.
  let after = 0
  await waitUntil(
    async () => {
      await post(url, sealer.seal(await eventOf(bench)))
      return (after = await send()) === 200
    },
    { mostMs: 20_000, everyMs: 200 },
  )
  await bench.wecom.clearFaults({ id: 'date' })
  return [
    {
      id: 'C7',
      want: 'our clock 10 min wrong: refused until WeCom’s clock is known, then accepted',
      got: `${before}, then ${after}`,
      held: before === 403 && after === 200,
    },
  ]
}

/** C9 over the network, with the signature of a good packet beside each. */
async function trick(bench: Bench, server: Server): Promise<PromiseResult[]> {
  const url = bench.callbackUrl(server)
  const { crypto } = createSealer({ corpId: bench.corpId, ...bench.callback })
  const encrypt = crypto.encrypt(await eventOf(bench))
  const at = { timestamp: String(Math.floor(Date.now() / 1_000)), nonce: 'n0nce' }
  const query = new URLSearchParams({ ...at, msg_signature: crypto.sign(at.timestamp, at.nonce, encrypt) }).toString()
  const tricks = xmlTricks()
  const before = { rss: rssMiB(server.part.pid), kept: await kept(bench) }
  const times: number[] = []
  const statuses: Record<string, number> = {}
  for (const { xml: text } of tricks) {
    const body = text.replaceAll('BODY', encrypt).slice(0, 64 * 1_024)
    const startedAt = performance.now()
    const status = await post(url, { body, query })
    times.push(performance.now() - startedAt)
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  const growthMiB = rssMiB(server.part.pid) - before.rss
  const stored = (await kept(bench)) - before.kept
  const faults = Object.entries(statuses).filter(([status]) => Number(status) >= 500)
  const { p99Ms, maxMs } = toLatencies(times)
  return [
    {
      id: 'C9',
      want: `${tricks.length} XML tricks: 0 five-hundreds, no second event`,
      got: `${JSON.stringify(statuses)}, ${stored} kept`,
      // Other spellings of the same packet are that packet.
      held: faults.length === 0 && stored <= 1,
    },
    {
      id: 'C9',
      want: `p99 <= ${xml.eachMs} ms over the network, RSS growth <= ${xml.rssGrowthMiB} MiB`,
      got: `p99 ${p99Ms} ms, max ${maxMs} ms, ${growthMiB} MiB (${loadNow()})`,
      held: p99Ms <= xml.eachMs && growthMiB <= xml.rssGrowthMiB,
      measures: 'time',
    },
  ]
}

/** C8: bodies that are too big or too slow, and events that come meanwhile. */
async function dawdle(bench: Bench, server: Server, { size, seed, say }: DrillOptions): Promise<PromiseResult[]> {
  const url = bench.callbackUrl(server)
  const startedAt = performance.now()
  const tooLarge = await post(url, { body: 'x'.repeat(200_000), query: 'a=b' }).catch(() => 0)
  const tooLargeMs = Math.round(performance.now() - startedAt)
  const empty = await post(url, { body: '', query: 'msg_signature=a&timestamp=1&nonce=n' })
  const cut = await post(url, { body: '<xml><Encrypt><![CDATA[abc', query: 'msg_signature=a&timestamp=1&nonce=n' })
  const clients = bySize(size, { long: 500, short: 500, test: 100 })
  say(
    `${clients} clients that send a byte a second, and ${bySize(size, { long: 100, short: 100, test: 30 })} events/s beside them …`,
  )
  const slow = openSlowClients({ url, count: clients, everyMs: 1_000 })
  const pace = bySize(size, {
    long: { perSecond: 100, seconds: 30 },
    short: { perSecond: 100, seconds: 9 },
    test: { perSecond: 30, seconds: 3 },
  })
  const result = await sendEvents(bench, {
    server,
    patienceMs: patienceOf(size),
    ...pace,
    seed: seed + 7,
    repeats: 0.1,
    additions: 0,
  })
  const load = loadNow()
  await waitUntil(() => slow.closedAfterMs.length >= clients, { mostMs: 15_000 })
  await sleep(100)
  slow.close()
  const closed = slow.closedAfterMs.length
  const lastMs = Math.round(Math.max(0, ...slow.closedAfterMs))
  return [
    {
      id: 'C8',
      want: 'too large 413, empty 400, cut 400',
      got: `${tooLarge}, ${empty}, ${cut}`,
      held: tooLarge === 413 && empty === 400 && cut === 400,
    },
    {
      id: 'C8',
      want: `413 within ${slowClients.tooLargeMs} ms`,
      got: `${tooLargeMs} ms (${load})`,
      held: tooLargeMs <= slowClients.tooLargeMs,
      measures: 'time',
    },
    {
      id: 'C8',
      want: `${clients} slow clients: all closed`,
      got: `${closed} closed`,
      held: closed >= clients,
    },
    {
      id: 'C8',
      want: `closed within ${slowClients.closedMs} ms, events answered meanwhile with p99 <= ${acknowledge.p99Ms} ms`,
      got: `last closed after ${lastMs} ms, p99 ${result.latency.p99Ms} ms, ${result.ok} of ${result.sent} (${load})`,
      held:
        lastMs <= slowClients.closedMs + 1_000 &&
        result.latency.p99Ms <= acknowledge.p99Ms &&
        result.ok === result.sent,
      measures: 'time',
    },
  ]
}
