import { afterAll, beforeAll, expect, test } from 'vitest'

import { appId, pixel, type SellingWorld, startSelling } from '../sends/selling.world.ts'

let world: SellingWorld
beforeAll(async () => {
  world = await startSelling()
})
afterAll(() => world.close())

const draft = {
  kind: 'coupon' as const,
  title: '以旧换新 300 元券',
  appId,
  coverUrl: 'https://cdn.example.com/c.png',
  pathTemplate: 'pages/coupon.html?t={token}',
  status: 'draft' as const,
}

test('a card that fails the linter is not published', async () => {
  const { cards } = world.services
  const cardId = await cards.saveCard(world.guide.corpId, { ...draft, appId: 'wx0000000000000000' })

  await expect(cards.publish(world.guide.corpId, cardId)).rejects.toMatchObject({ code: 'CARD_NOT_SENDABLE' })
  await expect(
    cards.saveCard(world.guide.corpId, { ...draft, pathTemplate: 'pages/coupon', status: 'published' }),
  ).rejects.toMatchObject({ code: 'CARD_NOT_SENDABLE' })

  expect((await cards.catalogue(world.guide)).cards).toEqual([])
})

test('the catalogue holds published cards of this corp, and its version follows every change', async () => {
  const { cards } = world.services
  const before = await cards.version(world.guide)
  const cardId = await world.publishCard(world.guide.corpId, '重庆店开业')

  const after = await cards.catalogue(world.guide)
  expect(after.version).not.toBe(before)
  expect(after.version).toBe(await cards.version(world.guide))
  expect(after.cards).toMatchObject([{ id: cardId, title: '重庆店开业', priceFen: 599_900, programName: '天河数码' }])
  expect(after.cards[0]?.keys).toMatch(/^chong/)
  expect(after.cards[0]).not.toHaveProperty('pathTemplate')
  expect((await cards.catalogue(world.foreigner)).cards).toEqual([])

  await cards.takeOffShelf(world.guide.corpId, cardId)
  expect((await cards.catalogue(world.guide)).cards).toEqual([])
  await expect(cards.getForSend(world.guide.corpId, '', cardId)).rejects.toMatchObject({ code: 'CARD_NOT_SENDABLE' })
  await expect(cards.publish(world.foreigner.corpId, cardId)).rejects.toMatchObject({ code: 'CARD_NOT_FOUND' })
})

test('a cover of our own has our address, and one of another corp is refused', async () => {
  const { cards, media } = world.services
  await cards.linkProgram(world.guide.corpId, { appId, name: '天河数码' })
  const coverAssetId = await media.keepAsset(world.guide.corpId, { bytes: pixel })

  await cards.saveCard(world.guide.corpId, { ...draft, title: '会员卡', coverAssetId, status: 'published' })

  expect((await cards.catalogue(world.guide)).cards[0]?.coverUrl).toBe(`${world.origin}/media/${coverAssetId}`)
  await expect(cards.saveCard(world.foreigner.corpId, { ...draft, coverAssetId })).rejects.toMatchObject({
    code: 'CARD_NOT_SENDABLE',
  })
})
