import { passWecom, test, type World } from '@guidebar/testkit'
import { expect } from 'vitest'

import { cookieNames } from '../../platform/cookies.ts'
import { attemptLifeMs } from './sign-in.service.ts'

const locationOf = (response: { headers: Headers }) => response.headers.get('location') ?? ''
const sessionsIn = (world: World) => world.db.collection('sessions').countDocuments()

/** A browser on its way back from WeCom. */
async function comeBack(world: World, userId: string, path = '/sidebar/') {
  const browser = world.newBrowser()
  const start = await browser.get(path)
  return { browser, back: await passWecom(locationOf(start), userId) }
}

test('a guide comes in with a session in a strict cookie and an address without code and state', async ({ world }) => {
  const guide = await world.addGuide()
  const { browser, back } = await comeBack(world, guide.userId)

  const response = await browser.get(back)

  expect([response.statusCode, locationOf(response)]).toEqual([302, '/sidebar/#/'])
  const [cookie = ''] = response.headers.getSetCookie()
  expect(cookie).toMatch(/^__Host-guidebar-guide=[A-Za-z0-9_-]{43};/)
  for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/'])
    expect(cookie.split('; ')).toContain(attribute)
  expect(cookie).not.toMatch(/domain/i)
})

test('the database holds only hashes of what opens a session', async ({ world }) => {
  const guide = await world.addGuide()
  const { browser, back } = await comeBack(world, guide.userId)
  const state = new URL(back).searchParams.get('state') ?? '-'
  const attempts = JSON.stringify(await world.db.collection('signinattempts').find().toArray())
  await browser.get(back)

  const sessions = JSON.stringify(await world.db.collection('sessions').find().toArray())

  expect(attempts).toContain('browserHash')
  expect(attempts).not.toContain(state)
  expect(attempts).not.toContain(browser.cookies.get(cookieNames.signIn)?.split('.')[0])
  expect(sessions).toContain(guide.userId)
  expect(sessions).not.toContain(browser.cookies.get(cookieNames.guide))
})

test('of ten callbacks with one state one makes a session', async ({ world }) => {
  const guide = await world.addGuide()
  const { browser, back } = await comeBack(world, guide.userId)

  const answers = await Promise.all(Array.from({ length: 10 }, () => browser.get(back)))

  expect(answers.filter((answer) => locationOf(answer) === '/sidebar/#/')).toHaveLength(1)
  expect(await sessionsIn(world)).toBe(1)
})

test('a state is good once, also with a fresh code', async ({ world }) => {
  const guide = await world.addGuide()
  const browser = world.newBrowser()
  const start = await browser.get('/sidebar/')
  const [first, second] = [
    await passWecom(locationOf(start), guide.userId),
    await passWecom(locationOf(start), guide.userId),
  ]

  const answers = [await browser.get(first), await browser.get(second)]

  expect(answers.map(locationOf)).toEqual(['/sidebar/#/', expect.stringContaining('/connect/oauth2/authorize')])
  expect(await sessionsIn(world)).toBe(1)
})

test('a callback of another browser makes no session', async ({ world }) => {
  const guide = await world.addGuide()
  const { back } = await comeBack(world, guide.userId)
  const victim = world.newBrowser()
  const began = await comeBack(world, guide.userId)

  const withoutCookie = await victim.get(back)
  const withOtherCookie = await began.browser.get((await comeBack(world, guide.userId)).back)

  expect([withoutCookie.statusCode, withoutCookie.headers.getSetCookie().join()]).toEqual([
    401,
    expect.not.stringContaining('guidebar-guide='),
  ])
  expect(withoutCookie.text).toContain('请从聊天工具栏重新打开')
  expect(locationOf(withOtherCookie)).toContain('/connect/oauth2/authorize')
  expect(await sessionsIn(world)).toBe(0)
})

