import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { LedgerEntry, StormInput } from '../index.ts'
import { corpId, useEmulator, useReceiver } from '../test-support.ts'
import { createHistogram } from './histogram.ts'

const emulator = useEmulator()
const receiver = useReceiver()
const storm: StormInput = { actions: 400, customers: 100, seed: 9 }

async function fillCorp(callback: object = {}) {
  await emulator.control.reset()
  await emulator.control.generate({ guides: 10, relations: 300, seed: 2 })
  await emulator.control.changeSettings({ callback: { url: receiver.url, redeliverAfterMs: 5, ...callback } })
}

async function allEntries(): Promise<LedgerEntry[]> {
  const all: LedgerEntry[] = []
  let after: number | null = 0
  while (after !== null) {
    const page: { entries: LedgerEntry[]; next: number | null } = await emulator.control.ledgerEntries({
      after,
      limit: 150,
    })
    all.push(...page.entries)
    after = page.next
  }
  return all
}
const keyOf = (xml: string) => createHash('sha256').update(`${corpId}\n${xml}`).digest('hex')

beforeEach(() => fillCorp())

describe('a storm', () => {
  test('does as many things as asked, of all kinds, and raises their events', async () => {
    const result = await emulator.control.runStorm(storm)
    expect(await emulator.control.waitForCallbacks()).toEqual({ settled: true })

    const done = Object.values(result.counts).reduce((sum, count) => sum + count, 0)
    expect(result).toMatchObject({ running: false, done: 400, planned: 400, error: null })
    expect(done).toBe(400)
    expect(Object.values(result.counts).every((count) => count > 0)).toBe(true)
    expect(receiver.events).toHaveLength(result.raised)
  })

  test('leaves the same corp behind for the same seed', async () => {
    const run = async (seed: number) => {
      await fillCorp({ url: null })
      await emulator.control.runStorm({ ...storm, seed })
      return (await emulator.control.digest()).digest
    }
    const first = await run(1)

    expect(await run(1)).toBe(first)
    expect(await run(2)).not.toBe(first)
  })

  test('keeps to its plan while the receiver is slow, and the waiting counts', async () => {
    await emulator.control.changeSettings({ callback: { concurrency: 1 } })
    receiver.answer = (response) => setTimeout(() => response.end(), 60)
    const result = await emulator.control.runStorm({ ...storm, actions: 50, perSecond: 100 })
    const tookMs = Date.parse(result.endedAt ?? '') - Date.parse(result.startedAt)
    await emulator.control.waitForCallbacks()

    expect(tookMs).toBeGreaterThan(400)
    // One after the other they would have taken 3 seconds.
    expect(tookMs).toBeLessThan(2500)
    const { latency } = await emulator.control.ledger()
    expect(latency.maxMs).toBeGreaterThan(300)
    expect(latency.count).toBe(result.raised)
  })

  test('does only what its mix names', async () => {
    const { counts } = await emulator.control.runStorm({ ...storm, actions: 30, mix: { addNewCustomer: 1 } })

    expect(counts).toMatchObject({ addNewCustomer: 30, editRemark: 0, changeTag: 0 })
    const [event] = receiver.events
    expect(event).toContain('<WelcomeCode>')
  })

  test('can be stopped, and a second one waits for the first', async () => {
    await emulator.control.startStorm({ ...storm, actions: 10_000, perSecond: 50 })
    await expect(emulator.control.startStorm(storm)).rejects.toThrow('running already')

    await emulator.control.stopStorm()
    await expect.poll(async () => (await emulator.control.storm())?.running).toBe(false)
    expect((await emulator.control.storm())?.done).toBeLessThan(10_000)
  })

  test('that cannot be is refused', async () => {
    await expect(emulator.control.startStorm({ ...storm, actions: 0 })).rejects.toThrow('actions must be')
    await expect(emulator.control.startStorm({ ...storm, mix: { dance: 1 } as never })).rejects.toThrow('mix: dance')
    await emulator.control.reset()
    await expect(emulator.control.startStorm(storm)).rejects.toThrow('no guides or no customers')
  })
})

