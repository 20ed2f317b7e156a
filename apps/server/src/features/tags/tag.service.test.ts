import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { startCustomers, xiaomei, type CustomerWorld } from '../relations/customer.world.ts'

let world: CustomerWorld

beforeAll(async () => {
  world = await startCustomers()
})
afterAll(() => world.close())
beforeEach(() => world.begin())

test('the library comes in WeCom’s order, with keys to search by', async () => {
  const response = await world.as(xiaomei).get('/tag-groups')

  expect(response.body).toEqual({
    groups: [
      {
        groupId: 'etGroupLevel',
        name: '会员等级',
        tags: [
          { tagId: 'etGold', name: '金卡', keys: expect.stringMatching(/^jin /) },
          { tagId: 'etSilver', name: '银卡', keys: expect.stringMatching(/^yin /) },
        ],
      },
      {
        groupId: 'etGroupNeed',
        name: '需求',
        tags: [{ tagId: 'etApple', name: '苹果用户', keys: expect.any(String) }],
      },
    ],
  })
})

test('who has this version already gets 304, until a tag changes', async () => {
  const first = await world.as(xiaomei).get('/tag-groups')
  const headers = { 'if-none-match': first.headers.get('etag') ?? '' }
  const again = await world.as(xiaomei).get('/tag-groups', { headers })
  await world.wecom.act('updateTag', { id: 'etGold', name: '黑金卡' })
  await world.tags.refresh(world.corp)
  const changed = await world.as(xiaomei).get('/tag-groups', { headers })

  expect([again.statusCode, again.text, changed.statusCode]).toEqual([304, '', 200])
})

test('another process sees a change within two seconds', async () => {
  const { tags } = world.createProcess()
  const before = await tags.describe(world.corpId, ['etGold'])
  await world.wecom.act('updateTag', { id: 'etGold', name: '黑金卡' })
  await world.tags.refresh(world.corp)
  world.clock.advance(2_000)

  const after = await tags.describe(world.corpId, ['etGold'])

  expect([before, after]).toMatchObject([[{ name: '金卡' }], [{ name: '黑金卡' }]])
})

test('tags are told by words and in the library’s order; what is no corp tag is left out', async () => {
  const tags = await world.tags.describe(world.corpId, ['etApple', 'etGone', 'etGold'])

  expect(tags).toEqual([
    { tagId: 'etGold', name: '金卡', groupId: 'etGroupLevel', groupName: '会员等级' },
    { tagId: 'etApple', name: '苹果用户', groupId: 'etGroupNeed', groupName: '需求' },
  ])
})

test('another corp’s tags are not known', async () => {
  expect(await world.tags.describe('wwOther', ['etGold'])).toEqual([])
})
