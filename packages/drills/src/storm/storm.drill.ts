import { withBench, type Bench } from '../bench/bench.ts'
import { findDifferences, isEqual } from '../bench/digests.ts'
import { loadNow } from '../bench/figures.ts'
import { waitUntil } from '../bench/wait.ts'
import { bySize, type Drill, type PromiseResult } from '../drill.ts'
import { thresholds } from '../thresholds.ts'

const { settledSec, reconciledSec } = thresholds.storm

/** C3 and C4: repeated, shuffled and lost events, two servers; in the end we hold what WeCom holds. */
export const run: Drill = async ({ size, seed, say }) => {
  const plan = bySize(size, {
    long: { guides: 200, relations: 6_000, actions: 60_000, customers: 5_000, perSecond: 500, shuffleMs: 5_000 },
    short: { guides: 50, relations: 2_000, actions: 4_000, customers: 500, perSecond: 250, shuffleMs: 5_000 },
    test: { guides: 10, relations: 200, actions: 300, customers: 60, perSecond: 150, shuffleMs: 1_000 },
  })
  const { guides, relations, shuffleMs, ...storm } = plan
  const emulator = { callback: { duplicateRate: 0.1, shuffleMs, seed, concurrency: 64 } }
  return withBench({ seed, guides, relations, emulator }, async (bench) => {
    await bench.db.collection('welcomeTexts').insertOne({ _id: bench.corpId as never, text: '您好，欢迎光临' })
    const server = await bench.addServer()
    await bench.addServer()
    await bench.synced()
    await bench.hear(server)

    say(
      `${storm.actions} actions on ${storm.customers} customers, 10 % delivered twice, shuffled within ${shuffleMs} ms …`,
    )
    await runStorm(bench, { ...storm, seed })
    const settledMs = await waitUntil(() => isEqual(bench), { mostMs: settledSec * 1_000, everyMs: 500 })
    const load = loadNow()
    if (settledMs === null) say((await findDifferences(bench)).join('\n    '))
    const ledger = await bench.wecom.ledger()
    say(`${ledger.raised} events, ${ledger.packets} packets, p99 ${ledger.latency.p99Ms} ms`)
    const promises = [
      {
        id: 'C4',
        want: `digests equal <= ${settledSec} s after the storm`,
        got: settledMs === null ? 'not equal' : `${(settledMs / 1_000).toFixed(1)} s (${load})`,
        held: settledMs !== null,
      },
      ...(await judgeWelcomes(bench)),
    ]

    say('the same again with 5 % of the events lost, then one full comparison …')
    await bench.wecom.changeSettings({ callback: { dropRate: 0.05 } })
    await runStorm(bench, { ...storm, actions: Math.ceil(storm.actions / 4), seed: seed + 1 })
    await drained(bench)
    const before = await isEqual(bench)
    const admin = await bench.asAdmin(server)
    const startedAt = performance.now()
    await admin.post('/sync')
    const reconciledMs = await waitUntil(() => isEqual(bench), { mostMs: reconciledSec * 1_000, everyMs: 500 })
    if (reconciledMs === null) say((await findDifferences(bench)).join('\n    '))
    const { dropped } = await bench.wecom.ledger()
    promises.push({
      id: 'C4',
      want: `digests equal <= ${reconciledSec} s although 5 % were never delivered`,
      got:
        reconciledMs === null
          ? 'not equal'
          : `${((performance.now() - startedAt) / 1_000).toFixed(1)} s, ${dropped} lost, ${before ? 'no difference' : 'different'} before (${loadNow()})`,
      held: reconciledMs !== null,
    })
    return { promises }
  })
}

async function runStorm(
  { wecom }: Bench,
  input: { actions: number; customers: number; perSecond: number; seed: number },
) {
  const result = await wecom.runStorm(input)
  if (result.error) throw new Error(`the storm ended early: ${result.error}`)
  await wecom.waitForCallbacks(120_000)
}

async function drained({ db }: Bench): Promise<void> {
  const events = db.collection('callbackEvents')
  await waitUntil(async () => (await events.countDocuments({ state: 'waiting' })) === 0, {
    mostMs: 180_000,
    everyMs: 250,
  })
}

/** C3: one attempt for each code that came, over all repetitions and both servers. */
async function judgeWelcomes(bench: Bench): Promise<PromiseResult[]> {
  const events = bench.db.collection('callbackEvents')
  await waitUntil(async () => (await events.countDocuments({ welcome: 'waiting' })) === 0, { mostMs: 40_000 })
  const came = await events.countDocuments({ body: /WelcomeCode/ })
  const settled = await bench.db.collection('welcomeSends').countDocuments({})
  const calls = await bench.wecom.welcomeCalls({ limit: 100_000 })
  const twice = calls.length - new Set(calls.map(({ welcomeCode }) => welcomeCode)).size
  const states = await bench.db.collection('welcomeSends').distinct('state')
  return [
    {
      id: 'C3',
      want: 'each welcome exactly once, with two servers',
      got: `${came} codes came, ${settled} settled (${states.join(', ')}), ${calls.length} calls, ${twice} doubled`,
      held: settled === came && twice === 0,
    },
  ]
}
