import type { SaveQuickReply } from '@guidebar/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { pixel, type SellingWorld, startSelling } from '../sends/selling.world.ts'

let world: SellingWorld
beforeAll(async () => {
  world = await startSelling()
})
afterAll(() => world.close())

const reply = (title: string, text = '{{customer.name|亲}}您好'): SaveQuickReply => ({
  folder: '问候',
  title,
  shortcut: 'HI',
  parts: [{ type: 'text', text }],
})
const titles = async (guide: { corpId: string; userId: string }) =>
  (await world.services.quickReplies.library(guide)).replies.map(({ title }) => title)

test("a guide sees the corp's, the own store's and the own replies, and nobody else's", async () => {
  const { quickReplies } = world.services
  await quickReplies.saveCorp(world.corpId, reply('公司'))
  await quickReplies.saveCorp(world.corpId, { ...reply('天河店'), storeId: '101' })
  await quickReplies.saveCorp(world.corpId, { ...reply('越秀店'), storeId: '102' })
  await quickReplies.saveCorp(world.foreigner.corpId, reply('别家公司'))
  const own = await quickReplies.create(world.guide, reply('我的'))

  expect(await titles(world.guide)).toEqual(['公司', '天河店', '我的'])
  expect(await titles(world.colleague)).toEqual(['公司', '越秀店'])
  expect(await titles(world.foreigner)).toEqual(['别家公司'])
  expect(own).toMatchObject({ scope: 'personal', shortcut: 'hi', keys: 'wo de,di', ownUses: 0 })
})

test("another guide's private reply cannot be read, changed, removed or sent, and neither can the corp's be changed", async () => {
  const { quickReplies } = world.services
  const { id } = await quickReplies.create(world.guide, reply('私人'))
  const corpReplyId = await quickReplies.saveCorp(world.corpId, reply('公司的'))
  const refused = { code: 'QUICK_REPLY_NOT_FOUND' }

  for (const guide of [world.colleague, world.foreigner]) {
    await expect(quickReplies.getForSend(guide, id)).rejects.toMatchObject(refused)
    await expect(quickReplies.update(guide, id, reply('改'))).rejects.toMatchObject(refused)
    await expect(quickReplies.remove(guide, id)).rejects.toMatchObject(refused)
  }
  await expect(quickReplies.update(world.guide, corpReplyId, reply('改'))).rejects.toMatchObject(refused)
  await expect(quickReplies.remove(world.guide, corpReplyId)).rejects.toMatchObject(refused)

  expect((await quickReplies.getForSend(world.guide, id)).title).toBe('私人')
})

test('the version changes with every write that this guide can see, and with no other', async () => {
  const { quickReplies } = world.services
  const other = world.twin.quickReplies
  await quickReplies.saveCorp(world.corpId, reply('版本'))
  const read = () => other.version(world.guide)

  const first = await read()
  expect((await other.library(world.guide)).version).toBe(first)
  await quickReplies.create(world.colleague, reply('别人的'))
  expect(await read()).toBe(first)

  const { id } = await quickReplies.create(world.guide, reply('新的'))
  const second = await read()
  await quickReplies.update(world.guide, id, reply('改过的'))
  const third = await read()
  expect(new Set([first, second, third]).size).toBe(3)
  expect((await other.library(world.guide)).replies.map(({ title }) => title)).toContain('改过的')

  await quickReplies.remove(world.guide, id)
  expect(await read()).not.toBe(third)
  expect((await other.library(world.guide)).replies.map(({ title }) => title)).not.toContain('改过的')
  await expect(quickReplies.remove(world.guide, id)).rejects.toMatchObject({ code: 'QUICK_REPLY_NOT_FOUND' })
})

