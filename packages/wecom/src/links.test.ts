import { expect, test } from 'vitest'
import { jsSignature, oauthUrl, qrLoginUrl } from './links.ts'
import { redactUrl } from './redact.ts'
import { readJson } from './test-support/fixtures.ts'

const signIn = {
  corpId: 'ww5f2a9c31d7be4608',
  agentId: 1000014,
  redirectUri: 'https://guide.example.com/sidebar/auth/callback?a=1&b=二',
  state: 'abc123',
}

test("WeCom's worked example of the page signature comes out", () => {
  const { input, signature } = readJson('jssdk.signature.known-answer.json')
  const { ticket, url, timestamp, nonceStr: nonce } = input

  expect(jsSignature({ ticket, url, timestamp, nonce })).toBe(signature)
  expect(jsSignature({ ticket, url: `${url}#/customer/1?x=#y`, timestamp, nonce })).toBe(signature)
})

test('the OAuth address ends in its fragment and names the app', () => {
  expect(oauthUrl(signIn)).toBe(
    'https://open.weixin.qq.com/connect/oauth2/authorize?appid=ww5f2a9c31d7be4608&redirect_uri=https%3A%2F%2Fguide.example.com%2Fsidebar%2Fauth%2Fcallback%3Fa%3D1%26b%3D%E4%BA%8C&response_type=code&scope=snsapi_base&state=abc123&agentid=1000014#wechat_redirect',
  )
})

test('the QR address goes to the origin it is given and has no fragment', () => {
  const url = new URL(qrLoginUrl({ ...signIn, origin: 'http://127.0.0.1:4700', lang: 'zh' }))

  expect(url.origin + url.pathname).toBe('http://127.0.0.1:4700/wwlogin/sso/login')
  expect(Object.fromEntries(url.searchParams)).toEqual({
    login_type: 'CorpApp',
    appid: signIn.corpId,
    agentid: '1000014',
    redirect_uri: signIn.redirectUri,
    state: 'abc123',
    lang: 'zh',
  })
  expect(url.hash).toBe('')
})

test.each(['', 'a b', 'a&b=c', 'x'.repeat(129)])('the state %j is refused', (state) => {
  expect(() => oauthUrl({ ...signIn, state })).toThrow(TypeError)
})

test('secrets of an address do not reach a log', () => {
  const url = 'https://qyapi.weixin.qq.com/cgi-bin/gettoken?corpid=ww5&corpsecret=S3cret-_x&access_token=T0ken#x'

  expect(redactUrl(`GET ${url} failed`)).toBe(
    'GET https://qyapi.weixin.qq.com/cgi-bin/gettoken?corpid=ww5&corpsecret=***&access_token=***#x failed',
  )
})
