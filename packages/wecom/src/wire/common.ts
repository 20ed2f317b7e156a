import { Type, type Static, type TProperties } from 'typebox'

/** Fields that every answer may carry. A success may come without an errcode, so its absence means success. */
const status = { errcode: Type.Optional(Type.Integer()), errmsg: Type.Optional(Type.String()) }

/** An answer: the status beside the endpoint's own fields. Unknown fields are kept, since WeCom adds some at any time. */
export const answer = <P extends TProperties>(fields: P) => Type.Object({ ...status, ...fields })

/** Unix seconds. */
export const Seconds = Type.Integer({ minimum: 0 })

/** Some samples print a number where another page prints text; both are accepted. */
export const NumberOrText = Type.Union([Type.Integer(), Type.String()])

/** WeCom member id: 1 to 64 bytes, not case-sensitive. */
export const UserId = Type.String({ minLength: 1, maxLength: 64 })

/** Opaque, case-sensitive id such as external_userid, tag id or group id. */
export const OpaqueId = Type.String({ minLength: 1, maxLength: 128 })

/** For answers whose own fields are all optional: there the status alone tells an answer from an empty object. */
export const statusRequired = { errcode: Type.Integer() }

/** The answer of an endpoint that returns nothing but its status. */
export const OkAnswer = answer(statusRequired)
export type OkAnswer = Static<typeof OkAnswer>

/** A refused call. The endpoint's empty lists may stand beside it. */
export const ErrorAnswer = Type.Object({ errcode: Type.Integer(), errmsg: Type.Optional(Type.String()) })
export type ErrorAnswer = Static<typeof ErrorAnswer>
