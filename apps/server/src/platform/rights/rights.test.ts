import { startWorld, type World } from '@guidebar/testkit'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'

import { scope } from './scope.ts'

let world: World
const owner = { userId: 'TestAdmin', role: 'owner' } as const

beforeAll(async () => {
  world = await startWorld({ mongoUri: inject('mongoUri') })
  await world.addAdmin()
  await world.wecom.load({
    departments: [
      { id: 1, name: '测试零售' },
      { id: 10, name: '华南区', parentId: 1 },
      { id: 11, name: '天河店', parentId: 10 },
      { id: 12, name: '越秀店', parentId: 10 },
      { id: 20, name: '华东区', parentId: 1 },
    ],
  })
  for (const [userId, departmentId] of [
    ['Tianhe', 11],
    ['Yuexiu', 12],
    ['Huadong', 20],
    ['Manager', 11],
  ] as const)
    await world.addGuide({ userId, departmentIds: [departmentId] })
})
afterAll(() => world.close())
beforeEach(() => world.services.rights.forget())

const give = (userId: string, ...wanted: [Parameters<typeof world.services.rights.assign>[2]]) =>
  world.services.rights.assign({ ...owner, corpId: world.corpId }, { corpId: world.corpId, userId }, ...wanted)
const rightsOf = (userId: string) => world.services.rights.find({ corpId: world.corpId, userId })

test('a region is its departments with all below them, a store is one department alone', async () => {
  await give('Manager', { role: 'storeManager', scope: { kind: 'region', departmentIds: [10] } })
  const region = await rightsOf('Manager')
  await give('Manager', { role: 'storeManager', scope: { kind: 'store', departmentIds: [11] } })
  const store = await rightsOf('Manager')

  expect(region?.reach?.storeIds.toSorted()).toEqual(['10', '11', '12'])
  expect(region?.reach?.userIds.toSorted()).toEqual(['Manager', 'Tianhe', 'Yuexiu'])
  expect(store?.reach).toEqual({ storeIds: ['11'], userIds: expect.arrayContaining(['Manager', 'Tianhe']) })
  const own = scope({ corpId: world.corpId, reach: store?.reach ?? null })
  expect([own.hasGuide('Tianhe'), own.hasGuide('Yuexiu'), own.hasStore('12')]).toEqual([true, false, false])
  expect(await world.db.model('Guide').countDocuments(own.byGuide())).toBe(2)
  expect(() => own.requireStore('12')).toThrow(expect.objectContaining({ status: 404 }))
})

test('a role opens what it is for and nothing else, and is gone within five seconds of being taken', async () => {
  await give('Manager', { role: 'storeManager', scope: { kind: 'store', departmentIds: [11] } })
  const manager = world.asAdmin('Manager')

  const me = await manager.get('/me')
  const rules = await manager.get('/contact-rules')
  const sync = await manager.post('/sync', {})
  await give('Manager', null)
  world.clock.advance(5_000)
  const after = await manager.get('/me')

  expect(me.body).toMatchObject({ role: 'storeManager', scope: { kind: 'store', departmentIds: [11] } })
  expect(me.body.may).toContain('read:customers')
  expect(me.body.may).not.toContain('write:settings')
  expect([rules.statusCode, rules.body.error.code]).toEqual([403, 'FORBIDDEN'])
  expect([sync.statusCode, after.statusCode]).toEqual([403, 401])
})

test('only owners make owners, the last one stays, and those of the configuration cannot be changed here', async () => {
  const { rights } = world.services
  const asAdmin = { corpId: world.corpId, userId: 'Yuexiu', role: 'admin' } as const
  const target = { corpId: world.corpId, userId: 'Huadong' }
  const wanted = { role: 'owner', scope: { kind: 'all' } } as const

  await expect(rights.assign(asAdmin, target, wanted)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(give('testadmin', null)).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(give('Huadong', { role: 'owner', scope: { kind: 'store', departmentIds: [11] } })).rejects.toMatchObject(
    { code: 'BAD_REQUEST' },
  )
})
