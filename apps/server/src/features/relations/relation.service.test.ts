import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { chenjie, foreigner, liNa, startCustomers, wangWei, xiaomei, type CustomerWorld } from './customer.world.ts'

let world: CustomerWorld

beforeAll(async () => {
  world = await startCustomers()
})
afterAll(() => world.close())
beforeEach(() => world.begin())

const key = { ...xiaomei, externalUserId: liNa }
const stored = () => world.relationRow(key)

describe('context', () => {
  test('a guide sees the customer, the own relation and who else serves', async () => {
    const context = await world.relations.contextOf(xiaomei, liNa)

    expect(context).toMatchObject({
      customer: { externalUserId: liNa, name: '李娜', gender: 2, type: 1, corpName: null },
      relation: {
        status: 'active',
        remark: '李姐',
        tags: [{ tagId: 'etGold', name: '金卡', groupId: 'etGroupLevel', groupName: '会员等级' }],
        addedAt: '2026-11-01T02:00:00.000Z',
        addWay: 1,
        state: 'store_11',
      },
      fellows: [{ userId: 'ChenJie', name: '陈杰', storeName: '正佳店' }],
    })
    expect(Object.keys(context.fellows[0] ?? {})).toEqual(['userId', 'name', 'storeName', 'addedAt'])
  })

  test.each([
    ['a colleague’s customer', chenjie, wangWei],
    ['a customer of another corp', foreigner, liNa],
    ['an id nobody has', xiaomei, 'wmNobody'],
  ])('%s is not found, and nothing is said about it', async (_, principal, externalUserId) => {
    const error = await world.relations.contextOf(principal, externalUserId).catch((thrown: Error) => thrown)

    expect(error).toMatchObject({ code: 'RELATION_NOT_FOUND', status: 404 })
    expect(inspect(error)).not.toMatch(/王伟|李娜|wm/)
  })

  test('a customer whom the guide deleted is not found any more', async () => {
    await world.wecom.act('guideDeletesCustomer', key)

    await world.relations.refresh(key, { endedBy: [xiaomei.userId] })

    await expect(world.relations.contextOf(xiaomei, liNa)).rejects.toMatchObject({ code: 'RELATION_NOT_FOUND' })
    await expect(world.relations.contextOf(chenjie, liNa)).resolves.toMatchObject({ fellows: [] })
  })
})

