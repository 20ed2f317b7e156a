import { Type, type Static } from 'typebox'

import { ChatId, Moment } from './ids.ts'

/** A customer group the guide is a member of. */
export const GroupView = Type.Object({
  chatId: ChatId,
  /** Empty when nobody named it. */
  name: Type.String(),
  ownerName: Type.String(),
  isOwner: Type.Boolean(),
  members: Type.Integer(),
  customers: Type.Integer(),
  notice: Type.String(),
  createdAt: Moment,
  /** When WeCom last told this. */
  readAt: Moment,
})
export type GroupView = Static<typeof GroupView>
