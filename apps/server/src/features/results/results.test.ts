import { randomUUID } from 'node:crypto'

import { ResultsView } from '@guidebar/contracts'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'

let world: SellingWorld
beforeAll(async () => {
  world = await startSelling()
})
afterAll(() => world.close())

const items = [{ sku: 'A', name: '壳', quantity: 1, priceFen: 100 }]
const results = async (guide: { userId: string } = world.guide) => (await world.as(guide).get('/results')).body

test('a month of a guide: sent, opened, bought, off-hours share, day by day', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const cardId = await world.publishCard()
  const sold = async (amountFen: number, paidAt: string) => {
    const content = { type: 'card' as const, cardId }
    const sent = await world.services.sends.prepare(world.guide, {
      externalUserId: customer,
      key: randomUUID(),
      content,
    })
    await world.services.sends.settle(world.guide, sent.sendId, { status: 'client_ok' })
    const send = await world.db.collection('sends').findOne({}, { sort: { _id: -1 } })
    const token = String(send?.['token'])
    await world.services.sends.markOpened(world.corpId, token, { key: 'k', at: world.now() })
    await world.services.orders.take(world.corpId, { orderNo: randomUUID(), token, amountFen, paidAt, items })
  }

  await sold(30_000, '2026-11-21T05:00:00.000Z')
  await sold(10_000, '2026-11-21T14:30:00.000Z')
  const own = await results()

  expect([...Value.Errors(ResultsView, own)]).toEqual([])
  expect(own).toMatchObject({ sent: 2, opened: 2, orders: 2, amountFen: 40_000, offHoursShare: 0.25 })
  expect(own.days).toHaveLength(21)
  expect(own.days.at(-1)).toEqual({ day: '2026-11-21', sent: 2, opened: 2, orders: 2, amountFen: 40_000 })
})

test('a guide without sales has none, and nobody else’s', async () => {
  const theirs = await results(world.colleague)
  const foreign = (await world.foreign.as(world.foreigner).get('/results')).body

  for (const view of [theirs, foreign])
    expect(view).toMatchObject({ sent: 0, opened: 0, orders: 0, amountFen: 0, offHoursShare: null })
})
