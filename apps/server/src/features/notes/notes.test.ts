import { randomUUID } from 'node:crypto'

import { consentVersion, type WriteNote } from '@guidebar/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'

let world: SellingWorld
let mine: string
let shared: string

beforeAll(async () => {
  world = await startSelling()
  await world.addAdmin()
  mine = await world.addCustomerOf(world.guide)
  const { customer } = await world.follow({ guide: world.guide })
  await world.follow({ guide: world.colleague, customer })
  shared = customer.externalUserId
}, 60_000)
afterAll(() => world.close())

const note = (change: Partial<WriteNote> = {}): WriteNote => ({
  key: randomUUID(),
  text: '喜欢白色',
  visibility: 'own',
  sensitive: false,
  ...change,
})
const write = (customer: string, change: Partial<WriteNote> = {}, guide: { userId: string } = world.guide) =>
  world.as(guide).post(`/customers/${customer}/notes`, note(change))
const list = (customer: string, guide: { userId: string } = world.guide, query = '') =>
  world.as(guide).get(`/customers/${customer}/notes${query}`)
const texts = (response: { body: { notes: { text: string | null }[] } }) => response.body.notes.map(({ text }) => text)

test('a note is written once for each key, and listed newest first in pages', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const first = note({ text: '第一条', chips: ['有宝宝'] })
  const post = () => world.as(world.guide).post(`/customers/${customer}/notes`, first)
  const [one, again] = [await post(), await post()]
  world.clock.advance(1_000)
  await write(customer, { text: '第二条' })

  const page = await list(customer, world.guide, '?limit=1')
  const rest = await list(customer, world.guide, `?limit=1&before=${page.body.next}`)

  expect(one.statusCode).toBe(200)
  expect(again.body).toEqual(one.body)
  expect([...texts(page), ...texts(rest)]).toEqual(['第二条', '第一条'])
  expect(rest.body).toMatchObject({ next: null, consentVersion })
  const other = await world.as(world.guide).post(`/customers/${customer}/notes`, { ...first, text: '别的' })
  expect(other.body.error.code).toBe('IDEMPOTENCY_MISMATCH')
})

test('colleagues who serve the same customer read what is for all, not what is for the store or oneself', async () => {
  await write(shared, { text: '给自己' })
  await write(shared, { text: '给门店', visibility: 'store' })
  await write(shared, { text: '给大家', visibility: 'corp' })

  const own = await list(shared)
  const theirs = await list(shared, world.colleague)

  expect(texts(own)).toHaveLength(3)
  expect(texts(theirs)).toEqual(['给大家'])
  expect(theirs.body.notes[0]).toMatchObject({ byName: world.guide.name, isMine: false })
})

test('only the author changes or removes a note', async () => {
  const { body } = await write(shared, { text: '原话', visibility: 'corp' })
  const path = `/customers/${shared}/notes/${body.id}`
  const change = { text: '改过', visibility: 'corp', sensitive: false }

  const refused = [await world.as(world.colleague).put(path, change), await world.as(world.colleague).delete(path)]
  const changed = await world.as(world.guide).put(path, change)
  const removed = await world.as(world.guide).delete(path)

  expect(refused.map(({ statusCode }) => statusCode)).toEqual([404, 404])
  expect(changed.body.text).toBe('改过')
  expect(removed.statusCode).toBe(204)
  expect((await world.as(world.guide).delete(path)).statusCode).toBe(404)
  expect(await world.db.collection('notes').findOne({ externalUserId: shared, text: '改过' })).toBeNull()
})

test('a sensitive note needs consent, hides its words, and every look goes on record', async () => {
  const secret = { text: '怀孕五个月', sensitive: true, visibility: 'corp' } as const
  const without = await write(shared, secret)
  const { body } = await write(shared, { ...secret, consentVersion })
  const path = `/customers/${shared}/notes/${body.id}/reveal`

  const listed = (await list(shared)).body.notes.find(({ id }: { id: string }) => id === body.id)
  const byAuthor = await world.as(world.guide).post(path)
  const byColleague = await world.as(world.colleague).post(path)
  const timeline = await world.as(world.guide).get(`/customers/${shared}/timeline?kinds=noted`)

  expect([without.statusCode, without.body.error.code]).toEqual([422, 'CONSENT_REQUIRED'])
  expect(listed).toMatchObject({ text: null, sensitive: true })
  expect(byAuthor.body.text).toBe('怀孕五个月')
  expect(byColleague.statusCode).toBe(403)
  expect(timeline.text).not.toContain('怀孕')
  const looks = await world.db
    .collection('auditRows')
    .find({ action: 'note.sensitive-read', target: body.id })
    .toArray()
  expect(looks).toMatchObject([{ actorUserId: world.guide.userId, corpId: world.corpId }])
})

