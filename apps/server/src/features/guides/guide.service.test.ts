import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { chenjie, startCustomers, xiaomei, type CustomerWorld } from '../relations/customer.world.ts'

let world: CustomerWorld

beforeAll(async () => {
  world = await startCustomers()
})
afterAll(() => world.close())
beforeEach(() => world.begin())

test('a guide belongs to the main department', async () => {
  await world.wecom.load({ members: [{ userId: 'Two', name: '双店', departmentIds: [11, 12], mainDepartmentId: 12 }] })

  const guide = await world.guides.read(world.corp, 'Two')

  expect(guide).toMatchObject({ storeId: '12', storeName: '正佳店', canServe: true, status: 'active', sessionEpoch: 0 })
})

test('whom WeCom does not know is no guide', async () => {
  expect(await world.guides.read(world.corp, 'Nobody')).toBeNull()
  await expect(world.guides.view({ ...xiaomei, userId: 'Nobody' })).rejects.toMatchObject({ code: 'NOT_A_GUIDE' })
})

test('disabled and enabled again, sessions from before stay dead', async () => {
  await world.wecom.act('updateMember', { userId: chenjie.userId, status: 2 })
  await world.guides.refreshMember(world.corp, chenjie.userId)
  const disabled = await world.guides.find(chenjie)
  await world.wecom.act('updateMember', { userId: chenjie.userId, status: 1 })

  await world.guides.refreshMember(world.corp, chenjie.userId)

  expect(disabled).toMatchObject({ status: 'disabled', sessionEpoch: 1 })
  expect(await world.guides.find(chenjie)).toMatchObject({ status: 'active', sessionEpoch: 1 })
})

test('who left is found by the full sync although no event came', async () => {
  await world.wecom.act('deleteMember', { userId: chenjie.userId })

  await world.sync.runNow(world.corp)

  expect(await world.guides.find(chenjie)).toMatchObject({ status: 'left', canServe: false, name: '陈杰' })
})

test('who loses customer contact is no longer active in the panel', async () => {
  await world.wecom.load({
    members: [{ userId: chenjie.userId, name: '陈杰', departmentIds: [12], customerContact: false }],
  })

  await world.guides.refreshServing(world.corp)

  expect(await world.guides.isActive(chenjie)).toBe(false)
})

test('names are told of those who serve, and of nobody else', async () => {
  const names = await world.guides.names(world.corpId, [xiaomei.userId, 'TestAdmin', 'Nobody'])

  expect([...names]).toEqual([['LinXiaoMei', { name: '林小美', storeName: '天河城店' }]])
})

test('another process sees a leaver within three seconds', async () => {
  const { guides } = world.createProcess()
  await guides.find(chenjie)
  await world.wecom.act('deleteMember', { userId: chenjie.userId })
  await world.guides.refreshMember(world.corp, chenjie.userId)
  world.clock.advance(3_000)

  expect(await guides.isActive(chenjie)).toBe(false)
})
