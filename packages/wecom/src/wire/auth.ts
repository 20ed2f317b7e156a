import { Type, type Static } from 'typebox'
import { answer, statusRequired } from './common.ts'

/** @see https://developer.work.weixin.qq.com/document/path/91039 */
export const GetTokenRequest = Type.Object({ corpid: Type.String(), corpsecret: Type.String() })
export type GetTokenRequest = Static<typeof GetTokenRequest>

export const GetTokenAnswer = answer({
  access_token: Type.String({ minLength: 1, maxLength: 2048 }),
  /** Seconds; usually 7200. */
  expires_in: Type.Integer({ minimum: 1 }),
})
export type GetTokenAnswer = Static<typeof GetTokenAnswer>

/** `get_jsapi_ticket` has no argument, `ticket/get` has `type=agent_config`; both answer alike. */
export const TicketGetRequest = Type.Object({ type: Type.Optional(Type.Literal('agent_config')) })
export type TicketGetRequest = Static<typeof TicketGetRequest>

/** @see https://developer.work.weixin.qq.com/document/path/90506 */
export const TicketAnswer = answer({
  ticket: Type.String({ minLength: 1, maxLength: 2048 }),
  /** Seconds; usually 7200. */
  expires_in: Type.Integer({ minimum: 1 }),
})
export type TicketAnswer = Static<typeof TicketAnswer>

/** @see https://developer.work.weixin.qq.com/document/path/91023 */
export const GetUserInfoRequest = Type.Object({ code: Type.String({ minLength: 1, maxLength: 512 }) })
export type GetUserInfoRequest = Static<typeof GetUserInfoRequest>

/** A member has `userid`; anybody else has `openid`, and `external_userid` when a guide in range serves that person. */
export const GetUserInfoAnswer = answer({
  ...statusRequired,
  userid: Type.Optional(Type.String()),
  user_ticket: Type.Optional(Type.String()),
  openid: Type.Optional(Type.String()),
  external_userid: Type.Optional(Type.String()),
})
export type GetUserInfoAnswer = Static<typeof GetUserInfoAnswer>

/** Where callbacks come from: single addresses, ranges with `*`, or CIDR. */
export const GetCallbackIpAnswer = answer({ ip_list: Type.Array(Type.String()) })
export type GetCallbackIpAnswer = Static<typeof GetCallbackIpAnswer>
