import { Type, type Static } from 'typebox'
import { answer, Seconds } from './common.ts'

/** A customer group with its members. */
export const GroupChat = Type.Object({
  chat_id: Type.String(),
  name: Type.Optional(Type.String()),
  owner: Type.String(),
  create_time: Seconds,
  notice: Type.Optional(Type.String()),
  member_list: Type.Array(
    Type.Object({
      /** userid of a member of the corp, or external_userid. */
      userid: Type.String(),
      /** 1 member of the corp, 2 somebody from outside. */
      type: Type.Integer(),
    }),
  ),
})
export type GroupChat = Static<typeof GroupChat>

export const GroupChatGetAnswer = answer({ group_chat: GroupChat })
export type GroupChatGetAnswer = Static<typeof GroupChatGetAnswer>
