import { StockView } from '@guidebar/contracts'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'

let world: SellingWorld
let erp: Awaited<ReturnType<SellingWorld['asShop']>>

beforeAll(async () => {
  world = await startSelling()
  erp = await world.asShop(['stock:write'])
})
afterAll(() => world.close())

const at = (minutes = 0) => new Date(world.now().getTime() + minutes * 60_000).toISOString()
const row = (storeId: string, sku: string, quantity: number) => ({ storeId, sku, quantity })
const read = (sku: string, guide: { userId: string } = world.guide) =>
  world.as(guide).get(`/stock?sku=${encodeURIComponent(sku)}`)

test('my store comes first, the others by what they have, each with its age', async () => {
  const rows = [row('101', 'A1', 0), row('102', 'A1', 5), row('103', 'A1', 9)]
  const taken = await erp.put('/stock', { asOf: at(-10), rows })

  const { body } = await read('A1')

  expect(Math.round((world.now().getTime() - Date.parse(body.stores[0].asOf)) / 60_000)).toBe(10)
  expect(taken.body).toEqual({ kept: 3, older: 0 })
  expect([...Value.Errors(StockView, body)]).toEqual([])
  expect(body.stores).toMatchObject([
    { storeId: '101', storeName: '天河店', quantity: 0, isMine: true },
    { storeId: '103', quantity: 9, isMine: false },
    { storeId: '102', storeName: '越秀店', quantity: 5, isMine: false },
  ])
  expect((await read('A1', world.colleague)).body.stores[0]).toMatchObject({ storeId: '102', isMine: true })
})

test('an older figure changes nothing, the same request again answers alike', async () => {
  const first = { asOf: at(-5), rows: [row('101', 'B1', 3)] }
  const answers = [
    await erp.put('/stock', first, 'stock-key-1'),
    await erp.put('/stock', first, 'stock-key-1'),
    await erp.put('/stock', { asOf: at(-60), rows: [row('101', 'B1', 99), row('102', 'B1', 1)] }),
  ]

  expect(answers.map(({ body }) => body)).toEqual([
    { kept: 1, older: 0 },
    { kept: 1, older: 0 },
    { kept: 1, older: 1 },
  ])
  expect((await read('B1')).body.stores.map(({ quantity }: { quantity: number }) => quantity)).toEqual([3, 1])
})

test('a thousand rows are one request; more, none or the future are refused', async () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => row('101', `M${index}`, index))

  expect((await erp.put('/stock', { asOf: at(), rows: many(1_000) })).body).toEqual({ kept: 1_000, older: 0 })
  expect((await erp.put('/stock', { asOf: at(), rows: many(1_001) })).statusCode).toBe(400)
  expect((await erp.put('/stock', { asOf: at(), rows: [] })).statusCode).toBe(400)
  expect((await erp.put('/stock', { asOf: at(60), rows: many(1) })).statusCode).toBe(400)
})

test('the catalogue has the own store’s stock, and changes when it does', async () => {
  await world.publishCard()
  await erp.put('/stock', { asOf: at(-1), rows: [row('101', 'IP 17/红', 4), row('102', 'IP 17/红', 7)] })
  const before = await world.as(world.guide).get('/cards')

  await erp.put('/stock', { asOf: at(), rows: [row('101', 'IP 17/红', 2)] })
  const headers = { 'if-none-match': before.headers.get('etag') ?? '' }
  const after = await world.as(world.guide).send('GET', '/cards', { headers })

  expect(before.body.stock).toMatchObject({ storeId: '101', bySku: { 'IP 17/红': 4 } })
  expect([after.statusCode, after.body.stock.bySku['IP 17/红']]).toEqual([200, 2])
  expect(
    (
      await world
        .as(world.guide)
        .send('GET', '/cards', { headers: { 'if-none-match': after.headers.get('etag') ?? '' } })
    ).statusCode,
  ).toBe(304)
})

test('stock stays in its corp, and needs its scope', async () => {
  await erp.put('/stock', { asOf: at(), rows: [row('101', 'C1', 1)] })
  const orders = await world.asShop(['orders:write'])

  expect((await world.foreign.as(world.foreigner).get('/stock?sku=C1')).body.stores).toEqual([])
  expect((await orders.put('/stock', { asOf: at(), rows: [row('101', 'C1', 1)] })).statusCode).toBe(403)
})