describe('tags', () => {
  test('a guide tags a customer, and WeCom holds the same tags', async () => {
    const view = await world.relations.markTags(key, { add: ['etApple', 'etSilver'], remove: ['etGold'] })

    expect(view.tags.map(({ name }) => name)).toEqual(['银卡', '苹果用户'])
    expect(await world.wecom.relation(xiaomei.userId, liNa)).toMatchObject({
      tagIds: expect.arrayContaining(['etApple', 'etSilver']),
    })
    expect((await world.wecom.relation(xiaomei.userId, liNa))?.tagIds).not.toContain('etGold')
    expect((await stored())?.['tagIds']).toEqual(['etApple', 'etSilver'])
  })

  test('the same change twice ends the same', async () => {
    const first = await world.relations.markTags(key, { add: ['etApple'], remove: [] })
    const second = await world.relations.markTags(key, { add: ['etApple'], remove: [] })

    expect(second.tags).toEqual(first.tags)
    expect((await world.wecom.relation(xiaomei.userId, liNa))?.tagIds).toHaveLength(2)
  })

  test('twenty changes of one customer at once are made one after another', async () => {
    await world.wecom.changeSettings({ latencyMsByPath: { 'externalcontact/mark_tag': 5 } })

    const changes = Array.from({ length: 20 }, (_, index) =>
      world.relations.markTags(key, index % 2 ? { add: ['etApple'], remove: [] } : { add: [], remove: ['etApple'] }),
    )

    await expect(Promise.all(changes)).resolves.toHaveLength(20)
    expect((await stored())?.['tagIds']).toEqual(['etApple', 'etGold'])
  })

  test.each([
    ['an unknown tag', 40068, 'TAG_UNKNOWN', 422],
    ['a right that is missing', 48002, 'WECOM_NOT_SET_UP', 502],
    ['too many calls', 45009, 'WECOM_BUSY', 503],
    ['another change at the same time', 45035, 'WECOM_BUSY', 503],
  ])('WeCom refusing for %s changes nothing here', async (_, errcode, code, status) => {
    const before = await stored()
    await world.wecom.failNext({ path: 'externalcontact/mark_tag', errcode })
    // A block after 45009 outlives a test: each test gets a client of its own.
    const { relations } = world.createProcess()

    await expect(relations.markTags(key, { add: ['etApple'], remove: [] })).rejects.toMatchObject({ code, status })

    expect(await stored()).toEqual(before)
  })

  test('a guide who no longer follows by WeCom’s word gets 404', async () => {
    await world.wecom.act('guideDeletesCustomer', key)

    await expect(world.relations.markTags(key, { add: ['etApple'], remove: [] })).rejects.toMatchObject({
      code: 'RELATION_NOT_FOUND',
    })

    await expect.poll(async () => (await stored())?.['status']).toBe('deleted_by_guide')
  })

  test('nobody tags a colleague’s customer, and WeCom is not even asked', async () => {
    const foreign = { ...chenjie, externalUserId: wangWei }

    await expect(world.relations.markTags(foreign, { add: ['etApple'], remove: [] })).rejects.toMatchObject({
      status: 404,
    })

    expect(await world.wecom.calls({ path: 'externalcontact/mark_tag' })).toEqual([])
  })

  test('nothing to change is a bad request', async () => {
    await expect(world.relations.markTags(key, { add: [], remove: [] })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })
})

describe('remark', () => {
  test('a guide’s words reach WeCom and are shown', async () => {
    const view = await world.relations.editRemark(key, { remark: '$name 李姐', description: '喜欢新机型' })

    expect(view).toMatchObject({ remark: '$name 李姐', description: '喜欢新机型' })
    expect(await world.wecom.relation(xiaomei.userId, liNa)).toMatchObject({
      remark: '$name 李姐',
      description: '喜欢新机型',
    })
  })

  test('with WeCom away the change is refused, and nothing is changed', async () => {
    const before = await stored()
    await world.wecom.changeSettings({ outage: 'status500' })
    const { relations } = world.createProcess()

    await expect(relations.editRemark(key, { remark: '新' })).rejects.toMatchObject({
      code: 'WECOM_UNAVAILABLE',
      status: 503,
    })

    expect(await stored()).toEqual(before)
  })
})

describe('refresh', () => {
  test('a read that began earlier never overwrites a later one', async () => {
    await world.wecom.changeSettings({ latencyMsByPath: { 'externalcontact/get': 150 } })
    const slow = world.relations.refresh(key)
    await world.wecom.changeSettings({ latencyMsByPath: {} })
    await expect.poll(async () => (await world.wecom.calls({ path: 'externalcontact/get' })).length).toBe(1)
    await world.relations.markTags(key, { add: ['etApple'], remove: ['etGold'] })

    await slow

    expect((await stored())?.['tagIds']).toEqual(['etApple'])
  })

  test('equal content leaves everything but the moment of reading', async () => {
    const before = await stored()

    await world.relations.refresh(key)

    const anyMoment = { syncedAt: expect.any(Date), readBeganAt: expect.any(Date) }
    expect(await stored()).toEqual({ ...before, ...anyMoment })
  })

  test('a guide out of the visible range keeps the relations: being hidden is not being gone', async () => {
    await world.wecom.changeSettings({ visibleRange: { userIds: [chenjie.userId], departmentIds: [] } })

    await world.relations.refresh(key)

    expect((await stored())?.['status']).toBe('active')
  })
})

describe('over HTTP', () => {
  const path = `/customers/${liNa}`

  test('a guide tags a customer and edits the remark', async () => {
    const tagged = await world.as(xiaomei).put(`${path}/tags`, { add: ['etApple'], remove: [] })
    const edited = await world.as(xiaomei).put(`${path}/remark`, { remark: '李姐 VIP' })

    expect([tagged.statusCode, edited.statusCode]).toEqual([200, 200])
    expect(edited.body).toMatchObject({ remark: '李姐 VIP', tags: [{ tagId: 'etGold' }, { tagId: 'etApple' }] })
    expect(await world.wecom.relation(xiaomei.userId, liNa)).toMatchObject({ remark: '李姐 VIP' })
  })

  test.each([
    ['a field nobody asked for', { add: ['etApple'], remove: [], userId: 'ChenJie' }],
    ['text for a list', { add: 'etApple', remove: [] }],
    ['an operator for an id', { add: [{ $ne: '' }], remove: [] }],
  ])('%s is refused', async (_, body) => {
    const response = await world.as(xiaomei).put(`${path}/tags`, body)

    expect(response.statusCode).toBe(400)
    expect(await world.wecom.calls({ path: 'externalcontact/mark_tag' })).toEqual([])
  })

  test('a colleague’s customer is 404 with nothing about the customer', async () => {
    const response = await world.as(chenjie).put(`/customers/${wangWei}/remark`, { remark: 'x' })

    expect(response.statusCode).toBe(404)
    expect(response.body).toMatchObject({ error: { code: 'RELATION_NOT_FOUND' } })
    expect(response.text).not.toMatch(/王伟|wmR7/)
  })
})

describe('a customer added seconds ago', () => {
  test('is found although no event came', async () => {
    const { externalUserId } = await world.wecom.act('addCustomer', {
      userId: xiaomei.userId,
      customer: { name: '新客' },
    })

    const isFollowing = await world.relations.lookUp({ ...xiaomei, externalUserId })

    expect(isFollowing).toBe(true)
    expect((await world.relations.contextOf(xiaomei, externalUserId)).customer.name).toBe('新客')
  })

  test('is asked for once: whom WeCom shows as somebody else’s stays so for a while', async () => {
    const { externalUserId } = await world.wecom.act('addCustomer', {
      userId: chenjie.userId,
      customer: { name: '别人的' },
    })
    const foreign = { ...xiaomei, externalUserId }

    const answers = [await world.relations.lookUp(foreign), await world.relations.lookUp(foreign)]

    expect(answers).toEqual([false, false])
    expect(await world.wecom.calls({ path: 'externalcontact/get' })).toHaveLength(1)
  })

  test('does not keep a guide waiting for a WeCom that hangs', async () => {
    await world.wecom.changeSettings({ outage: 'hang' })
    const begun = performance.now()

    const isFollowing = await world.relations.lookUp({ ...xiaomei, externalUserId: 'wmUnknown' })

    expect(isFollowing).toBe(false)
    expect(performance.now() - begun).toBeLessThan(3_000)
  })
})
