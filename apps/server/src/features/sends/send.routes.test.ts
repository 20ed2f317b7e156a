import { test } from '@guidebar/testkit'
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'

import { appId, pixel } from './selling.world.ts'

test('a card is sent, opened and bought, and the sale stands in the panel of the guide', async ({ world }) => {
  const { guide, customer } = await world.follow()
  await world.services.cards.linkProgram(world.corpId, { appId, name: '天河数码' })
  const coverAssetId = await world.services.media.keepAsset(world.corpId, { bytes: pixel })
  await world.services.cards.saveCard(world.corpId, {
    kind: 'product',
    title: '新品预约',
    coverAssetId,
    appId,
    pathTemplate: 'pages/goods/detail.html?t={token}',
    status: 'published',
  })
  const panel = world.as(guide)
  const shop = await world.asShop()

  const catalogue = await panel.get('/cards')
  const [card] = catalogue.body.cards
  const cover = await world.newBrowser().get(card.coverUrl)
  const target = { externalUserId: customer.externalUserId }
  const prepared = await panel.post('/sends', {
    ...target,
    key: randomUUID(),
    content: { type: 'card', cardId: card.id },
  })
  const token = new URLSearchParams(prepared.body.message.miniprogram.page.split('?')[1]).get('t')
  const settled = await panel.post(`/sends/${prepared.body.sendId}/outcome`, { status: 'client_ok' })
  const moment = world.clock.now().toISOString()
  const opened = await shop.post('/card-opens', { token, openedAt: moment })
  const items = [{ sku: 'A1', name: '手机', quantity: 1, priceFen: 199_900 }]
  const bought = await shop.post('/orders', { orderNo: 'N1', token, amountFen: 199_900, paidAt: moment, items })
  const history = await panel.get(`/sends?externalUserId=${customer.externalUserId}`)

  expect([catalogue, cover, prepared, settled, opened, bought].map(({ statusCode }) => statusCode)).toEqual([
    200, 200, 200, 200, 204, 200,
  ])
  expect(cover.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(cover.headers.get('content-type')).toBe('image/png')
  expect(bought.body).toEqual({ orderNo: 'N1', credited: true })
  expect(history.body.sends).toMatchObject([
    { status: 'client_ok', title: '新品预约', openedAt: moment, openedTimes: 1, boughtAt: moment, boughtFen: 199_900 },
  ])
  expect(history.body.performance).toMatchObject({ cardsSent: 1, cardsOpened: 1, orders: 1, amountFen: 199_900 })
  const again = await panel.send('GET', '/cards', { headers: { 'if-none-match': catalogue.headers.get('etag') ?? '' } })
  expect(again.statusCode).toBe(304)
})

test('everything sent to a customer is there page by page, and says what sends it again', async ({ world }) => {
  const { guide, customer } = await world.follow()
  const panel = world.as(guide)
  const target = { externalUserId: customer.externalUserId }
  const parts = [{ type: 'text', text: '您好' }]
  const reply = await panel.post('/quick-replies', { folder: '', title: '问候', shortcut: '', parts })
  const contents = [
    { type: 'text', text: '一' },
    { type: 'text', text: '二' },
    { type: 'reply', replyId: reply.body.id, part: 0 },
  ]
  for (const content of contents) {
    await panel.post('/sends', { ...target, key: randomUUID(), content })
    world.clock.advance(1_000)
  }

  const address = `/sends/history?externalUserId=${customer.externalUserId}&limit=2`
  const first = await panel.get(address)
  const second = await panel.get(`${address}&before=${first.body.next}`)
  const theirs = await world.as(await world.addGuide()).get(address)
  const nowhere = await panel.get('/sends/history')

  const titles = [...first.body.sends, ...second.body.sends].map((send: { title: string }) => send.title)
  expect(titles).toEqual(['您好', '二', '一'])
  expect(first.body.sends[0].source).toEqual({ type: 'reply', replyId: reply.body.id })
  expect([second.body.sends[0].source, second.body.next]).toEqual([null, null])
  expect([theirs.statusCode, theirs.body.error.code, nowhere.statusCode]).toEqual([404, 'RELATION_NOT_FOUND', 400])
})

test("the intake keeps to its key's corp, needs the key, and answers a repeat alike", async ({ world }) => {
  const shop = await world.asShop()
  const other = await (await world.otherCorp()).asShop()
  const items = [{ sku: 'A1', name: '手机', quantity: 1, priceFen: 100 }]
  const order = { orderNo: 'N2', amountFen: 100, paidAt: world.clock.now().toISOString(), items }

  const first = await shop.post('/orders', order, 'key-of-this-order')
  const repeat = await shop.post('/orders', order, 'key-of-this-order')
  const changed = await shop.post('/orders', { ...order, amountFen: 101 }, 'key-of-this-order')
  const foreign = await other.post('/orders', { ...order, amountFen: 101 }, 'key-of-this-order')
  const keyless = await world
    .newBrowser('/open/v1')
    .post('/orders', order, { headers: { 'idempotency-key': 'a-key-of-8' } })
  const withoutIdempotency = await shop.post('/orders', order, '')
  const unknownField = await shop.post('/orders', { ...order, credit: { userId: 'me' } })

  expect([first.statusCode, repeat.statusCode]).toEqual([200, 200])
  expect(repeat.text).toBe(first.text)
  expect([changed.statusCode, changed.body.error.code]).toEqual([422, 'IDEMPOTENCY_MISMATCH'])
  expect([foreign.statusCode, foreign.body.credited]).toEqual([200, false])
  expect([keyless, withoutIdempotency, unknownField].map(({ statusCode }) => statusCode)).toEqual([401, 400, 400])
})

test("a guide writes own replies over HTTP, and another guide's panel does not know them", async ({ world }) => {
  const [mine, theirs] = [world.as(await world.addGuide()), world.as(await world.addGuide())]
  const reply = { folder: '', title: '我的', shortcut: '', parts: [{ type: 'text', text: '{{customer.name|亲}}好' }] }

  const made = await mine.post('/quick-replies', reply)
  const path = `/quick-replies/${made.body.id}`
  const changed = await mine.put(path, { ...reply, title: '改了' })
  const refused = [await theirs.put(path, reply), await theirs.delete(path)]
  const faulty = await mine.post('/quick-replies', { ...reply, parts: [{ type: 'text', text: '{{customer.name}}' }] })
  const [own, foreign] = [await mine.get('/quick-replies'), await theirs.get('/quick-replies')]

  expect([made.statusCode, changed.statusCode]).toEqual([201, 200])
  expect(own.body.replies).toMatchObject([{ title: '改了', scope: 'personal' }])
  expect(foreign.body.replies).toEqual([])
  expect(refused.map(({ body }) => body.error.code)).toEqual(['QUICK_REPLY_NOT_FOUND', 'QUICK_REPLY_NOT_FOUND'])
  expect(faulty.body.error).toMatchObject({ code: 'TEMPLATE_INVALID', at: '/parts/0/text' })
  expect((await mine.delete(path)).statusCode).toBe(204)
})

test('unknown pictures, sends and fields get a clear refusal', async ({ world }) => {
  const { guide, customer } = await world.follow()
  const panel = world.as(guide)
  const target = { externalUserId: customer.externalUserId }
  const content = { type: 'text', text: '您好' }

  const answers = [
    await world.newBrowser().get(`/media/${'a'.repeat(24)}`),
    await world.newBrowser().get('/media/x'),
    await panel.post(`/sends/${'a'.repeat(24)}/outcome`, { status: 'failed' }),
    await panel.post('/sends', { ...target, key: randomUUID(), content, userId: 'somebody' }),
    await panel.post('/sends', { key: randomUUID(), content }),
    await panel.get('/sends'),
    await panel.get('/sends?externalUserId=wmNobody'),
    await world.newBrowser('/api/sidebar').get('/sends?externalUserId=wmNobody'),
  ]

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 400, 404, 400, 400, 400, 404, 401])
})
