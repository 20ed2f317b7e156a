import { describe, expect, test } from 'vitest'
import type { FaultInput } from '../index.ts'
import { lina, useEmulator, xiaoyu } from '../test-support.ts'

const emulator = useEmulator()
const path = 'getcallbackip'
const ask = () => emulator.get(path)
const askRaw = () => emulator.raw(`${path}?access_token=${emulator.token}`)
const codesOf = async (calls: number) => {
  const codes: number[] = []
  for (let call = 0; call < calls; call += 1) codes.push((await ask()).errcode)
  return codes
}
const timed = async (call: () => Promise<unknown>) => {
  const started = performance.now()
  await call()
  return performance.now() - started
}
const remark = (text: string) =>
  emulator.post('externalcontact/remark', { userid: 'LinXiaoMei', external_userid: lina, remark: text })
const remarkOf = async () => (await emulator.control.relation('LinXiaoMei', lina))?.remark

describe('an order', () => {
  test('spoils as many calls of a path as it says, and no other path', async () => {
    await emulator.control.failNext({ path, errcode: -1, count: 2 })

    expect((await emulator.get('department/list')).errcode).toBe(0)
    expect(await codesOf(3)).toEqual([-1, -1, 0])
  })

  test('picks the same calls each time for the same seed', async () => {
    const fault: FaultInput = { path, errcode: -1, probability: 0.4, count: null, seed: 77 }
    await emulator.control.failNext(fault)
    const first = await codesOf(20)
    await emulator.control.clearFaults()
    await emulator.control.failNext(fault)

    expect(await codesOf(20)).toEqual(first)
    expect(first.filter((code) => code === -1).length).toBeGreaterThan(3)
    expect(first.filter((code) => code === 0).length).toBeGreaterThan(3)
  })

  test('can let calls pass first and come in bursts', async () => {
    await emulator.control.failNext({ path, errcode: -1, skip: 2, count: 3, burst: 3, probability: 1 })

    expect(await codesOf(6)).toEqual([0, 0, -1, -1, -1, 0])
  })

  test('is listed until it is used up or cleared', async () => {
    const { id } = await emulator.control.failNext({ path, errcode: 45009, count: 2 })
    await emulator.control.failNext({ path: '*', dateOffsetSec: 60, id: 'clock' })
    await ask()

    expect(await emulator.control.faults()).toMatchObject([
      { id, path: '/cgi-bin/getcallbackip', errcode: 45009, count: 1, hits: 1 },
      { id: 'clock', path: '*', dateOffsetSec: 60, count: null, hits: 1 },
    ])
    await emulator.control.clearFaults({ path })
    expect((await emulator.control.faults()).map((fault) => fault.id)).toEqual(['clock'])
    await emulator.control.failNext({ path: '*', dateOffsetSec: -60, id: 'clock' })
    expect(await emulator.control.faults()).toMatchObject([{ id: 'clock', dateOffsetSec: -60 }])
    await emulator.control.clearFaults()
    expect(await emulator.control.faults()).toEqual([])
  })

  test.each([
    [{ path, errcode: -1, httpFault: 'close' }, 'exactly one of'],
    [{ path, httpFault: 'boil' }, 'httpFault takes one of'],
    [{ path, latencyMs: [5, 1] }, 'latencyMs takes'],
    [{ path, quota: { perDay: 1 } }, 'quota takes'],
    [{ path, errcode: -1, probability: 2 }, 'probability takes'],
    [{ path, listLagMs: 5 }, 'listLagMs: path'],
    [{ errcode: -1 }, 'path is missing'],
  ])('that makes no sense is refused: %j', async (fault, message) => {
    await expect(emulator.control.failNext(fault as unknown as FaultInput)).rejects.toThrow(message)
  })
})

