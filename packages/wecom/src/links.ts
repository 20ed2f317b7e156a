import { createHash } from 'node:crypto'

/**
 * Signs a page for `wx.config` (corp ticket) or `wx.agentConfig` (app ticket).
 * The caller must have checked that the page is ours, or we sign for anybody.
 * @param input `url` as the browser shows it, query included; `#` and the rest are cut off here. `timestamp` in Unix
 *   seconds; it and `nonce` go to the page unchanged
 * @returns 40 lower-case hex digits
 * @see https://developer.work.weixin.qq.com/document/path/90506
 */
export function jsSignature(input: { ticket: string; url: string; nonce: string; timestamp: number }): string {
  const url = input.url.split('#', 1)[0] ?? ''
  const text = `jsapi_ticket=${input.ticket}&noncestr=${input.nonce}&timestamp=${input.timestamp}&url=${url}`
  return createHash('sha1').update(text).digest('hex')
}

export const wecomOrigins = {
  api: 'https://qyapi.weixin.qq.com',
  oauth: 'https://open.weixin.qq.com',
  login: 'https://login.work.weixin.qq.com',
} as const

interface SignIn {
  corpId: string
  agentId: number
  /** Where WeCom sends `code` and `state`; its host must be a trusted domain of the app (50001). */
  redirectUri: string
  /** Letters and digits, at most 128; random and bound to the browser. */
  state: string
  /** Another origin than WeCom's, for an emulator. */
  origin?: string
}

/**
 * Where a page inside WeCom goes to learn which member looks at it. The code that comes back is good once, 5 minutes.
 * @param input `scope` `snsapi_base` is silent; `snsapi_privateinfo` asks the member
 * @see https://developer.work.weixin.qq.com/document/path/91022
 */
export function oauthUrl(input: SignIn & { scope?: 'snsapi_base' | 'snsapi_privateinfo' }): string {
  const url = new URL('/connect/oauth2/authorize', input.origin ?? wecomOrigins.oauth)
  url.search = new URLSearchParams({
    appid: input.corpId,
    redirect_uri: input.redirectUri,
    response_type: 'code',
    scope: input.scope ?? 'snsapi_base',
    state: checkedState(input.state),
    agentid: String(input.agentId),
  }).toString()
  url.hash = 'wechat_redirect'
  return url.href
}

/**
 * Where a desktop browser goes to show the sign-in QR code; the code that comes back is exchanged like OAuth's.
 * @see https://developer.work.weixin.qq.com/document/path/98152
 */
export function qrLoginUrl(input: SignIn & { lang?: 'zh' | 'en' }): string {
  const url = new URL('/wwlogin/sso/login', input.origin ?? wecomOrigins.login)
  url.search = new URLSearchParams({
    login_type: 'CorpApp',
    appid: input.corpId,
    agentid: String(input.agentId),
    redirect_uri: input.redirectUri,
    state: checkedState(input.state),
    ...(input.lang && { lang: input.lang }),
  }).toString()
  return url.href
}

function checkedState(state: string): string {
  if (!/^[A-Za-z0-9]{1,128}$/.test(state)) throw new TypeError('state: 1 to 128 letters and digits')
  return state
}
