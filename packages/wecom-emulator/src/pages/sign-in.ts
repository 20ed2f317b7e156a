import type { MemberRecord } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { escapeHtml, type PageAnswer, type RedirectAnswer, toPage, toRefusal } from './html.ts'
import { text } from './text.zh-CN.ts'

/** Says which member (or customer, in WeChat) is logged in to the pretend client; cookies ignore ports. */
export const CLIENT_USER_COOKIE = 'wecom_client_user'

type Answer = PageAnswer | RedirectAnswer

const isActive = (member: MemberRecord | undefined): member is MemberRecord => member?.status === 1

/** Host and port must equal one of the domains; protocol and path do not matter. */
function checkTarget(
  world: World,
  query: URLSearchParams,
  domains: readonly string[],
): { target: URL } | { refusal: PageAnswer } {
  if (query.get('appid') !== world.settings.corp.corpId) return { refusal: toRefusal(40013, text.errors.appid) }
  const redirectUri = query.get('redirect_uri') ?? ''
  if (!/^https?:\/\//i.test(redirectUri) || !URL.canParse(redirectUri))
    return { refusal: toRefusal(50001, text.errors.redirectUri) }
  const target = new URL(redirectUri)
  if (!domains.includes(target.host)) return { refusal: toRefusal(50001, text.errors.untrusted(target.host)) }
  if (!/^[A-Za-z0-9]{0,128}$/.test(query.get('state') ?? '')) return { refusal: toRefusal(40058, text.errors.state) }
  return { target }
}

function toRedirect(target: URL, code: string, state: string | null): RedirectAnswer {
  target.searchParams.set('code', code)
  if (state !== null) target.searchParams.set('state', state)
  return { location: target.href }
}

/**
 * The silent sign-in of a page opened inside the client.
 * @param clientUser userid or external id from the cookie; null outside the client
 * @see https://developer.work.weixin.qq.com/document/path/91022
 */
export function authorize(world: World, query: URLSearchParams, clientUser: string | null): Answer {
  const checked = checkTarget(world, query, world.settings.trustedDomains)
  if ('refusal' in checked) return checked.refusal
  if (query.get('response_type') !== 'code') return toRefusal(40058, text.errors.responseType)
  const scope = query.get('scope')
  if (scope !== 'snsapi_base' && scope !== 'snsapi_privateinfo') return toRefusal(40058, text.errors.scope)
  const agentId = query.get('agentid')
  const needsAgent = scope === 'snsapi_privateinfo' || agentId !== null
  if (needsAgent && agentId !== String(world.settings.agent.agentId)) return toRefusal(40056, text.errors.agent)

  const member = clientUser === null ? undefined : world.directory.find(clientUser)
  const isCustomer = clientUser !== null && world.relations.customers.has(clientUser)
  if (!isActive(member) && !isCustomer) {
    return { html: toPage(text.notInClient, `<p data-errcode="not-in-client">${text.notInClientHint}</p>`) }
  }
  if (scope === 'snsapi_privateinfo' && member && !world.directory.isVisible(member))
    return toRefusal(50002, text.errors.outOfRange)
  const code = world.credentials.issueCode(member?.userId ?? clientUser ?? '', scope)
  return toRedirect(checked.target, code, query.get('state'))
}

/**
 * The sign-in of a desktop browser: a person picks the member whose phone would scan the code.
 * `as` picks at once, for scripts.
 * @see https://developer.work.weixin.qq.com/document/path/98152
 */
export function qrLogin(world: World, query: URLSearchParams): Answer {
  const checked = checkTarget(world, query, world.settings.loginDomains ?? world.settings.trustedDomains)
  if ('refusal' in checked) return checked.refusal
  if (query.get('login_type') !== 'CorpApp') return toRefusal(40058, text.errors.loginType)
  if (query.get('agentid') !== String(world.settings.agent.agentId)) return toRefusal(40056, text.errors.agent)

  const picked = query.get('as')
  if (picked !== null) {
    const member = world.directory.find(picked)
    if (!isActive(member)) return toRefusal(60111, text.errors.unknownMember)
    if (!world.directory.isVisible(member)) return toRefusal(50002, text.errors.outOfRange)
    return toRedirect(checked.target, world.credentials.issueCode(member.userId, 'snsapi_base'), query.get('state'))
  }
  const members = [...world.directory.members.values()].filter(
    (member) => isActive(member) && world.directory.isVisible(member),
  )
  return { html: toPage(text.qrTitle, toMemberForm(query, members.slice(0, 500))) }
}

function toMemberForm(query: URLSearchParams, members: readonly MemberRecord[]): string {
  if (members.length === 0) return `<p>${text.qrEmpty}</p>`
  const hidden = [...query].map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  )
  const buttons = members.map(
    (member) =>
      `<li><button name="as" value="${escapeHtml(member.userId)}">${escapeHtml(member.name)} <small>${escapeHtml(`${member.position} ${member.userId}`.trim())}</small></button></li>`,
  )
  return `<p>${text.qrHint}</p><form action="/wwlogin/sso/login" method="get">${hidden.join('')}<ul class="members">${buttons.join('')}</ul></form>`
}
