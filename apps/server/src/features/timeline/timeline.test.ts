import { randomUUID } from 'node:crypto'

import { TimelinePage } from '@guidebar/contracts'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'

let world: SellingWorld
let mine: string
let theirs: string
let foreigners: string

beforeAll(async () => {
  world = await startSelling()
  mine = await world.addCustomerOf(world.guide)
  theirs = await world.addCustomerOf(world.colleague)
  foreigners = await world.addCustomerOf(world.foreigner)
}, 60_000)
afterAll(() => world.close())

const read = (externalUserId: string, query = '') =>
  world.as(world.guide).get(`/customers/${externalUserId}/timeline${query}`)

async function live() {
  const customer = await world.addCustomerOf(world.guide)
  const cardId = await world.publishCard()
  world.clock.advance(60_000)
  const content = { type: 'card' as const, cardId }
  const sent = await world.services.sends.prepare(world.guide, { externalUserId: customer, key: randomUUID(), content })
  await world.services.sends.settle(world.guide, sent.sendId, { status: 'client_ok' })
  const send = await world.db.collection('sends').findOne({ externalUserId: customer })
  world.clock.advance(60_000)
  const token = String(send?.['token'])
  await world.services.sends.markOpened(world.corpId, token, { key: 'opening-1', at: world.now() })
  world.clock.advance(60_000)
  const items = [{ sku: 'A', name: '手机壳', quantity: 1, priceFen: 9_900 }]
  const order = { orderNo: randomUUID(), token, amountFen: 9_900, paidAt: world.now().toISOString(), items }
  await world.services.orders.take(world.corpId, order)
  world.clock.advance(60_000)
  const note = { key: randomUUID(), text: '喜欢白色', visibility: 'own', sensitive: false }
  await world.as(world.guide).post(`/customers/${customer}/notes`, note)
  return customer
}

test('one list tells what was added, sent, opened, bought and noted, newest first', async () => {
  const customer = await live()

  const { statusCode, body } = await read(customer)

  expect(statusCode).toBe(200)
  expect([...Value.Errors(TimelinePage, body)]).toEqual([])
  const kinds = body.events.map(({ kind }: { kind: string }) => kind)
  expect(kinds.slice(0, 4)).toEqual(['noted', 'bought', 'opened', 'sent'])
  expect(body.events[0]).toMatchObject({ title: '喜欢白色', byName: world.guide.name })
  expect(body.events[1]).toMatchObject({ title: '手机壳', byName: '', facts: { amountFen: 9_900 } })
  expect(body.next).toBeNull()
})

test('pages of one add up to the whole, and a filter shows its kinds only', async () => {
  const customer = await live()
  const whole = await read(customer)

  const found: unknown[] = []
  let next: string | null = ''
  while (next !== null) {
    const { body } = await read(customer, `?limit=1${next && `&before=${next}`}`)
    found.push(...body.events)
    next = body.next
  }
  const some = await read(customer, '?kinds=bought,sent')

  expect(found).toEqual(whole.body.events)
  expect(some.body.events.map(({ kind }: { kind: string }) => kind)).toEqual(['bought', 'sent'])
})

test('events at the same moment come each once, whatever the page size', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const at = world.now()
  for (const [index, kind] of (['noted', 'matched', 'noted'] as const).entries())
    await world.services.panel.timeline.append(world.corpId, customer, { key: `same/${index}`, kind, at, userId: null })
  const items = [{ sku: 'A', name: '壳', quantity: 1, priceFen: 1 }]
  for (const orderNo of ['S1', 'S2'])
    await world.services.orders.take(world.corpId, {
      orderNo,
      externalUserId: customer,
      amountFen: 1,
      paidAt: at.toISOString(),
      items,
    })

  const ids = new Set<string>()
  let count = 0
  for (let next: string | null = ''; next !== null;) {
    const { body } = await read(customer, `?limit=2&kinds=noted,matched,bought${next && `&before=${next}`}`)
    for (const { id } of body.events) ids.add(id)
    count += body.events.length
    next = body.next
  }

  expect([ids.size, count]).toEqual([5, 5])
})

test('a customer who came from a colleague says from whom', async () => {
  const customer = await world.addCustomer()
  await world.wecom.load({
    relations: [
      {
        userId: world.guide.userId,
        externalUserId: customer.externalUserId,
        addWay: 202,
        operUserId: world.colleague.userId,
      },
    ],
  })
  await world.services.relations.refresh({ corpId: world.corpId, externalUserId: customer.externalUserId })

  const { body } = await read(customer.externalUserId, '?kinds=transferred')

  expect(body.events).toMatchObject([{ kind: 'transferred', byName: world.colleague.name }])
})

test('an event told twice is one', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const event = { key: 'once', kind: 'noted' as const, at: world.now(), userId: null, title: '一次' }

  await world.services.panel.timeline.append(world.corpId, customer, event)
  await world.services.panel.timeline.append(world.corpId, customer, { ...event, title: '两次' })

  const { body } = await read(customer, '?kinds=noted')
  expect(body.events).toMatchObject([{ title: '一次' }])
})

test('a colleague’s and another corp’s customer are not there', async () => {
  for (const externalUserId of [theirs, foreigners, 'wmNobody']) {
    const response = await read(externalUserId)
    expect([response.statusCode, response.body.error.code]).toEqual([404, 'RELATION_NOT_FOUND'])
  }
})

test('what is no kind, no page or no limit is a bad request', async () => {
  for (const query of ['?kinds=nothing', '?before=abc', '?limit=51', '?limit=0', '?userId=x'])
    expect((await read(mine, query)).statusCode).toBe(400)
})
