import type { PrepareSend } from '@guidebar/contracts'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { pixel, type SellingWorld, startSelling } from './selling.world.ts'

let world: SellingWorld
let mine: string
let theirs: string
let foreigners: string
beforeAll(async () => {
  world = await startSelling()
  mine = await world.addCustomerOf(world.guide)
  theirs = await world.addCustomerOf(world.colleague)
  foreigners = await world.addCustomerOf(world.foreigner)
})
afterAll(() => world.close())

const request = (content: PrepareSend['content'], change: Partial<PrepareSend> = {}): PrepareSend => ({
  externalUserId: mine,
  key: randomUUID(),
  content,
  ...change,
})
const text = (words = '您好') => request({ type: 'text', text: words })
const countSends = () => world.db.collection('sends').countDocuments()

test('a card goes out with a token of its own and nothing personal in its page', async () => {
  const cardId = await world.publishCard()

  const { message, status } = await world.services.sends.prepare(world.guide, request({ type: 'card', cardId }))

  expect(status).toBe('pending')
  if (message.msgtype !== 'miniprogram') throw new Error('no card')
  const [path, query] = message.miniprogram.page.split('?')
  const { t, ...rest } = Object.fromEntries(new URLSearchParams(query))
  expect(path).toBe('pages/goods/detail.html')
  expect(rest).toEqual({ sku: 'IP 17/红', store: '101' })
  expect(t).toMatch(/^[A-Za-z0-9_-]{16}$/)
  expect(message.miniprogram.page).not.toMatch(new RegExp([world.guide.userId, mine, world.corpId].join('|')))
  expect(await world.db.collection('sends').findOne({ token: t })).toMatchObject({
    corpId: world.corpId,
    userId: world.guide.userId,
    storeId: '101',
    externalUserId: mine,
    chatId: null,
    cardId,
    sku: 'IP 17/红',
    status: 'pending',
  })
})

test('twenty twins of one request leave one record and get one answer', async () => {
  const cardId = await world.publishCard()
  const twin = request({ type: 'card', cardId })
  const before = await countSends()

  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      (index % 2 ? world.services : world.twin).sends.prepare(world.guide, twin),
    ),
  )

  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect((await countSends()) - before).toBe(1)
  await expect(
    world.services.sends.prepare(world.guide, { ...twin, content: { type: 'text', text: '别的' } }),
  ).rejects.toMatchObject({
    code: 'IDEMPOTENCY_MISMATCH',
  })
})

test('the same key of another guide is another intent', async () => {
  const first = text()
  const second = { ...first, externalUserId: theirs }

  const answers = [
    await world.services.sends.prepare(world.guide, first),
    await world.services.sends.prepare(world.colleague, second),
  ]

  expect(answers[0]?.sendId).not.toBe(answers[1]?.sendId)
})

test("nothing goes to another guide's customer, another corp's, or one who left", async () => {
  const left = await world.addCustomerOf(world.guide)
  await world.wecom.act('customerDeletesGuide', { userId: world.guide.userId, externalUserId: left })
  await world.settle()
  const before = await countSends()
  const foreign = [theirs, foreigners, left, 'wmNobody']

  for (const externalUserId of foreign) {
    const refused = world.services.sends.prepare(world.guide, { ...text(), externalUserId })
    await expect(refused).rejects.toMatchObject({ code: 'RELATION_NOT_FOUND' })
  }

  await expect(world.services.sends.history(world.guide, { externalUserId: foreign[0] })).rejects.toMatchObject({
    code: 'RELATION_NOT_FOUND',
  })
  expect(await countSends()).toBe(before)
})

test('a message goes to a customer or to a group, never to both or to nobody', async () => {
  const { externalUserId: _, ...nobody } = text()

  await expect(world.services.sends.prepare(world.guide, nobody)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(world.services.sends.prepare(world.guide, { ...text(), chatId: 'wrGroup' })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  })
  const group = { chatId: 'wrGroup', name: '老客群', ownerUserId: world.guide.userId }
  await world.wecom.act('createChat', group)
  const toGroup = await world.services.sends.prepare(world.guide, { ...nobody, chatId: 'wrGroup' })

  expect((await world.services.sends.list(world.guide, { chatId: 'wrGroup' })).map(({ id }) => id)).toEqual([
    toGroup.sendId,
  ])
  expect(await world.services.sends.list(world.colleague, { chatId: 'wrGroup' })).toEqual([])
})