describe('the ledger', () => {
  test('names each event by a key that the receiver can work out', async () => {
    await emulator.control.changeSettings({ callback: { dropRate: 0.2, duplicateRate: 0.3, seed: 4 } })
    const { raised } = await emulator.control.runStorm(storm)
    await emulator.control.waitForCallbacks()

    const summary = await emulator.control.ledger()
    const entries = await allEntries()
    expect(summary).toMatchObject({ raised, waiting: 0, failed: 0, non200: 0, unanswered: 0 })
    expect(summary.dropped).toBeGreaterThan(30)
    expect(summary.duplicated).toBeGreaterThan(50)
    expect(summary.packets).toBe(raised - summary.dropped + summary.duplicated)
    expect(summary.delivered).toBe(receiver.events.length)
    expect(entries).toHaveLength(summary.events)
    const received = new Set(receiver.events.map(keyOf))
    const answered = entries.filter((entry) => entry.delivered > 0)
    expect(new Set(answered.map((entry) => entry.key))).toEqual(received)
    const { entries: dropped } = await emulator.control.ledgerEntries({ state: 'dropped' })
    expect(dropped.every((entry) => !received.has(entry.key) && entry.dropped > 0)).toBe(true)
  })

  test('counts answers that were not 200 and packets given up', async () => {
    let answers = 0
    receiver.answer = (response) => {
      answers += 1
      if (answers === 6) response.destroy()
      else response.writeHead(answers <= 5 ? 500 : 200).end()
    }
    const [relation] = (await emulator.control.truth({ limit: 1 })).relations
    const pair = { userId: relation?.userId ?? '', externalUserId: relation?.externalUserId ?? '' }
    await emulator.control.act('editRelation', { ...pair, remark: '一' })
    await emulator.control.waitForCallbacks()
    await emulator.control.act('customerDeletesGuide', pair)
    await emulator.control.waitForCallbacks()

    expect(await emulator.control.ledger()).toMatchObject({
      raised: 2,
      attempts: 7,
      non200: 5,
      unanswered: 1,
      delivered: 1,
      failed: 1,
      latency: { count: 1 },
    })
    expect((await emulator.control.ledgerEntries({ state: 'failed' })).entries).toMatchObject([
      { changeType: 'edit_external_contact', attempts: 4, deliveredAt: null },
    ])
    await emulator.control.changeSettings({ callback: { lateRate: 1, lateMs: 100 } })
    await emulator.control.act('editRelation', { ...pair, remark: '二' })
    await emulator.control.clearLedger()
    await emulator.control.waitForCallbacks()
    expect(await emulator.control.ledger()).toMatchObject({ raised: 0, events: 0, latency: { count: 0 } })
  })

  test('sees the same events lost, doubled and late for the same seed', async () => {
    const fates = async (seed: number) => {
      await fillCorp({ dropRate: 0.2, duplicateRate: 0.2, lateRate: 0.2, lateMs: 30, shuffleMs: 5, seed })
      await emulator.control.advanceClock(1)
      await emulator.control.runStorm({ ...storm, actions: 60, mix: { editRemark: 1 } })
      await emulator.control.waitForCallbacks()
      const { dropped, duplicated } = await emulator.control.ledger()
      const shape = (await emulator.control.callbackDeliveries(500)).toReversed().map((one) => one.state)
      return { dropped, duplicated, shape }
    }
    const first = await fates(21)

    expect(await fates(21)).toEqual(first)
    expect(await fates(22)).not.toEqual(first)
  })

  test('counts late packets from the moment they were meant to start', async () => {
    await emulator.control.changeSettings({ callback: { lateRate: 1, lateMs: 900 } })
    const [relation] = (await emulator.control.truth({ limit: 1 })).relations
    const started = performance.now()
    await emulator.control.act('editRelation', {
      userId: relation?.userId ?? '',
      externalUserId: relation?.externalUserId ?? '',
      remark: '迟到',
    })
    await emulator.control.waitForCallbacks()

    expect(performance.now() - started).toBeGreaterThan(880)
    const { delayed, latency } = await emulator.control.ledger()
    expect(delayed).toBe(1)
    expect(latency.maxMs).toBeLessThan(700)
  })
})

test('quantiles are exact and every time is in one bucket', () => {
  const histogram = createHistogram()
  for (let ms = 2000; ms >= 1; ms -= 1) histogram.add(ms)

  const { buckets, ...rest } = histogram.result()
  expect(rest).toEqual({ count: 2000, p50Ms: 1000, p90Ms: 1800, p99Ms: 1980, maxMs: 2000 })
  expect(buckets.find((bucket) => bucket.uptoMs === 10)?.count).toBe(5)
  expect(buckets.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(2000)
  expect(createHistogram().result()).toMatchObject({ count: 0, p99Ms: 0 })
})