test('a code that was used is asked for once more, then a page says what to do', async ({ world }) => {
  const guide = await world.addGuide()
  const { browser, back } = await comeBack(world, guide.userId)
  const code = new URL(back).searchParams.get('code') ?? ''
  await world.corp.wecom.auth.getUserInfo(code)

  const second = await browser.get(back)
  const again = new URL(await passWecom(locationOf(second), guide.userId))
  again.searchParams.set('code', code)
  const third = await browser.get(again.href)

  expect(locationOf(second)).toContain('/connect/oauth2/authorize')
  expect(third.statusCode).toBe(401)
  expect(third.text).toContain('登录没有完成')
  expect(third.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(await sessionsIn(world)).toBe(0)
  // Pressing the button is a fresh start.
  expect(locationOf(await browser.get('/sidebar/'))).toContain('/connect/oauth2/authorize')
})

test('a browser that is sent to WeCom again and again is stopped', async ({ world }) => {
  const browser = world.newBrowser()

  const codes = [await browser.get('/sidebar/'), await browser.get('/sidebar/'), await browser.get('/sidebar/')].map(
    (answer) => answer.statusCode,
  )

  expect(codes).toEqual([302, 302, 401])
})

test('a sign-in that took too long starts again', async ({ world }) => {
  const guide = await world.addGuide()
  const browser = world.newBrowser()
  const start = await browser.get('/sidebar/')
  world.clock.advance(attemptLifeMs + 1)

  // The code is a fresh one: only the attempt is too old.
  const response = await browser.get(await passWecom(locationOf(start), guide.userId))

  expect(locationOf(response)).toContain('/connect/oauth2/authorize')
  expect(await sessionsIn(world)).toBe(0)
})

test('each sign-in has a new session, and the old one is dead', async ({ world }) => {
  const guide = await world.addGuide()
  const { browser, back } = await comeBack(world, guide.userId)
  const planted = 'A'.repeat(43)
  browser.cookies.set(cookieNames.guide, planted)
  await browser.get(back)
  const first = browser.cookies.get(cookieNames.guide) ?? ''

  const again = await comeBack(world, guide.userId)
  again.browser.cookies.set(cookieNames.guide, first)
  await again.browser.get(again.back)

  expect(first).not.toBe(planted)
  expect(again.browser.cookies.get(cookieNames.guide)).not.toBe(first)
  const withFirst = world.newBrowser()
  withFirst.cookies.set(cookieNames.guide, first)
  expect((await withFirst.get('/api/sidebar/tag-groups')).statusCode).toBe(401)
})

test('a member without customer contact is told what to ask for', async ({ world }) => {
  const member = await world.addGuide({ customerContact: false })
  const { browser, back } = await comeBack(world, member.userId)

  const response = await browser.get(back)

  expect(response.statusCode).toBe(403)
  expect(response.text).toContain('NOT_A_GUIDE')
  expect(response.text).toContain('客户联系')
  expect(await sessionsIn(world)).toBe(0)
})

test('a member whom no sync has seen yet comes in', async ({ world }) => {
  await world.wecom.load({ members: [{ userId: 'NewGuide', name: '新导购', departmentIds: [2] }] })
  const { browser, back } = await comeBack(world, 'NewGuide')

  const response = await browser.get(back)

  expect(locationOf(response)).toBe('/sidebar/#/')
})

test('a customer is no member', async ({ world }) => {
  const { customer } = await world.follow()
  const { browser, back } = await comeBack(world, customer.externalUserId)

  const response = await browser.get(back)

  expect([response.statusCode, await sessionsIn(world)]).toEqual([403, 0])
  expect(response.text).toContain('仅限企业成员使用')
})

test('WeCom being away is a page with a way back, in the language of the reader', async ({ world }) => {
  const guide = await world.addGuide()
  const { browser, back } = await comeBack(world, guide.userId)
  await world.wecom.changeSettings({ outage: 'status500' })

  const response = await browser.get(back, { headers: { 'accept-language': 'en-GB,en;q=0.9' } })

  expect(response.statusCode).toBe(503)
  expect(response.text).toContain('WeCom does not answer')
  expect(response.text).toContain('WECOM_UNAVAILABLE')
  expect(response.text).toContain('href="/sidebar/"')
  expect(response.text).not.toMatch(/<script/i)
})

test('an admin comes in by QR code, back to where the panel was', async ({ world }) => {
  await world.addAdmin()
  const { browser, back } = await comeBack(world, 'TestAdmin', '/admin/auth/start?to=%2Fadmin%2Fsync')

  const response = await browser.get(back)

  expect(locationOf(response)).toBe('/admin/sync#')
  expect((await browser.get('/api/admin/me')).body).toMatchObject({ userId: 'TestAdmin', name: '管理员' })
  expect(response.headers.getSetCookie()[0]).toMatch(/^__Host-guidebar-admin=.*HttpOnly/)
})

test('an admin may sign in and out, or leave the QR code, as often as he likes', async ({ world }) => {
  await world.addAdmin()
  const browser = world.newBrowser()
  const ends: string[] = []

  for (let time = 0; time < 4; time++) {
    const start = await browser.get('/admin/auth/start')
    if (time % 2 === 0) continue
    ends.push(locationOf(await browser.get(await passWecom(locationOf(start), 'TestAdmin'))))
    await browser.post('/api/admin/logout')
  }

  expect(ends).toEqual(['/admin/#', '/admin/#'])
})

test('inside WeCom an admin needs no QR code', async ({ world }) => {
  const response = await world
    .newBrowser()
    .get('/admin/auth/start', { headers: { 'user-agent': 'Mozilla/5.0 wxwork/4.1.30' } })

  expect(locationOf(response)).toContain('/connect/oauth2/authorize')
})

test('a guide who is no admin stays outside the admin panel', async ({ world }) => {
  const guide = await world.addGuide()
  const { browser, back } = await comeBack(world, guide.userId, '/admin/auth/start')

  const response = await browser.get(back)

  expect([response.statusCode, await sessionsIn(world)]).toEqual([403, 0])
  expect(response.text).toContain('没有管理后台的权限')
})

test('a state of one kind opens no session of the other', async ({ world }) => {
  await world.addAdmin()
  const { browser, back } = await comeBack(world, 'TestAdmin')

  await browser.get(back.replace('/sidebar/', '/admin/'))

  expect(await sessionsIn(world)).toBe(0)
})

test('signing out ends the session on the server and clears what the browser keeps', async ({ world }) => {
  const browser = await world.browserOf(await world.addGuide())
  const session = browser.cookies.get(cookieNames.guide) ?? ''

  const response = await browser.post('/api/sidebar/logout')

  expect(response.statusCode).toBe(204)
  expect(response.headers.get('clear-site-data')).toBe('"cache", "storage"')
  browser.cookies.set(cookieNames.guide, session)
  expect((await browser.get('/api/sidebar/tag-groups')).statusCode).toBe(401)
})
