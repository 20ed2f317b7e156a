import type { OrderIntake } from '@guidebar/contracts'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { type SellingWorld, startSelling } from '../sends/selling.world.ts'

let world: SellingWorld
const customers = new Map<string, string>()
beforeAll(async () => {
  world = await startSelling()
  for (const guide of [world.guide, world.colleague, world.foreigner])
    customers.set(guide.userId, await world.addCustomerOf(guide))
})
beforeEach(async () => {
  for (const name of ['sends', 'orders']) await world.db.collection(name).deleteMany({})
})
afterAll(() => world.close())

const customerOf = (guide: { userId: string }) => customers.get(guide.userId) ?? ''

async function sendCard(guide = world.guide) {
  const cardId = await world.publishCard(guide.corpId)
  const request = {
    externalUserId: customerOf(guide),
    key: randomUUID(),
    content: { type: 'card' as const, cardId },
  }
  const { sendId, message } = await world.services.sends.prepare(guide, request)
  await world.services.sends.settle(guide, sendId, { status: 'client_ok' })
  if (message.msgtype !== 'miniprogram') throw new Error('no card')
  const token = new URLSearchParams(message.miniprogram.page.split('?')[1]).get('t') ?? ''
  return { sendId, token }
}

function order(change: Partial<OrderIntake> = {}): OrderIntake {
  const items = [{ sku: 'IP17', name: 'iPhone 17', quantity: 1, priceFen: 599_900 }]
  const paidAt = world.now().toISOString()
  return { orderNo: `N${randomUUID().slice(0, 12)}`, amountFen: 599_900, paidAt, items, ...change }
}

const results = () => world.services.sends.performance(world.guide)
const viewOf = async () =>
  (await world.services.sends.list(world.guide, { externalUserId: customerOf(world.guide) }))[0]

test('an order with the token of a card lands on the guide who sent it', async () => {
  const { token } = await sendCard()

  const told = order({ token })

  expect(await world.services.orders.take(world.corpId, told)).toMatchObject({ credited: true })

  expect(await results()).toEqual({
    monthStart: '2026-10-31T16:00:00.000Z',
    cardsSent: 1,
    cardsOpened: 0,
    orders: 1,
    amountFen: 599_900,
  })
  expect(await viewOf()).toMatchObject({ boughtFen: 599_900, boughtAt: told.paidAt, openedAt: null })
  expect(await world.services.sends.performance(world.colleague)).toMatchObject({ orders: 0, amountFen: 0 })
})

test('one order told twenty times by two processes counts once', async () => {
  const { token } = await sendCard()
  const told = order({ token })

  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => (index % 2 ? world.services : world.twin).orders.take(world.corpId, told)),
  )

  expect(new Set(answers.map(({ credited }) => credited))).toEqual(new Set([true]))
  expect(await results()).toMatchObject({ orders: 1, amountFen: 599_900 })
})

test('the first token that leads to a guide wins', async () => {
  const [first, second] = [await sendCard(), await sendCard(world.colleague)]
  const told = order()

  expect(await world.services.orders.take(world.corpId, told)).toMatchObject({ credited: false })
  expect(await world.services.orders.take(world.corpId, { ...told, token: first.token })).toMatchObject({
    credited: true,
  })
  expect(await world.services.orders.take(world.corpId, { ...told, token: second.token })).toMatchObject({
    credited: true,
  })

  expect(await results()).toMatchObject({ orders: 1 })
  expect(await world.services.sends.performance(world.colleague)).toMatchObject({ orders: 0 })
})

