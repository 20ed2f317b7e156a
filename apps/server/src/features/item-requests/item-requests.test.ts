import { randomUUID } from 'node:crypto'

import { ItemRequestPage } from '@guidebar/contracts'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'

let world: SellingWorld
beforeAll(async () => {
  world = await startSelling()
  await world.addAdmin()
})
afterAll(() => world.close())

const ask = (words: string, change: object = {}, guide: { userId: string } = world.guide) =>
  world.as(guide).post('/item-requests', { key: randomUUID(), words, ...change })

test('the same thing in other spelling counts together, one tap once, the most wanted first', async () => {
  const key = randomUUID()
  const answers = [
    await ask('Ｍａｔｅ 壳'),
    await ask('mate壳', { key }),
    await ask('mate壳', { key }),
    await ask('MATE 壳', {}, world.colleague),
    await ask('钢化膜', { sku: 'F-1' }),
  ]
  const first = await world.asAdmin().get('/item-requests?limit=1')
  const second = await world.asAdmin().get(`/item-requests?limit=1&before=${first.body.next}`)

  expect(answers.map(({ body }) => body.count)).toEqual([1, 2, 2, 3, 1])
  expect([...Value.Errors(ItemRequestPage, first.body)]).toEqual([])
  expect(first.body.requests).toMatchObject([{ words: 'MATE 壳', sku: '', count: 3, guides: 2 }])
  expect(second.body).toMatchObject({ requests: [{ words: '钢化膜', sku: 'F-1', count: 1 }], next: null })
})

test('a customer named is the guide’s own, and another corp’s wishes are not counted', async () => {
  const theirs = await world.addCustomerOf(world.colleague)
  await world.foreign.as(world.foreigner).post('/item-requests', { key: randomUUID(), words: '别家的' })

  expect((await ask('壳', { externalUserId: theirs })).statusCode).toBe(404)
  expect((await world.asAdmin().get('/item-requests')).text).not.toContain('别家的')
})

test('blank words and unknown fields are refused, old wishes fade', async () => {
  await ask('老款')
  const { itemRequests } = world.services.panel
  const list = async (days: number) => JSON.stringify(await itemRequests.list(world.guide, { days, limit: 50 }))

  expect((await ask('   ')).statusCode).toBe(400)
  expect((await ask('壳', { count: 9 })).statusCode).toBe(400)
  world.clock.advance(31 * 86_400_000)
  expect(await list(30)).not.toContain('老款')
  expect(await list(60)).toContain('老款')
})
