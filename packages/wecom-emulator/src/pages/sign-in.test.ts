import { beforeEach, describe, expect, test } from 'vitest'
import { corpId, lina, useEmulator } from '../test-support.ts'

const emulator = useEmulator()
const target = 'http://127.0.0.1:4600/sidebar/auth/callback'

beforeEach(() => emulator.control.changeSettings({ trustedDomains: ['127.0.0.1:4600'] }))

function oauthUrl(change: Record<string, string> = {}) {
  const query = {
    appid: corpId,
    redirect_uri: target,
    response_type: 'code',
    scope: 'snsapi_base',
    state: 'abc123',
    agentid: '1000014',
    ...change,
  }
  return `${emulator.url}/connect/oauth2/authorize?${new URLSearchParams(query).toString()}`
}
const open = (url: string, clientUser?: string) =>
  fetch(url, {
    redirect: 'manual',
    headers: clientUser ? { cookie: `a=b; wecom_client_user=${encodeURIComponent(clientUser)}` } : {},
  })
const codeOf = (response: Response) =>
  new URL(response.headers.get('location') ?? 'http://none').searchParams.get('code') ?? ''

describe('OAuth in the client', () => {
  test('goes back at once with code and state, and the code names the member once', async () => {
    const response = await open(oauthUrl(), 'linxiaomei')

    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toMatch(
      /^http:\/\/127\.0\.0\.1:4600\/sidebar\/auth\/callback\?code=\w{43}&state=abc123$/,
    )
    const code = codeOf(response)
    expect(await emulator.get(`auth/getuserinfo?code=${code}`)).toEqual({
      errcode: 0,
      errmsg: 'ok',
      userid: 'LinXiaoMei',
    })
    expect((await emulator.get(`auth/getuserinfo?code=${code}`)).errcode).toBe(40029)
  })

  test('gives a code that lives five minutes', async () => {
    const code = codeOf(await open(oauthUrl(), 'LinXiaoMei'))
    await emulator.control.advanceClock(301)

    expect((await emulator.get(`auth/getuserinfo?code=${code}`)).errcode).toBe(40029)
  })

  test('gives a customer no userid', async () => {
    const code = codeOf(await open(oauthUrl(), lina))

    const answer = await emulator.get(`auth/getuserinfo?code=${code}`)

    expect(answer).toMatchObject({ errcode: 0, external_userid: lina })
    expect('userid' in answer).toBe(false)
  })

  test('outside the client, or for somebody who left, shows a page and redirects nowhere', async () => {
    const outside = await open(oauthUrl())
    expect(outside.status).toBe(200)
    expect(await outside.text()).toContain('请在企业微信客户端打开链接')

    await emulator.control.act('deleteMember', { userId: 'LinXiaoMei' })
    expect((await open(oauthUrl(), 'LinXiaoMei')).headers.get('location')).toBeNull()
  })

  test.each([
    ['another port', { redirect_uri: 'http://127.0.0.1:4601/x' }, '50001'],
    ['a sub-domain', { redirect_uri: 'http://a.127.0.0.1.example:4600/x' }, '50001'],
    ['no address', { redirect_uri: 'javascript:alert(1)' }, '50001'],
    ['another corp', { appid: 'wwOther' }, '40013'],
    ['a state with signs', { state: 'a"><b' }, '40058'],
    ['another app', { agentid: '7' }, '40056'],
  ])('refuses %s with a page', async (_name, change, errcode) => {
    const response = await open(oauthUrl(change), 'LinXiaoMei')

    expect(response.headers.get('location')).toBeNull()
    expect(await response.text()).toContain(`data-errcode="${errcode}"`)
  })
})

describe('QR sign-in', () => {
  const qrUrl = (change: Record<string, string> = {}) =>
    `${emulator.url}/wwlogin/sso/login?${new URLSearchParams({ login_type: 'CorpApp', appid: corpId, agentid: '1000014', redirect_uri: target, state: 'xyz', ...change }).toString()}`

  test('lists members as buttons that carry the whole request on', async () => {
    const page = await (await open(qrUrl())).text()

    expect(page).toContain('<button name="as" value="LinXiaoMei">林小美')
    expect(page).toContain(`<input type="hidden" name="redirect_uri" value="${target}">`)
  })

  test('goes back with a code of the member picked', async () => {
    const response = await open(qrUrl({ as: 'ChenJie' }))

    expect(response.headers.get('location')).toContain('state=xyz')
    expect((await emulator.get(`auth/getuserinfo?code=${codeOf(response)}`)).userid).toBe('ChenJie')
  })

  test('refuses members out of range and foreign domains', async () => {
    await emulator.control.changeSettings({ visibleRange: { userIds: ['LinXiaoMei'], departmentIds: [] } })

    expect(await (await open(qrUrl({ as: 'ChenJie' }))).text()).toContain('data-errcode="50002"')
    expect(await (await open(qrUrl({ redirect_uri: 'http://evil.example/' }))).text()).toContain('data-errcode="50001"')
  })

  test('shows names as text, whatever they hold', async () => {
    await emulator.control.load({
      members: [{ userId: 'x', name: '<img src=x onerror=alert(1)>', departmentIds: [1] }],
    })

    expect(await (await open(qrUrl())).text()).not.toContain('<img')
  })
})
