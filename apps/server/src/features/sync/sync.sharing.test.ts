import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { startCustomers, type CustomerWorld } from '../relations/customer.world.ts'

let world: CustomerWorld

beforeAll(async () => {
  world = await startCustomers()
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.begin({ synced: false })
  await world.wecom.reset()
  await world.wecom.changeSettings({ callback: { url: null } })
})

const batchPath = 'externalcontact/batch/get_by_user'
const countBatches = async () => (await world.wecom.callCounts())[`/cgi-bin/${batchPath}`] ?? 0

/** 64 guides in 32 lists of 150 relations: two pages each. */
const corp = { guides: 64, relations: 4_800, seed: 5 }
const floor = 32 * 2

test('two processes read different lists of one sync, and no page is read twice', async () => {
  await world.wecom.generate(corp)
  await world.wecom.changeSettings({ latencyMsByPath: { [batchPath]: 30 } })
  const pages = [0, 0]
  const [first, second] = [0, 1].map((place) =>
    world.createProcess({
      pageHook: () => void (pages[place] = (pages[place] ?? 0) + 1),
      settings: { leaseMs: 2_000 },
    }),
  )

  const running = first!.sync.runNow(first!.corp)
  await expect.poll(async () => (await world.sync.progress(world.corpId)).phase).toBe('relations')
  await second!.sync.runNow(second!.corp)
  const progress = await running

  expect(progress).toMatchObject({ phase: 'done', done: corp.relations })
  expect(pages.every((count) => count > 0)).toBe(true)
  expect(await countBatches()).toBe(floor)
  expect(await world.digest()).toEqual(await world.wecom.digest())
})

test('a process that dies costs each of its lists one page at most', async () => {
  await world.wecom.generate(corp)
  await world.wecom.changeSettings({ latencyMsByPath: { [batchPath]: 20 } })
  let [stored, kills] = [0, 0]
  const runOnce = async () => {
    const process = world.createProcess({ pageHook: () => void (++stored % 6 === 0 && process.sync.stop()) })
    return process.sync.runNow(process.corp)
  }
  let progress = await runOnce()
  for (; progress.phase !== 'done' && kills < 20; kills++) progress = await runOnce()

  expect(progress).toMatchObject({ phase: 'done', done: corp.relations })
  expect(kills).toBeGreaterThan(1)
  // Four lists are under way at a time.
  expect(await countBatches()).toBeLessThanOrEqual(floor + kills * 4)
  expect(await world.digest()).toEqual(await world.wecom.digest())
})

test('WeCom’s «too many calls» in the middle costs time and nothing else', async () => {
  await world.wecom.generate({ ...corp, relations: 2_000 })
  await world.wecom.failNext({ path: batchPath, errcode: 45009, count: 5, skip: 10 })
  const { sync, corp: own } = world.createProcess({
    limited: false,
    settings: { patience: { tries: 8, firstMs: 5, mostMs: 20 } },
  })

  const progress = await sync.runNow(own)

  expect(progress).toMatchObject({ phase: 'done', done: 2_000 })
  expect(await world.digest()).toEqual(await world.wecom.digest())
})
