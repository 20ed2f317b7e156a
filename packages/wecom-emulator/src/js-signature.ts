import { createHash } from 'node:crypto'
import type { JsSignatureInput, JsSignatureVerdict } from './control-contract.ts'
import type { TicketKind } from './state/credential.store.ts'
import type { World } from './state/world.ts'

const sign = (ticket: string, { nonceStr, timestamp }: JsSignatureInput, url: string) =>
  createHash('sha1')
    .update(`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`)
    .digest('hex')

const refuse = (errcode: number, message: string, reason: string): JsSignatureVerdict => ({
  ok: false,
  errcode,
  message,
  reason,
})

/**
 * Judges the signature of a page as the client's server does: corp, app, domain, then the signature over the page's
 * exact address without its fragment.
 * @see https://developer.work.weixin.qq.com/document/path/90506
 */
export function verifyJsSignature(world: World, input: JsSignatureInput): JsSignatureVerdict {
  const { corp, agent, trustedDomains } = world.settings
  if (input.corpId !== corp.corpId) return refuse(40013, 'invalid corpid', 'the corpid is not the one logged in')
  if (input.kind === 'agentConfig' && String(input.agentId) !== String(agent.agentId)) {
    return refuse(301002, 'invalid agentid', 'the agentid is not the app of this corp')
  }
  const url = input.url.split('#')[0] ?? ''
  if (!isTrustedPage(url, trustedDomains)) {
    return refuse(
      80001,
      'not match any reliable domain',
      `${hostOf(url) ?? 'the address'} is no trusted domain of the app`,
    )
  }
  if (!/^\d{10}$/.test(String(input.timestamp)))
    return refuse(40093, 'invalid signature', 'the timestamp is not in seconds')

  const wanted: TicketKind = input.kind === 'agentConfig' ? 'agent' : 'corp'
  const isSignedWith = (kind: TicketKind) =>
    world.credentials.liveTickets(kind).some((ticket) => sign(ticket, input, url) === input.signature)
  if (isSignedWith(wanted)) return { ok: true }
  if (isSignedWith(wanted === 'agent' ? 'corp' : 'agent')) {
    return refuse(
      40093,
      'invalid signature',
      `signed with the wrong kind of ticket: ${input.kind} needs the ${wanted} ticket`,
    )
  }
  return refuse(
    40093,
    'invalid signature',
    'wrong url, nonce, timestamp or ticket: none of the live tickets gives this signature',
  )
}

function hostOf(url: string): string | null {
  try {
    return new URL(url).host
  } catch {
    return null
  }
}

/** JS calls also work on sub-domains of a trusted domain; a port, where one is set, must be the same. */
function isTrustedPage(url: string, domains: readonly string[]): boolean {
  const host = hostOf(url)
  return host !== null && domains.some((domain) => host === domain || host.endsWith(`.${domain}`))
}
