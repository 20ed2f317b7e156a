import { startWorld, type World } from '@guidebar/testkit'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { freshSignInMs } from '../../platform/guard.ts'

let world: World
const store = (departmentId: number) => ({ kind: 'store', departmentIds: [departmentId] })
const asManager = () => world.asAdmin('Manager')

beforeAll(async () => {
  world = await startWorld({ mongoUri: inject('mongoUri') })
  await world.addAdmin({ departmentIds: [1] })
  await world.wecom.load({
    departments: [
      { id: 1, name: '测试零售' },
      { id: 11, name: '天河店', parentId: 1 },
      { id: 12, name: '越秀店', parentId: 1 },
    ],
  })
  for (const [userId, name, departmentId] of [
    ['Manager', '店长', 11],
    ['Anna', '安娜', 11],
    ['Bella', '贝拉', 12],
  ] as const)
    await world.addGuide({ userId, name, departmentIds: [departmentId] })
  await world.follow({ guide: { corpId: world.corpId, userId: 'Anna', name: '安娜', departmentId: 11 } })
  await world.asAdmin().put('/people/Manager/role', { role: 'storeManager', scope: store(11) })
})
afterAll(() => world.close())

test('people are listed in pages, found by name and by department, with role and customers', async () => {
  const first = await world.asAdmin().get('/people?limit=2')
  const second = await world.asAdmin().get(`/people?limit=2&before=${first.body.next}`)
  const found = await world.asAdmin().get(`/people?q=${encodeURIComponent('安')}`)
  const literal = await world.asAdmin().get(`/people?q=${encodeURIComponent('.*')}`)
  const admins = await world.asAdmin().get('/people?who=admins')

  const names = [...first.body.people, ...second.body.people].map(({ userId }: { userId: string }) => userId)
  expect(names).toEqual(['Anna', 'Bella', 'Manager', 'TestAdmin'])
  expect(second.body.next).toBeNull()
  expect(found.body.people).toMatchObject([{ userId: 'Anna', customers: 1, role: null, state: 'active' }])
  expect(literal.body.people).toEqual([])
  expect(admins.body.people).toMatchObject([
    { userId: 'Manager', role: 'storeManager', isConfigured: false },
    { userId: 'TestAdmin', role: 'owner', isConfigured: true },
  ])
})

test('a store manager sees his store and learns nothing of another', async () => {
  const list = await asManager().get('/people')
  const wide = await asManager().get('/people?departmentId=12')
  const tree = await asManager().get('/departments')
  const other = await asManager().get('/people/Bella')
  const nobody = await asManager().get('/people/Nobody')
  const give = await asManager().put('/people/Anna/role', { role: 'admin', scope: { kind: 'all' } })

  expect(list.body.people.map(({ userId }: { userId: string }) => userId)).toEqual(['Anna', 'Manager'])
  expect(wide.body.people).toEqual([])
  expect(tree.body.departments).toMatchObject([{ departmentId: 11, name: '天河店', members: 2 }])
  expect([other.statusCode, nobody.statusCode, give.statusCode]).toEqual([404, 404, 403])
  expect(other.body.error.message).toBe(nobody.body.error.message)
})

test('a store keeps its city and hours, and what stood there before is on record', async () => {
  const wanted = {
    isStore: true,
    city: '广州',
    address: '',
    openingHours: [{ weekday: 1, from: '10:00', to: '22:00' }],
  }
  const saved = await world.asAdmin().put('/departments/11/store', wanted)
  const wrong = await world
    .asAdmin()
    .put('/departments/11/store', { ...wanted, openingHours: [{ weekday: 1, from: '22:00', to: '10:00' }] })
  const { rows } = (await world.asAdmin().get('/audit?action=people.')).body

  expect(saved.body).toMatchObject({ departmentId: 11, store: { city: '广州' } })
  expect(wrong.statusCode).toBe(400)
  expect(rows).toMatchObject([{ action: 'people.store-saved', target: '11', actor: { name: '管理员' } }])
  expect(JSON.parse(rows[0].before)).toMatchObject({ isStore: false })
  expect(JSON.parse(rows[0].after)).toEqual(wanted)
})

test('nobody changes his own role, and who has left gets none', async () => {
  const own = await world.asAdmin().put('/people/TestAdmin/role', { role: 'admin', scope: { kind: 'all' } })
  await world.addGuide({ userId: 'Gone', departmentIds: [12] })
  await world.wecom.act('deleteMember', { userId: 'Gone' })
  await world.settle()
  const gone = await world.asAdmin().put('/people/Gone/role', { role: 'storeManager', scope: store(12) })

  expect([own.statusCode, gone.statusCode]).toEqual([409, 409])
})

test('taking a role asks for a fresh sign-in', async () => {
  await world.asAdmin().put('/people/Bella/role', { role: 'storeManager', scope: store(12) })
  world.clock.advance(freshSignInMs + 1_000)

  const stale = await world.asAdmin().send('DELETE', '/people/Bella/role')
  await world.signInAgain()
  const fresh = await world.asAdmin().send('DELETE', '/people/Bella/role')
  const again = await world.asAdmin().send('DELETE', '/people/Bella/role')

  expect([stale.statusCode, stale.body.error.code]).toEqual([403, 'REAUTH_REQUIRED'])
  expect([fresh.statusCode, fresh.body.role, again.statusCode]).toEqual([200, null, 404])
})

test('looking as somebody else shows what he sees, changes nothing and is on record under the real name', async () => {
  const admin = world.asAdmin()
  await admin.post('/view-as', { userId: 'Manager' })

  const me = await admin.get('/me')
  const list = await admin.get('/people')
  const change = await admin.post('/sync', {})
  await admin.send('DELETE', '/view-as')
  const after = await admin.get('/me')
  const { rows } = (await admin.get('/audit?action=rights.view-began')).body

  expect(me.body).toMatchObject({ userId: 'Manager', role: 'storeManager', viewer: { userId: 'TestAdmin' } })
  expect(list.body.people).toHaveLength(2)
  expect([change.statusCode, change.body.error.code]).toEqual([403, 'VIEW_ONLY'])
  expect(after.body).toMatchObject({ userId: 'TestAdmin', viewer: null })
  expect(rows).toMatchObject([{ actor: { userId: 'TestAdmin' }, target: 'Manager' }])
})

test('a store manager who leaves the corp is out within five seconds of the event', async () => {
  const manager = world.asAdmin('Manager')
  expect((await manager.get('/me')).statusCode).toBe(200)

  await world.wecom.act('deleteMember', { userId: 'Manager' })
  await world.settle()
  world.clock.advance(5_000)

  expect((await manager.get('/me')).statusCode).toBe(401)
})
