import { randomUUID } from 'node:crypto'

import { CardSuggestions } from '@guidebar/contracts'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'
import { suggestCards, type SuggestionFacts } from './card-suggestion.rules.ts'

let world: SellingWorld
beforeAll(async () => {
  world = await startSelling()
})
afterAll(() => world.close())

const shelf = (...titles: string[]) =>
  titles.map((title, at) => ({ id: title, title, sku: `sku-${title}`, teamUses: titles.length - at }))
const facts = (change: Partial<SuggestionFacts>): SuggestionFacts => ({
  cards: shelf('iPhone 17', '华为 Pura', '小米 15', '手机壳'),
  sentHere: [],
  recentIds: [],
  ownedSkus: new Set(),
  lastBought: [],
  tagNames: [],
  ordersByCard: new Map(),
  interests: [{ tagName: '苹果用户', words: ['iphone', 'MagSafe'] }],
  ...change,
})
const told = (change: Partial<SuggestionFacts>) => suggestCards(facts(change)).map((each) => [each.cardId, each.reason])

test('what was opened comes first, then what fits a tag, then what the guide sends, then what everybody sends', () => {
  const cards = told({
    sentHere: [
      { cardId: '小米 15', openedTimes: 2 },
      { cardId: '手机壳', openedTimes: 0 },
    ],
    tagNames: ['苹果用户'],
    recentIds: ['手机壳', '小米 15', 'off-shelf'],
  })

  expect(cards).toEqual([
    ['小米 15', 'opened'],
    ['iPhone 17', 'tag'],
    ['手机壳', 'recent'],
    ['华为 Pura', 'team'],
  ])
})

test('what goes with the last order comes before habits; a card that is bought from beats one that is only sent', () => {
  const cards = told({
    cards: shelf('iPhone 17', '华为 Pura', '小米 15', 'MagSafe 充电器'),
    lastBought: ['iPhone 17'],
    ownedSkus: new Set(['sku-iPhone 17']),
    ordersByCard: new Map([
      ['小米 15', 2],
      ['华为 Pura', 1],
    ]),
  })

  expect(cards).toEqual([
    ['MagSafe 充电器', 'order'],
    ['小米 15', 'sold'],
    ['华为 Pura', 'team'],
  ])
})

test('what the customer has is not offered again; what is off the shelf never is', () => {
  const cards = told({
    sentHere: [{ cardId: 'gone', openedTimes: 3 }],
    tagNames: ['苹果用户'],
    ownedSkus: new Set(['sku-iPhone 17']),
  })

  expect(cards.map(([cardId]) => cardId)).toEqual(['华为 Pura', '小米 15', '手机壳'])
})

test('the calls of a real customer: opened and not bought, with how often; bought, it is gone', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const cardId = await world.publishCard()
  const { sendId } = await world.services.sends.prepare(world.guide, {
    externalUserId: customer,
    key: randomUUID(),
    content: { type: 'card', cardId },
  })
  await world.services.sends.settle(world.guide, sendId, { status: 'client_ok' })
  const send = await world.db.collection('sends').findOne({}, { sort: { _id: -1 } })
  const token = String(send?.['token'])
  await world.services.sends.markOpened(world.corpId, token, { key: 'k', at: world.now() })
  const ask = (guide = world.guide) => world.as(guide).get(`/card-suggestions?externalUserId=${customer}`)

  const { body } = await ask()
  expect([...Value.Errors(CardSuggestions, body)]).toEqual([])
  expect(body.cards[0]).toEqual({ cardId, reason: 'opened', values: { times: 1 } })

  const items = [{ sku: 'IP 17/红', name: '手机', quantity: 1, priceFen: 599_900 }]
  const paidAt = world.now().toISOString()
  await world.services.orders.take(world.corpId, { orderNo: randomUUID(), token, amountFen: 599_900, paidAt, items })
  const after = (await ask()).body.cards.find((each: { cardId: string }) => each.cardId === cardId)
  expect(after?.reason).not.toBe('opened')
})

test('a customer of somebody else, and both targets at once, are refused', async () => {
  const customer = await world.addCustomerOf(world.guide)

  const theirs = await world.as(world.colleague).get(`/card-suggestions?externalUserId=${customer}`)
  const both = await world.as(world.guide).get(`/card-suggestions?externalUserId=${customer}&chatId=wr-1`)
  const group = await world.as(world.guide).get('/card-suggestions?chatId=wr-unknown')

  expect([theirs.statusCode, theirs.body.error.code]).toEqual([404, 'RELATION_NOT_FOUND'])
  expect(both.statusCode).toBe(400)
  expect(group.body.error.code).toBe('GROUP_NOT_FOUND')
})
