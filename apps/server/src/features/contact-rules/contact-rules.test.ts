import { randomUUID } from 'node:crypto'

import type { PrepareSend } from '@guidebar/contracts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'
import { quietUntil } from './quiet-hours.ts'

let world: SellingWorld
let customer: string

beforeAll(async () => {
  world = await startSelling()
  await world.addAdmin()
}, 60_000)
afterAll(() => world.close())
beforeEach(async () => {
  world.setTime(new Date('2026-11-21T10:00:00Z'))
  customer = await world.addCustomerOf(world.guide)
})

const prepare = (change: Partial<PrepareSend> = {}) =>
  world
    .as(world.guide)
    .post('/sends', { externalUserId: customer, key: randomUUID(), content: { type: 'text', text: '您好' }, ...change })
async function send(): Promise<void> {
  const { body } = await prepare()
  await world.as(world.guide).post(`/sends/${body.sendId}/outcome`, { status: 'client_ok' })
}
const rules = { perDay: 2, perMonth: 3, quietFrom: '22:00', quietTo: '08:30' }
const meter = async () => (await world.as(world.guide).get(`/context?externalUserId=${customer}`)).body.meter

test('the meter counts by me and by everybody, and says what is left', async () => {
  const admin = world.asAdmin()
  expect((await admin.put('/contact-rules', rules)).statusCode).toBe(200)
  expect((await admin.get('/contact-rules')).body).toEqual(rules)

  await send()

  expect(await meter()).toEqual({
    today: { byMe: 1, byCorp: 1, left: 1 },
    month: { byMe: 1, byCorp: 1, left: 2 },
    quietNow: false,
    quietUntil: null,
    doNotDisturb: false,
  })
})

test('over the cap a message is warned of, never held back in silence', async () => {
  await world.asAdmin().put('/contact-rules', rules)
  await send()
  await send()

  const third = await prepare()
  const repeat = await prepare({ key: 'the-same-key-again' })
  const again = await prepare({ key: 'the-same-key-again' })

  expect([third.statusCode, third.body.warnings]).toEqual([200, ['DAILY_CAP_REACHED']])
  expect(again.body).toEqual(repeat.body)
  await send()
  expect((await prepare()).body.warnings).toEqual(['MONTHLY_CAP_REACHED'])
})

test('quiet hours warn, and the meter says until when', async () => {
  world.setTime(new Date('2026-11-21T15:30:00Z'))

  const { body } = await prepare()

  expect(body.warnings).toEqual(['QUIET_HOURS'])
  expect(await meter()).toMatchObject({ quietNow: true, quietUntil: '2026-11-22T00:30:00.000Z' })
})

test('quiet hours pass midnight, end on the minute, and may be none', () => {
  expect(quietUntil(rules, new Date('2026-11-21T14:00:00Z'))?.toISOString()).toBe('2026-11-22T00:30:00.000Z')
  expect(quietUntil(rules, new Date('2026-11-21T00:29:59Z'))?.toISOString()).toBe('2026-11-21T00:30:00.000Z')
  expect(quietUntil(rules, new Date('2026-11-21T00:30:00Z'))).toBeNull()
  expect(quietUntil({ quietFrom: '09:00', quietTo: '09:00' }, new Date('2026-11-21T01:00:00Z'))).toBeNull()
})

test('who does not want to be disturbed is written to only with a reason, which goes on record once', async () => {
  const preferences = { doNotDisturb: true, openTracking: true }
  await world.as(world.guide).put(`/customers/${customer}/contact-preferences`, preferences)
  const key = randomUUID()

  const refused = await prepare()
  const reasonless = await prepare({ override: true })
  const forced = await prepare({ key, override: true, overrideReason: '客户来电要的' })
  await prepare({ key, override: true, overrideReason: '客户来电要的' })

  expect([refused.statusCode, refused.body.error.code]).toEqual([422, 'DO_NOT_DISTURB'])
  expect(reasonless.statusCode).toBe(400)
  expect(forced.body.warnings).toEqual(['DO_NOT_DISTURB_OVERRIDDEN'])
  const rows = await world.db
    .collection('auditRows')
    .find({ action: 'contact.do-not-disturb-overridden', target: customer })
    .toArray()
  expect(rows).toMatchObject([{ actorUserId: world.guide.userId, details: { reason: '客户来电要的' } }])
  expect(await world.db.collection('sends').countDocuments({ externalUserId: customer })).toBe(1)
})

test('rules that contradict themselves are refused', async () => {
  const admin = world.asAdmin()

  expect((await admin.put('/contact-rules', { ...rules, perDay: 9 })).statusCode).toBe(400)
  expect((await admin.put('/contact-rules', { ...rules, quietFrom: '25:00' })).statusCode).toBe(400)
})
