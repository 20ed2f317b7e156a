import { setTimeout as sleep } from 'node:timers/promises'

import { withBench, type Bench } from '../bench/bench.ts'
import { callsOf, endCallers, startCallers, type Caller } from '../bench/callers.ts'
import { listPairs } from '../bench/sender.ts'
import { bySize, type Drill, type PromiseResult } from '../drill.ts'
import { thresholds } from '../thresholds.ts'

const path = 'externalcontact/get'

/** U3 and U4: WeCom says «too many calls», and «busy». */
export const run: Drill = async ({ size, seed, say }) =>
  withBench({ seed, guides: 10, relations: 50 }, async (bench) => {
    const [pair] = await listPairs(bench, 1)
    const id = pair?.externalUserId ?? ''
    const callers = await startCallers(bench, 2)
    try {
      say('30 % of the calls answer -1 …')
      const promises = [await busy(bench, callers[0]!, id, bySize(size, { long: 400, short: 200, test: 60 }))]
      const watchedMs = bySize(size, { long: 75_000, short: 75_000, test: 8_000 })
      say(`two processes meet a quota of 100 a minute and go on asking for ${watchedMs / 1_000} s …`)
      promises.push(...(await quota(bench, callers, id, watchedMs)))
      return { promises }
    } finally {
      await endCallers(callers)
    }
  })

/** U4: each call is repeated at most three times. */
async function busy(bench: Bench, caller: Caller, id: string, count: number): Promise<PromiseResult> {
  const { retries } = thresholds.busy
  const before = await callsOf(bench, path)
  await bench.wecom.failNext({ id: 'busy', path, errcode: -1, probability: 0.3, seed: 4, count: null })
  const mixed = await caller.order({ call: 'customer', count, atOnce: 20, id })
  const calls = (await callsOf(bench, path)) - before
  await bench.wecom.clearFaults({ id: 'busy' })
  // With nothing but «busy» the number of tries of one call shows itself.
  await bench.wecom.failNext({ id: 'busy', path, errcode: -1, count: null })
  const lone = await callsOf(bench, path)
  const none = await caller.order({ call: 'customer', count: 1, atOnce: 1, id })
  const tries = (await callsOf(bench, path)) - lone
  await bench.wecom.clearFaults({ id: 'busy' })
  return {
    id: 'U4',
    want: `-1: at most ${retries} retries of a call`,
    got: `${tries - 1} retries of one that never works (${JSON.stringify(none.failures)}); ${mixed.ok} of ${count} worked with ${calls} calls`,
    held: tries <= retries + 1 && mixed.ok >= count * 0.95,
  }
}

/** U3: after 45009 nobody calls for a minute; then one call finds out whether it is over. */
async function quota(bench: Bench, callers: Caller[], id: string, watchedMs: number): Promise<PromiseResult[]> {
  const { quietMs } = thresholds.rateLimit
  await bench.wecom.failNext({ id: 'quota', path, quota: { perMinute: 100 } })
  const firstRefused = async () => {
    const calls = await bench.wecom.calls({ path, limit: 2_000 })
    return calls.findLast(({ errcode }) => errcode === 45009)
  }
  const endAt = Date.now() + watchedMs
  const asking = callers.map(async ({ order }) => {
    while (Date.now() < endAt) {
      await order({ call: 'customer', count: 20, atOnce: 4, id })
      await sleep(100)
    }
  })
  await Promise.all(asking)
  const refused = await firstRefused()
  const at = Date.parse(refused?.at ?? '')
  const later = (await bench.wecom.calls({ path, limit: 2_000 }))
    .map((call) => ({ afterMs: Date.parse(call.at) - at, errcode: call.errcode }))
    .filter(({ afterMs }) => afterMs > 0)
    .toSorted((a, b) => a.afterMs - b.afterMs)
  // Calls that were on their way when the first refusal came; they cannot be called back.
  const underWayMs = 500
  const tooEarly = later.filter(({ afterMs }) => afterMs > underWayMs && afterMs < Math.min(quietMs, watchedMs))
  const promises: PromiseResult[] = [
    {
      id: 'U3',
      want: `0 calls of any process for ${Math.min(quietMs, watchedMs) / 1_000} s after 45009`,
      got: refused
        ? `${tooEarly.length} calls, ${later.length - tooEarly.length} were under way or came later`
        : 'no 45009 came',
      held: refused !== undefined && tooEarly.length === 0,
    },
  ]
  if (watchedMs > quietMs) {
    const probes = later.filter(({ afterMs }) => afterMs >= quietMs)
    const [first, second] = probes
    const gapMs = first && second ? second.afterMs - first.afterMs : null
    promises.push({
      id: 'U3',
      want: 'then one call finds out whether it is over',
      got: first
        ? `first after ${(first.afterMs / 1_000).toFixed(1)} s (${first.errcode}), the next ${gapMs} ms later`
        : 'none yet',
      held: first !== undefined,
    })
  }
  return promises
}
