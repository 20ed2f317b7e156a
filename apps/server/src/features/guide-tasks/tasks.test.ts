import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'

let world: SellingWorld
let cardId: string

beforeAll(async () => {
  world = await startSelling()
  await world.addAdmin()
  cardId = await world.publishCard()
}, 60_000)
afterAll(() => world.close())

const task = (change: object = {}) => ({
  key: randomUUID(),
  title: '回访老客',
  message: '发新品卡',
  content: { type: 'card', cardId },
  userIds: [world.guide.userId],
  storeIds: [],
  externalUserIds: [],
  tagIds: [],
  dueAt: new Date(world.now().getTime() + 86_400_000).toISOString(),
  ...change,
})
const create = (change: object) => world.asAdmin().post('/guide-tasks', task(change))
const mine = async (guide: { userId: string } = world.guide) => (await world.as(guide).get('/guide-tasks')).body.tasks
async function sendCard(customer: string, guide: { userId: string } = world.guide) {
  const body = { externalUserId: customer, key: randomUUID(), content: { type: 'card', cardId } }
  const prepared = await world.as(guide).post('/sends', body)
  const settle = () => world.as(guide).post(`/sends/${prepared.body.sendId}/outcome`, { status: 'client_ok' })
  await settle()
  return settle
}

test('a task names the guide’s own customers, and sending what it asks for does it', async () => {
  const [first, second] = [await world.addCustomerOf(world.guide), await world.addCustomerOf(world.guide)]
  const theirs = await world.addCustomerOf(world.colleague)
  const wanted = task({ externalUserIds: [first, second, theirs], storeIds: ['102'] })
  const made = await world.asAdmin().post('/guide-tasks', wanted)
  const again = await world.asAdmin().post('/guide-tasks', wanted)
  const { id } = made.body

  const settle = await sendCard(first)
  await settle()

  expect(made.body).toMatchObject({ total: 3, done: 0, guides: 2 })
  expect(again.body).toEqual(made.body)
  expect(await mine()).toMatchObject([{ id, title: '回访老客', total: 2, done: 1 }])
  expect(await mine(world.colleague)).toMatchObject([{ id, total: 1, done: 0 }])
  const { body } = await world.as(world.guide).get(`/guide-tasks/${id}/customers`)
  expect(body.customers.map(({ externalUserId }: { externalUserId: string }) => externalUserId)).toEqual([
    second,
    first,
  ])
  expect(body.customers[1].doneAt).not.toBeNull()
  const listed = await world.asAdmin().get('/guide-tasks')
  expect(listed.body.tasks[0]).toMatchObject({ id, total: 3, done: 1 })
})

test('in a chat a guide sees what concerns this customer, done or not', async () => {
  const [first, second] = [await world.addCustomerOf(world.guide), await world.addCustomerOf(world.guide)]
  const other = await world.addCustomerOf(world.guide)
  const { id } = (await create({ key: randomUUID(), externalUserIds: [first, second] })).body
  await sendCard(first)
  const here = async (customer: string) => {
    const { body } = await world.as(world.guide).get(`/guide-tasks?externalUserId=${customer}`)
    return body.tasks.filter((task: { id: string }) => task.id === id)
  }

  expect(await here(first)).toMatchObject([{ total: 1, done: 1 }])
  expect(await here(second)).toMatchObject([{ total: 1, done: 0 }])
  expect(await here(other)).toEqual([])
})

test('customers are chosen by tag, and pages add up', async () => {
  const { customer, tagIds } = await world.follow({ guide: world.guide, tags: ['金卡'] })
  const other = await world.follow({ guide: world.guide, tags: ['金卡'] })
  const { body } = await create({ title: '金卡关怀', tagIds })

  const first = await world.as(world.guide).get(`/guide-tasks/${body.id}/customers?limit=1`)
  const second = await world.as(world.guide).get(`/guide-tasks/${body.id}/customers?limit=1&before=${first.body.next}`)

  const found = [...first.body.customers, ...second.body.customers].map(({ externalUserId }) => externalUserId)
  expect(new Set(found)).toEqual(new Set([customer.externalUserId, other.customer.externalUserId]))
  expect(second.body.next).toBeNull()
})

test('a message to somebody else, of something else or that was cancelled does nothing', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const { body } = await create({ title: '不算数', externalUserIds: [customer] })
  const otherCard = await world.publishCard()
  const prepare = (content: object) =>
    world.as(world.guide).post('/sends', { externalUserId: customer, key: randomUUID(), content })
  const wrong = await prepare({ type: 'card', cardId: otherCard })
  await world.as(world.guide).post(`/sends/${wrong.body.sendId}/outcome`, { status: 'client_ok' })
  const cancelled = await prepare({ type: 'card', cardId })
  await world.as(world.guide).post(`/sends/${cancelled.body.sendId}/outcome`, { status: 'cancelled' })

  const found = (await mine()).find(({ id }: { id: string }) => id === body.id)
  expect(found).toMatchObject({ total: 1, done: 0 })
})

test('tasks that concern nobody, are due before now or name unknown content are refused', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const answers = [
    await create({ externalUserIds: ['wmNobody'] }),
    await create({ externalUserIds: [customer], dueAt: '2020-01-01T00:00:00.000Z' }),
    await create({ externalUserIds: [customer], content: { type: 'card', cardId: 'a'.repeat(24) } }),
    await create({ externalUserIds: [customer], content: { type: 'text' } }),
  ]

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 400, 400, 400])
})

test('the manager of a store gives tasks to its guides alone, and sees no others', async () => {
  const manager = await world.addGuide({ departmentIds: [101] })
  await world.services.rights.assign({ corpId: world.corpId, userId: 'TestAdmin', role: 'owner' }, manager, {
    role: 'storeManager',
    scope: { kind: 'store', departmentIds: [101] },
  })
  const me = world.asAdmin(manager.userId)
  const [ours, theirs] = [await world.addCustomerOf(world.guide), await world.addCustomerOf(world.colleague)]
  const both = { userIds: [world.guide.userId, world.colleague.userId], storeIds: ['101', '102'] }
  const ofCorp = await create({ title: '全企业', ...both, externalUserIds: [ours, theirs] })
  const elsewhere = await create({ title: '越秀店的', storeIds: ['102'], userIds: [], externalUserIds: [theirs] })

  const made = await me.post('/guide-tasks', task({ title: '本店的', ...both, externalUserIds: [ours, theirs] }))
  const notMine = await me.post('/guide-tasks', task({ title: '别店的', storeIds: ['102'], userIds: [] }))
  const { body } = await me.get('/guide-tasks')

  expect(made.body).toMatchObject({ total: 1, guides: 1 })
  expect(notMine.statusCode).toBe(400)
  const listed = new Map(body.tasks.map(({ id, total }: { id: string; total: number }) => [id, total]))
  expect([listed.get(made.body.id), listed.get(ofCorp.body.id)]).toEqual([1, 1])
  expect(listed.has(elsewhere.body.id)).toBe(false)
  expect((await mine(world.colleague)).some(({ title }: { title: string }) => title === '本店的')).toBe(false)
})

test('another guide and another corp see nothing of it', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const { body } = await create({ title: '只给我', externalUserIds: [customer] })

  const path = `/guide-tasks/${body.id}/customers`
  expect((await world.as(world.colleague).get(path)).statusCode).toBe(404)
  expect((await world.foreign.as(world.foreigner).get(path)).statusCode).toBe(404)
  expect((await world.foreign.as(world.foreigner).get('/guide-tasks')).body.tasks).toEqual([])
})