test('forged, foreign and outdated tokens earn nothing, and the order is kept', async () => {
  const foreign = await sendCard(world.foreigner)
  const old = await sendCard()
  const late = new Date(world.now().getTime() + 31 * 24 * 3_600_000).toISOString()

  const answers = [
    await world.services.orders.take(world.corpId, order({ token: 'AAAAAAAAAAAAAAAA' })),
    await world.services.orders.take(world.corpId, order({ token: foreign.token })),
    await world.services.orders.take(world.corpId, order({ token: old.token, paidAt: late })),
  ]

  expect(answers.map(({ credited }) => credited)).toEqual([false, false, false])
  expect(await world.db.collection('orders').countDocuments()).toBe(3)
  expect(await results()).toMatchObject({ orders: 0, amountFen: 0 })
})

test('the same number with another sum is refused and changes nothing', async () => {
  const { token } = await sendCard()
  const told = order()
  await world.services.orders.take(world.corpId, told)

  await expect(world.services.orders.take(world.corpId, { ...told, token, amountFen: 1 })).rejects.toMatchObject({
    code: 'CONFLICT',
  })

  expect(await results()).toMatchObject({ orders: 0 })
})

test('the number of an order is its own in each corp', async () => {
  const told = order()

  await world.services.orders.take(world.corpId, told)
  await world.services.orders.take(world.foreigner.corpId, { ...told, amountFen: 1 })

  expect(await world.db.collection('orders').countDocuments()).toBe(2)
})

test('openings are counted once each, and only in the corp of the card', async () => {
  const { token } = await sendCard()
  const open = (key: string, minute: number, corp = world.corpId) =>
    world.services.orders.open(corp, { token, openedAt: `2026-11-21T03:0${minute}:00Z` }, key)

  await open('opening-b', 5)
  await open('opening-a', 2)
  await Promise.all(Array.from({ length: 10 }, () => open('opening-b', 5)))
  await open('opening-c', 1, world.foreigner.corpId)

  expect(await viewOf()).toMatchObject({ openedTimes: 2, openedAt: '2026-11-21T03:02:00.000Z' })
  expect(await results()).toMatchObject({ cardsOpened: 1 })
})

test('a new month begins at midnight in Beijing', async () => {
  const { token } = await sendCard()
  await world.services.orders.take(world.corpId, order({ token }))

  world.setTime(new Date('2026-11-30T15:59:50Z'))
  expect(await results()).toMatchObject({ cardsSent: 1, orders: 1 })
  world.setTime(new Date('2026-11-30T16:00:00Z'))
  expect(await results()).toMatchObject({ monthStart: '2026-11-30T16:00:00.000Z', cardsSent: 0, orders: 0 })
})

test('an order paid before the card went out did not come of it', async () => {
  const { token } = await sendCard()
  const paid = (minutesAgo: number) => new Date(world.now().getTime() - minutesAgo * 60_000).toISOString()

  const before = await world.services.orders.take(world.corpId, order({ token, paidAt: paid(30) }))
  const withinTheClocks = await world.services.orders.take(world.corpId, order({ token, paidAt: paid(5) }))

  expect([before.credited, withinTheClocks.credited]).toEqual([false, true])
})

test("a guide's own results follow at once what this process is told", async () => {
  const { token } = await sendCard()
  expect(await results()).toMatchObject({ cardsSent: 1, cardsOpened: 0, orders: 0 })

  await world.services.orders.open(world.corpId, { token, openedAt: world.now().toISOString() }, 'opening-x')
  expect(await results()).toMatchObject({ cardsOpened: 1, orders: 0 })
  const told = order()
  await world.services.orders.take(world.corpId, told)
  await world.services.orders.take(world.corpId, { ...told, token })
  expect(await results()).toMatchObject({ cardsOpened: 1, orders: 1 })
  await sendCard()
  expect(await results()).toMatchObject({ cardsSent: 2, orders: 1 })
})

test('the results of the history are never kept ones', async () => {
  const { token } = await sendCard()
  await results()
  await world.twin.orders.take(world.corpId, order({ token }))

  const history = await world.services.sends.history(world.guide, { externalUserId: customerOf(world.guide) })

  expect(history.performance).toMatchObject({ orders: 1 })
})
