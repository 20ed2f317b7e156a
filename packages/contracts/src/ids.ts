import { Type } from 'typebox'

/** WeCom corp id, as the admin console shows it. */
export const CorpId = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })
/** A guide: WeCom `userid`, 1 to 64 characters. */
export const UserId = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9][A-Za-z0-9_@.-]*$' })
/** A customer: WeCom `external_userid`, opaque and case-sensitive. */
export const ExternalUserId = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })
/** A customer group: WeCom `chat_id`, opaque and case-sensitive. */
export const ChatId = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })
/** A corp tag: WeCom tag id, opaque. */
export const TagId = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })
/** An id of our own: 24 hexadecimal digits, as MongoDB makes them. */
export const ObjectIdText = Type.String({ pattern: '^[0-9a-f]{24}$' })
/** A moment on the wire: ISO 8601 in UTC. */
export const Moment = Type.String({ minLength: 20, maxLength: 30, pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$' })
/** A key the page makes once for one intent, so that a repeat finds the first answer. */
export const IdempotencyKey = Type.String({ minLength: 8, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })
/** The short random text in a card's path that credits the sale; says nothing by itself. */
export const AttributionToken = Type.String({ minLength: 12, maxLength: 32, pattern: '^[A-Za-z0-9_-]+$' })