test('each part of a reply becomes what the client takes', async () => {
  const assetId = await world.services.media.keepAsset(world.corpId, { bytes: pixel })
  const cardId = await world.publishCard()
  const { id: replyId } = await world.services.quickReplies.create(world.guide, {
    folder: '',
    title: '四样',
    shortcut: '',
    parts: [
      { type: 'text', text: '{{customer.name|亲}}您好' },
      { type: 'image', assetId, name: '门店照' },
      { type: 'link', title: '题', description: '述', url: 'https://a.cn/', imageUrl: 'https://a.cn/b.png' },
      { type: 'card', cardId },
    ],
  })
  const send = (part: number, words?: string) =>
    world.services.sends.prepare(world.guide, request({ type: 'reply', replyId, part, ...(words && { text: words }) }))

  const messages = [await send(0, '王姐您好'), await send(1), await send(2), await send(3)].map(
    ({ message }) => message,
  )

  const [media] = await world.wecom.media()
  expect(messages).toMatchObject([
    { msgtype: 'text', text: { content: '王姐您好' } },
    { msgtype: 'image', image: { mediaid: media?.mediaId } },
    { msgtype: 'news', news: { link: 'https://a.cn/', title: '题', desc: '述', imgUrl: 'https://a.cn/b.png' } },
    { msgtype: 'miniprogram', miniprogram: { title: expect.stringMatching('卡片') } },
  ])
  await expect(send(0)).rejects.toMatchObject({ code: 'TEMPLATE_INVALID', at: '/content/text' })
  await expect(send(0, '字'.repeat(1_334))).rejects.toMatchObject({ code: 'BAD_REQUEST', at: '/content/text' })
  await expect(send(2, '改')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(send(4)).rejects.toMatchObject({ code: 'BAD_REQUEST', at: '/content/part' })
  await expect(
    world.services.sends.prepare(world.colleague, {
      ...request({ type: 'reply', replyId, part: 2 }),
      externalUserId: theirs,
    }),
  ).rejects.toMatchObject({ code: 'QUICK_REPLY_NOT_FOUND' })
})

test('when WeCom refuses the picture nothing is recorded', async () => {
  const assetId = await world.services.media.keepAsset(world.corpId, {
    bytes: Buffer.concat([pixel, Buffer.from('!')]),
  })
  const { id: replyId } = await world.services.quickReplies.create(world.guide, {
    folder: '',
    title: '图',
    shortcut: '',
    parts: [{ type: 'image', assetId, name: '' }],
  })
  await world.wecom.failNext({ path: 'media/upload', errcode: 45001 })
  const before = await countSends()

  const refused = world.services.sends.prepare(world.guide, request({ type: 'reply', replyId, part: 0 }))
  await expect(refused).rejects.toMatchObject({ code: 'WECOM_REFUSED', errcode: 45001 })

  expect(await countSends()).toBe(before)
})

test('drafts, unknown and foreign cards cannot be sent', async () => {
  const foreignCardId = await world.publishCard(world.foreigner.corpId)

  for (const cardId of [foreignCardId, 'a'.repeat(24)]) {
    const refused = world.services.sends.prepare(world.guide, request({ type: 'card', cardId }))
    await expect(refused).rejects.toMatchObject({ code: 'CARD_NOT_FOUND' })
  }
})

test('an outcome is final: the same again is the same, another one conflicts', async () => {
  const { sendId } = await world.services.sends.prepare(world.guide, text())

  expect(await world.services.sends.settle(world.guide, sendId, { status: 'cancelled' })).toMatchObject({
    status: 'cancelled',
  })
  expect(await world.services.sends.settle(world.guide, sendId, { status: 'cancelled' })).toMatchObject({
    status: 'cancelled',
  })
  await expect(world.services.sends.settle(world.guide, sendId, { status: 'client_ok' })).rejects.toMatchObject({
    code: 'CONFLICT',
  })
  for (const guide of [world.colleague, world.foreigner])
    await expect(world.services.sends.settle(guide, sendId, { status: 'cancelled' })).rejects.toMatchObject({
      code: 'SEND_NOT_FOUND',
    })
})

test('a use counts once, when the client took the message, for the guide and for the team', async () => {
  const { id: replyId } = await world.services.quickReplies.create(world.guide, {
    folder: '',
    title: '常用',
    shortcut: '',
    parts: [{ type: 'text', text: '好的' }],
  })
  const send = async (status: 'client_ok' | 'failed') => {
    const { sendId } = await world.services.sends.prepare(world.guide, request({ type: 'reply', replyId, part: 0 }))
    await world.services.sends.settle(world.guide, sendId, { status })
    await world.services.sends.settle(world.guide, sendId, { status })
  }

  await send('client_ok')
  await send('client_ok')
  await send('failed')

  const [top] = await world.services.quickReplies.top(world.guide, { limit: 5 })
  expect(top).toMatchObject({ id: replyId, ownUses: 2, teamUses: 2 })
  world.passDays(31)
  const library = await world.services.quickReplies.library(world.guide)
  expect(library.replies.find(({ id }) => id === replyId)).toMatchObject({ ownUses: 0, teamUses: 0 })
})