test('a customer of nobody, of a colleague or of another corp has no notes for this guide', async () => {
  const foreign = [await world.addCustomerOf(world.colleague), await world.addCustomerOf(world.foreigner), 'wmNobody']
  for (const customer of foreign) {
    const answers = [
      await list(customer),
      await write(customer),
      await world.as(world.guide).post(`/customers/${customer}/notes/${'a'.repeat(24)}/reveal`),
    ]
    expect(answers.map(({ body }) => body.error.code)).toEqual(Array(3).fill('RELATION_NOT_FOUND'))
  }
})

test('shapes are strict: too long, unknown fields, nothing but blanks', async () => {
  for (const change of [{ text: 'x'.repeat(501) }, { text: '  ' }, { userId: 'me' }, { chips: Array(11).fill('a') }])
    expect((await write(mine, change as never)).statusCode).toBe(400)
})

const dueIn = (minutes: number) => new Date(world.now().getTime() + minutes * 60_000).toISOString()
const told = async (words: string) =>
  (await world.wecom.messages()).filter((message) => JSON.stringify(message).includes(words)).length

test('a guide is reminded at the due moment, exactly once, whoever asks and how often', async () => {
  await write(mine, { text: '问问壳子合不合适', followUpAt: dueIn(30) })
  const { followUps } = world.services.panel

  await followUps.remindDue()
  const early = await told('问问壳子')
  world.clock.advance(30 * 60_000)
  await Promise.all([followUps.remindDue(), world.twin.panel.followUps.remindDue(), followUps.remindDue()])
  await followUps.remindDue()

  expect([early, await told('问问壳子')]).toEqual([0, 1])
})

test('the reminder is written in the language the guide reads', async () => {
  const customer = await world.addCustomerOf(world.colleague)
  const choose = (language: string) => world.as(world.colleague).put('/language', { language })
  const answers = [await choose('en'), await choose('en'), await choose('fr')]
  await write(customer, { text: 'Fits the case?', followUpAt: dueIn(5) }, world.colleague)
  world.clock.advance(5 * 60_000)

  await world.services.panel.followUps.remindDue()

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204, 400])
  const [message] = await world.wecom.messages({ userId: world.colleague.userId, limit: 1 })
  expect(JSON.stringify(message?.content)).toMatch(/Follow-up .*: Fits the case\?/)
})

test('postponed it reminds again at the new moment, done it does not', async () => {
  const path = `/customers/${mine}/follow-ups`
  const { body } = await world.as(world.guide).post(path, { key: randomUUID(), text: '约到店', dueAt: dueIn(10) })
  world.clock.advance(10 * 60_000)
  await world.services.panel.followUps.remindDue()

  const later = await world.as(world.guide).post(`/follow-ups/${body.id}/postpone`, { dueAt: dueIn(60) })
  const between = await world.services.panel.followUps.remindDue()
  world.clock.advance(60 * 60_000)
  await world.services.panel.followUps.remindDue()
  const done = await world.as(world.guide).post(`/follow-ups/${body.id}/done`)
  const again = await world.as(world.guide).post(`/follow-ups/${body.id}/done`)

  expect([later.statusCode, between, await told('约到店')]).toEqual([200, 0, 2])
  expect([done.body.state, again.body.state]).toEqual(['done', 'done'])
  const open = await world.as(world.guide).get(`/follow-ups?externalUserId=${mine}`)
  expect(JSON.stringify(open.body)).not.toContain('约到店')
})

test('with WeCom away the reminder waits for the next try', async () => {
  await write(mine, { text: '等网络', followUpAt: dueIn(5) })
  world.clock.advance(5 * 60_000)
  await world.wecom.changeSettings({ outage: 'status500' })
  await world.services.panel.followUps.remindDue()
  await world.wecom.changeSettings({ outage: 'none' })
  const before = await told('等网络')
  world.clock.advance(60_000)

  for (let tries = 0; tries < 20 && (await told('等网络')) === 0; tries++) {
    await world.services.panel.followUps.remindDue()
    world.clock.advance(30_000)
  }

  expect([before, await told('等网络')]).toEqual([0, 1])
})

test('a follow-up is its guide’s alone, and in the future', async () => {
  const path = `/customers/${mine}/follow-ups`
  const { body } = await world.as(world.guide).post(path, { key: randomUUID(), text: '', dueAt: dueIn(600) })

  const answers = [
    await world.as(world.colleague).post(`/follow-ups/${body.id}/done`),
    await world.as(world.colleague).post(`/follow-ups/${body.id}/postpone`, { dueAt: dueIn(60) }),
    await world.as(world.colleague).post(path, { key: randomUUID(), text: '', dueAt: dueIn(60) }),
    await world.as(world.guide).post(path, { key: randomUUID(), text: '', dueAt: dueIn(-1) }),
  ]

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 400])
})
