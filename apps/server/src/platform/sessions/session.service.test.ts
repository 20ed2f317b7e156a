import { test } from '@guidebar/testkit'
import { expect } from 'vitest'

import { cookieNames } from '../cookies.ts'
import { sessionLives } from './session.service.ts'

const minuteMs = 60_000
/** As long as another process's view of a member may be old. */
const directoryDelayMs = 5_000

test('a session ends after the idle time', async ({ world }) => {
  const guide = world.as(await world.addGuide())
  await guide.get('/tag-groups')

  world.clock.advance(sessionLives.guide.idleMs - minuteMs)
  expect((await guide.get('/tag-groups')).statusCode).toBe(200)
  world.clock.advance(sessionLives.guide.idleMs - minuteMs)
  expect((await guide.get('/tag-groups')).statusCode).toBe(200)
  world.clock.advance(sessionLives.guide.idleMs + minuteMs)
  expect((await guide.get('/tag-groups')).statusCode).toBe(401)
})

test('a session in daily use ends after seven days all the same', async ({ world }) => {
  const guide = world.as(await world.addGuide())
  const codes: number[] = []

  for (let hour = 0; hour <= 7 * 24; hour += 6) {
    codes.push((await guide.get('/tag-groups')).statusCode)
    world.clock.advance(6 * 60 * minuteMs)
  }

  expect(codes.slice(0, -1).every((code) => code === 200)).toBe(true)
  expect(codes.at(-1)).toBe(401)
})

test('an admin is asked again after half an hour', async ({ world }) => {
  await world.addAdmin()
  expect((await world.asAdmin().get('/me')).statusCode).toBe(200)

  world.clock.advance(sessionLives.admin.idleMs + 1)

  expect((await world.asAdmin().get('/me')).statusCode).toBe(401)
})

test('a page that asks by itself, with nobody there, does not keep the session', async ({ world }) => {
  await world.addAdmin()
  const ask = () => world.asAdmin().send('GET', '/me', { headers: { 'x-unattended': '1' } })
  await world.asAdmin().get('/me')
  const codes: number[] = []

  for (let half = 0; half < 3; half++) {
    codes.push((await ask()).statusCode)
    world.clock.advance(sessionLives.admin.idleMs / 2 + 1)
  }

  expect([...codes, (await ask()).statusCode]).toEqual([200, 200, 401, 401])
})

test("a guide's session opens no admin panel, although its guide is an admin as well", async ({ world }) => {
  await world.addAdmin({ customerContact: true })
  const browser = await world.browserOf({ userId: 'TestAdmin' })
  const session = browser.cookies.get(cookieNames.guide) ?? ''
  expect((await browser.get('/api/sidebar/tag-groups')).statusCode).toBe(200)

  browser.cookies.set(cookieNames.admin, session)

  expect((await browser.get('/api/admin/me')).statusCode).toBe(401)
})

test('whoever is taken off the list of admins, or out of customer contact, is out', async ({ world }) => {
  const { sessions, guides } = world.services
  const findAs = async (kind: 'guide' | 'admin', key: { corpId: string; userId: string }) => {
    const epoch = (await guides.find(key))?.sessionEpoch ?? 0
    const { corpId, userId } = key
    return sessions.find(kind, await sessions.begin(kind, { corpId, userId }, epoch))
  }
  const [guide, admin] = [await world.addGuide(), await world.addAdmin()]

  expect([await findAs('guide', guide), await findAs('admin', admin)]).not.toContain(null)
  expect([await findAs('admin', guide), await findAs('guide', admin)]).toEqual([null, null])
})

test('a guide who leaves the corp is out within five seconds of the event', async ({ world }) => {
  const guide = await world.addGuide()
  expect((await world.as(guide).get('/tag-groups')).statusCode).toBe(200)

  await world.wecom.act('deleteMember', { userId: guide.userId })
  await world.settle()
  world.clock.advance(directoryDelayMs)

  expect((await world.as(guide).get('/tag-groups')).statusCode).toBe(401)
})

test('a guide who is put back does not get the old session back', async ({ world }) => {
  const guide = await world.addGuide()
  await world.as(guide).get('/tag-groups')

  await world.wecom.act('updateMember', { userId: guide.userId, status: 2 })
  await world.settle()
  await world.wecom.act('updateMember', { userId: guide.userId, status: 1 })
  await world.settle()
  world.clock.advance(directoryDelayMs)

  expect(await world.services.guides.isActive(guide)).toBe(true)
  expect((await world.as(guide).get('/tag-groups')).statusCode).toBe(401)
})

test('another server of the same house knows the session, and its end', async ({ world }) => {
  const twin = await world.startTwin()
  const browser = await world.browserOf(await world.addGuide())
  const askTwin = () => browser.get(`${twin.origin}/api/sidebar/tag-groups`)
  const cookie = browser.cookies.get(cookieNames.guide) ?? ''
  expect((await askTwin()).statusCode).toBe(200)

  await browser.post('/api/sidebar/logout')
  browser.cookies.set(cookieNames.guide, cookie)

  expect((await askTwin()).statusCode).toBe(401)
})

test('requests within a minute write nothing', async ({ world }) => {
  const guide = world.as(await world.addGuide())
  const seenAt = async () => String((await world.db.collection('sessions').findOne())?.['lastSeenAt'])
  await guide.get('/tag-groups')
  const first = await seenAt()

  await guide.get('/tag-groups')
  const afterSeconds = await seenAt()
  world.clock.advance(2 * minuteMs)
  await guide.get('/tag-groups')

  expect(afterSeconds).toBe(first)
  expect(await seenAt()).not.toBe(first)
})

test('what has ended is swept away', async ({ world }) => {
  await world.browserOf(await world.addGuide())
  world.clock.advance(sessionLives.guide.idleMs + minuteMs)
  await world.browserOf(await world.addGuide())

  await world.services.sessions.sweep()

  expect(await world.db.collection('sessions').countDocuments()).toBe(1)
})
