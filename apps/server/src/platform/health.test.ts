import { test } from '@guidebar/testkit'
import { describe, expect } from 'vitest'

test('whoever has no ops token learns nothing about readiness', async ({ world }) => {
  const browser = world.newBrowser()
  const authorization = `Bearer ${world.config.opsToken}`

  const answers = [
    await browser.get('/readyz'),
    await browser.get('/readyz', { headers: { authorization: 'Bearer wrong' } }),
    await browser.get('/readyz', { headers: { authorization } }),
  ]

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 200])
  expect(answers[2]?.body).toEqual({ status: 'ready', storage: true, wecom: true })
})

test('without the database the server lives but is not ready, and says so on every call', async ({ world }) => {
  const guide = await world.addGuide()
  const [browser, authorization] = [await world.browserOf(guide), `Bearer ${world.config.opsToken}`]
  await world.db.close()

  const [alive, ready, call] = [
    await browser.get('/livez'),
    await browser.get('/readyz', { headers: { authorization } }),
    await browser.get('/api/sidebar/tag-groups'),
  ]

  expect([alive.statusCode, ready.statusCode]).toEqual([200, 503])
  expect([call.statusCode, call.body.error.code]).toEqual([503, 'STORAGE_UNAVAILABLE'])
  const page = await browser.get('/sidebar/')
  expect([page.statusCode, page.text.includes('数据库没有响应')]).toEqual([503, true])
  await world.db.openUri(world.config.mongodbUri ?? '')
})

test("WeCom's proof of the domain is served as it was given", async ({ world }) => {
  const response = await world.newBrowser('').get('/WW_verify_pYtGz1kq.txt')

  expect([response.statusCode, response.text]).toEqual([200, 'pYtGz1kq'])
})

test('the reference lists the calls and is served under a policy of its own', async ({ world }) => {
  const browser = world.newBrowser()

  const [page, list] = [await browser.get('/reference/'), await browser.get('/reference/json')]

  expect([page.statusCode, page.headers.get('content-security-policy')]).toEqual([
    200,
    expect.stringContaining("frame-ancestors 'none'"),
  ])
  expect(list.body.paths['/api/sidebar/context'].get.security).toEqual([{ guide: [] }])
  expect(list.body.paths['/open/v1/orders'].post.security).toEqual([{ key: [] }])
})

describe('switched off', () => {
  test.override({ worldOptions: { env: { API_REFERENCE: 'off' } } })

  test('the reference is not there', async ({ world }) => {
    expect((await world.newBrowser().get('/reference/')).statusCode).toBe(404)
  })
})