describe('HTTP itself', () => {
  test.each([
    ['status500', 500],
    ['status502', 502],
    ['status503', 503],
    ['status504', 504],
    ['redirect', 302],
  ] as const)('can answer with %s', async (httpFault, status) => {
    await emulator.control.failNext({ path, httpFault })
    const response = await fetch(`${emulator.url}/cgi-bin/${path}?access_token=${emulator.token}`, {
      redirect: 'manual',
    })

    expect(response.status).toBe(status)
    expect((await ask()).errcode).toBe(0)
  })

  test.each(['close', 'reset', 'cutBody', 'answerLost'] as const)('can cut the line: %s', async (httpFault) => {
    await emulator.control.failNext({ path, httpFault })

    await expect(ask()).rejects.toThrow(TypeError)
  })

  test.each(['brokenBody', 'html', 'emptyBody'] as const)('can answer what is no JSON: %s', async (httpFault) => {
    await emulator.control.failNext({ path, httpFault })
    const response = await askRaw()

    expect(response.status).toBe(200)
    await expect(response.json()).rejects.toThrow(SyntaxError)
  })

  test('can answer JSON of a wrong shape', async () => {
    const spoilt = async (httpFault: 'wrongTypes' | 'errcodeText' | 'noErrcode') => {
      await emulator.control.failNext({ path, httpFault })
      return ask()
    }

    expect(await spoilt('wrongTypes')).toEqual({ errcode: 0, errmsg: 42, ip_list: 'none' })
    expect(await spoilt('errcodeText')).toEqual({ errcode: '0', errmsg: 'ok', ip_list: ['127.0.0.1'] })
    expect(await spoilt('noErrcode')).toEqual({ errmsg: 'ok', ip_list: ['127.0.0.1'] })
  })

  test('can answer without end, as far as a careful reader is concerned', async () => {
    await emulator.control.failNext({ path, httpFault: 'hugeBody' })
    const response = await askRaw()
    let bytes = 0
    for await (const chunk of response.body ?? []) {
      bytes += (chunk as Uint8Array).length
      if (bytes > 5_000_000) break
    }

    expect(response.headers.get('content-length')).toBeNull()
    expect(bytes).toBeGreaterThan(5_000_000)
  })

  test('fails before the work or after it', async () => {
    const before = await remarkOf()
    await emulator.control.failNext({ path: 'externalcontact/remark', httpFault: 'close' })
    await expect(remark('一')).rejects.toThrow(TypeError)
    expect(await remarkOf()).toBe(before)

    await emulator.control.failNext({ path: 'externalcontact/remark', httpFault: 'answerLost' })
    await expect(remark('二')).rejects.toThrow(TypeError)
    expect(await remarkOf()).toBe('二')

    await emulator.control.failNext({ path: 'externalcontact/remark', httpFault: 'status504', afterWork: true })
    await expect(remark('三')).rejects.toThrow(SyntaxError)
    expect(await remarkOf()).toBe('三')

    await emulator.control.failNext({ path: 'externalcontact/remark', errcode: -1, afterWork: true })
    expect((await remark('四')).errcode).toBe(-1)
    expect(await remarkOf()).toBe('四')
  })

  test('can hang until the emulator is reset', async () => {
    await emulator.control.changeSettings({ outage: 'hang' })
    const hanging = ask().catch((error: unknown) => error)

    await expect.poll(async () => (await emulator.control.corp()).hangingCalls).toBe(1)
    await emulator.control.reset()

    expect(await hanging).toBeInstanceOf(TypeError)
  })

  test('is well again when an outage is switched off', async () => {
    await emulator.control.changeSettings({ outage: 'status500' })
    expect((await askRaw()).status).toBe(500)

    await emulator.control.changeSettings({ outage: 'none' })
    expect((await ask()).errcode).toBe(0)
  })
})

describe('time', () => {
  test('is added to calls, fixed or spread', async () => {
    await emulator.control.failNext({ path, latencyMs: 600 })
    expect(await timed(ask)).toBeGreaterThan(590)
    expect(await timed(ask)).toBeLessThan(500)

    await emulator.control.failNext({ path, latencyMs: [40, 80], count: 5, seed: 3 })
    for (let call = 0; call < 5; call += 1) expect(await timed(ask)).toBeGreaterThan(35)
  })

  test('passes before a failure too', async () => {
    await emulator.control.failNext({ path, latencyMs: 120 })
    await emulator.control.failNext({ path, httpFault: 'status500' })

    expect(await timed(askRaw)).toBeGreaterThan(110)
  })

  test('stands in the Date header of every answer, by the clock of the emulator and off on demand', async () => {
    const offSec = async () => {
      const response = await askRaw()
      return Math.round((Date.parse(response.headers.get('date') ?? '') - Date.now()) / 1000)
    }
    expect(Math.abs(await offSec())).toBeLessThanOrEqual(1)

    await emulator.control.advanceClock(100)
    expect(Math.abs((await offSec()) - 100)).toBeLessThanOrEqual(1)

    await emulator.control.failNext({ path: '*', dateOffsetSec: -700 })
    expect(Math.abs((await offSec()) + 600)).toBeLessThanOrEqual(1)
    expect((await emulator.raw('no/such/path')).headers.get('date')).toBeTruthy()
  })
})

describe('tokens', () => {
  test('end in the middle of a run', async () => {
    await emulator.control.failNext({ path, tokens: 'revoke', skip: 2 })
    expect(await codesOf(4)).toEqual([0, 0, 40014, 40014])
  })

  test('can end as if their time were over', async () => {
    await emulator.control.failNext({ path: '*', tokens: 'expire' })
    expect(await codesOf(2)).toEqual([42001, 42001])
  })
})