test.each<[string, SaveQuickReply['parts'][number], string]>([
  ['a customer variable without a fallback', { type: 'text', text: '{{customer.name}}您好' }, '/parts/1/text'],
  ['more than 4,000 bytes', { type: 'text', text: '字'.repeat(1_334) }, '/parts/1/text'],
  [
    'a link title over 128 bytes',
    { type: 'link', title: '字'.repeat(43), description: '', url: 'https://a.cn/', imageUrl: 'https://a.cn/b.png' },
    '/parts/1/title',
  ],
  [
    'an address that is none',
    { type: 'link', title: '题', description: '', url: 'https://', imageUrl: 'https://a.cn/b.png' },
    '/parts/1/url',
  ],
  ['a picture that is not there', { type: 'image', assetId: 'a'.repeat(24), name: '' }, '/parts/1'],
  ['a card that is not there', { type: 'card', cardId: 'a'.repeat(24) }, '/parts/1'],
])('%s is refused, and the answer says where', async (_, part, at) => {
  const input = { ...reply('错'), parts: [{ type: 'text' as const, text: '好' }, part] }

  await expect(world.services.quickReplies.create(world.guide, input)).rejects.toMatchObject({
    code: 'TEMPLATE_INVALID',
    at,
  })
})

test("a picture or card of another corp cannot be named in one's reply", async () => {
  const assetId = await world.services.media.keepAsset(world.foreigner.corpId, { bytes: pixel })
  const cardId = await world.publishCard(world.foreigner.corpId)
  const ownAssetId = await world.services.media.keepAsset(world.corpId, { bytes: pixel })
  const save = (part: SaveQuickReply['parts'][number]) =>
    world.services.quickReplies.create(world.guide, { ...reply('图'), parts: [part] })

  await expect(save({ type: 'image', assetId, name: '图' })).rejects.toMatchObject({ code: 'TEMPLATE_INVALID' })
  await expect(save({ type: 'card', cardId })).rejects.toMatchObject({ code: 'TEMPLATE_INVALID' })
  const saved = await save({ type: 'image', assetId: ownAssetId, name: '图', url: 'https://evil.example/x' })

  expect(saved.parts).toMatchObject([{ url: `${world.origin}/media/${ownAssetId}` }])
})

test('a corp reply saved again under its name changes and is not doubled', async () => {
  const { quickReplies } = world.services
  const first = await quickReplies.saveCorp(world.corpId, reply('同名', '一'))
  const again = await quickReplies.saveCorp(world.corpId, reply('同名', '二'))

  expect(again).toBe(first)
  expect((await quickReplies.getForSend(world.guide, first)).parts).toEqual([{ type: 'text', text: '二' }])
})

test('two who save the same new corp reply at once save one', async () => {
  const saves = Array.from({ length: 12 }, (_, index) =>
    (index % 2 ? world.services : world.twin).quickReplies.saveCorp(world.corpId, reply('同时', String(index))),
  )

  expect(new Set(await Promise.all(saves)).size).toBe(1)
})

test('the first screen has a guide’s own change at once', async () => {
  const { quickReplies } = world.services
  const guide = { corpId: world.corpId, userId: 'GuideOfTop' }
  const top = async () => (await quickReplies.top(guide, { limit: 50 })).map(({ title }) => title)
  expect(await top()).not.toContain('刚写的')

  const { id } = await quickReplies.create(guide, reply('刚写的'))
  expect(await top()).toContain('刚写的')
  await quickReplies.remove(guide, id)
  expect(await top()).not.toContain('刚写的')
})

test('a title of blanks is no title', async () => {
  await expect(world.services.quickReplies.create(world.guide, reply('  '))).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    at: '/title',
  })
})

test('a guide keeps at most 500 own replies', async () => {
  const guide = { corpId: world.corpId, userId: 'GuideOfMany' }
  const { id } = await world.services.quickReplies.create(guide, reply('第一条'))
  const replies = world.db.collection('quickReplies')
  const first = await replies.findOne({ ownerUserId: guide.userId }, { projection: { _id: 0 } })
  await replies.insertMany(Array.from({ length: 499 }, (_, index) => ({ ...first, title: `第${index + 2}条` })))

  await expect(world.services.quickReplies.create(guide, reply('多一条'))).rejects.toMatchObject({ code: 'CONFLICT' })
  await world.services.quickReplies.remove(guide, id)

  expect(await world.services.quickReplies.create(guide, reply('多一条'))).toMatchObject({ title: '多一条' })
})
