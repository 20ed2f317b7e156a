import type { GetCallbackIpAnswer, GetTokenAnswer, GetUserInfoAnswer, TicketAnswer } from '@guidebar/wecom/wire'
import { WecomFault } from '../wecom-fault.ts'
import type { Call, DefineEndpoint, Endpoint } from './endpoint.ts'
import { needQuery } from './parameters.ts'
import { isReachable } from './permissions.ts'

/** Token, tickets, sign-in codes and the addresses callbacks come from. */
export const credentialHandlers = (define: DefineEndpoint): Endpoint[] => [
  define<GetTokenAnswer>({ method: 'GET', path: 'gettoken', level: 'full', withoutToken: true, answer: getToken }),
  define<TicketAnswer>({
    method: 'GET',
    path: 'get_jsapi_ticket',
    level: 'full',
    answer: ({ world }) => issueTicket(world, 'corp'),
  }),
  define<TicketAnswer>({
    method: 'GET',
    path: 'ticket/get',
    level: 'full',
    answer({ world, query }) {
      if (query.get('type') !== 'agent_config') throw new WecomFault(91040)
      return issueTicket(world, 'agent')
    },
  }),
  define<GetUserInfoAnswer>({ method: 'GET', path: 'auth/getuserinfo', level: 'partial', answer: getUserInfo }),
  define<GetCallbackIpAnswer>({
    method: 'GET',
    path: 'getcallbackip',
    level: 'full',
    answer: ({ world }) => ({ ip_list: world.settings.callbackIps }),
  }),
]

function getToken({ world, query, ip }: Call): GetTokenAnswer {
  // The live service names the missing secret before it looks at the corpid.
  const secret = needQuery(query, 'corpsecret', 41004)
  const corpId = needQuery(query, 'corpid', 41002)
  world.limits.checkSecretBan(ip)
  const { corp, agent } = world.settings
  if (corpId !== corp.corpId) throw new WecomFault(40013)
  if (secret !== agent.secret) {
    world.limits.countWrongSecret(ip)
    throw new WecomFault(40001)
  }
  const token = world.credentials.issueToken()
  return { access_token: token.value, expires_in: token.expiresInSec }
}

function issueTicket(world: Call['world'], kind: 'corp' | 'agent'): TicketAnswer {
  world.limits.checkTickets()
  const ticket = world.credentials.issueTicket(kind)
  return { ticket: ticket.value, expires_in: ticket.expiresInSec }
}

function getUserInfo({ world, query }: Call): GetUserInfoAnswer {
  const code = world.credentials.redeemCode(needQuery(query, 'code', 41008))
  const member = world.directory.find(code.id)
  if (member) {
    const withTicket = code.scope === 'snsapi_privateinfo' && world.directory.isVisible(member)
    return { userid: member.userId, ...(withTicket && { user_ticket: world.ids.code() }) }
  }
  const customer = world.relations.customers.get(code.id)
  const known = customer?.relations.some((relation) => isReachable(world, relation)) ?? false
  return { openid: `o${code.id.slice(-27)}`, ...(known && { external_userid: code.id }) }
}