describe('quotas', () => {
  test('block one path for a minute, and others not at all', async () => {
    await emulator.control.failNext({ path, quota: { perMinute: 2 } })
    expect(await codesOf(4)).toEqual([0, 0, 45009, 45009])
    expect((await emulator.get('department/list')).errcode).toBe(0)

    await emulator.control.advanceClock(59)
    expect(await codesOf(1)).toEqual([45009])
    await emulator.control.advanceClock(2)
    expect(await codesOf(3)).toEqual([0, 0, 45009])
    expect(await emulator.control.faults()).toMatchObject([{ quota: { perMinute: 2 }, hits: 4 }])
  })

  test('block for an hour when the hour is full', async () => {
    await emulator.control.failNext({ path: '*', quota: { perHour: 3 } })
    expect(await codesOf(4)).toEqual([0, 0, 0, 45009])
    expect((await emulator.get('department/list')).errcode).toBe(0)

    await emulator.control.advanceClock(3500)
    expect(await codesOf(1)).toEqual([45009])
    await emulator.control.advanceClock(101)
    const token = await emulator.getToken()
    expect(token).toBeTruthy()
    expect((await ask()).errcode).toBe(0)
  })

  test('of calls at the same time refuse the rest', async () => {
    await emulator.control.failNext({ path, concurrent: 2 })
    await emulator.control.failNext({ path, latencyMs: 150, count: 4 })
    const codes = (await Promise.all([ask(), ask(), ask(), ask()])).map((answer) => answer.errcode)

    expect(codes.toSorted((a, b) => a - b)).toEqual([0, 0, 45033, 45033])
    expect((await ask()).errcode).toBe(0)
  })
})

describe('lists that lag', () => {
  const batch = async () => {
    const answer = await emulator.post('externalcontact/batch/get_by_user', { userid_list: ['LinXiaoMei'], limit: 100 })
    return (answer.external_contact_list as { external_contact: { external_userid: string } }[]).map(
      (row) => row.external_contact.external_userid,
    )
  }
  const list = async () => (await emulator.get('externalcontact/list?userid=LinXiaoMei')).external_userid as string[]
  const follows = async (id: string) => (await emulator.get(`externalcontact/get?external_userid=${id}`)).errcode === 0

  test('show an addition too late, while its event and the single read are right', async () => {
    await emulator.control.failNext({ path: '*', listLagMs: 5000 })
    const { externalUserId } = await emulator.control.act('addCustomer', { userId: 'LinXiaoMei' })

    expect((await emulator.control.callbackDeliveries())[0]?.changeType).toBe('add_external_contact')
    expect(await follows(externalUserId)).toBe(true)
    expect(await batch()).not.toContain(externalUserId)
    expect(await list()).not.toContain(externalUserId)
    await emulator.control.advanceClock(6)
    expect(await batch()).toContain(externalUserId)
    expect(await list()).toContain(externalUserId)
  })

  test('show a removed relation too long, and the truth does not', async () => {
    await emulator.control.failNext({ path: 'externalcontact/batch/get_by_user', listLagMs: 5000 })
    const { relations } = await emulator.control.digest()
    await emulator.control.act('guideDeletesCustomer', { userId: 'LinXiaoMei', externalUserId: xiaoyu })

    expect(await batch()).toContain(xiaoyu)
    expect(await list()).not.toContain(xiaoyu)
    expect(await follows(xiaoyu)).toBe(false)
    expect((await emulator.control.digest()).relations).toBe(relations - 1)
    expect((await emulator.control.truth()).relations).toHaveLength(relations - 1)
    expect((await emulator.control.members()).find((one) => one.userId === 'LinXiaoMei')?.customerCount).toBe(1)
    await emulator.control.advanceClock(6)
    expect(await batch()).not.toContain(xiaoyu)
  })

  test('never show a pair twice', async () => {
    await emulator.control.failNext({ path: '*', listLagMs: 5000 })
    const pair = { userId: 'LinXiaoMei', externalUserId: lina }
    await emulator.control.act('guideDeletesCustomer', pair)
    await emulator.control.act('addCustomer', pair)
    expect((await batch()).filter((id) => id === lina)).toHaveLength(1)
    await emulator.control.act('guideDeletesCustomer', pair)
    expect((await batch()).filter((id) => id === lina)).toHaveLength(1)

    await emulator.control.advanceClock(6)
    expect(await batch()).not.toContain(lina)
  })

  test('can be right while the events are late', async () => {
    await emulator.control.changeSettings({ callback: { url: 'http://127.0.0.1:9/nobody', maxDeliveries: 1 } })
    await emulator.control.failNext({ path: '*', eventLagMs: 300 })
    const { externalUserId } = await emulator.control.act('addCustomer', { userId: 'LinXiaoMei' })

    expect(await batch()).toContain(externalUserId)
    expect(await emulator.control.callbackDeliveries()).toMatchObject([{ state: 'waiting', attempts: [] }])
    expect(await emulator.control.waitForCallbacks()).toEqual({ settled: true })
    expect((await emulator.control.ledger()).delayed).toBe(1)
  })
})
