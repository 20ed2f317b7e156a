import { Type, type Static } from 'typebox'
import { answer, statusRequired } from './common.ts'

const receivers = {
  /** Up to 1000 userids joined by `|`, or `@all`. */
  touser: Type.Optional(Type.String()),
  toparty: Type.Optional(Type.String()),
  totag: Type.Optional(Type.String()),
  agentid: Type.Integer(),
  safe: Type.Optional(Type.Integer()),
  enable_id_trans: Type.Optional(Type.Integer()),
  enable_duplicate_check: Type.Optional(Type.Integer()),
  /** Seconds, at most 4 hours; 1800 by default. */
  duplicate_check_interval: Type.Optional(Type.Integer({ minimum: 0, maximum: 14400 })),
}

export const TextMessage = Type.Object({
  ...receivers,
  msgtype: Type.Literal('text'),
  text: Type.Object({ content: Type.String({ minLength: 1 }) }),
})
export type TextMessage = Static<typeof TextMessage>

export const MarkdownMessage = Type.Object({
  ...receivers,
  msgtype: Type.Literal('markdown'),
  markdown: Type.Object({ content: Type.String({ minLength: 1 }) }),
})
export type MarkdownMessage = Static<typeof MarkdownMessage>

export const TextCardMessage = Type.Object({
  ...receivers,
  msgtype: Type.Literal('textcard'),
  textcard: Type.Object({
    title: Type.String({ minLength: 1, maxLength: 128 }),
    description: Type.String({ minLength: 1, maxLength: 512 }),
    url: Type.String({ minLength: 1, maxLength: 2048 }),
    btntxt: Type.Optional(Type.String()),
  }),
})
export type TextCardMessage = Static<typeof TextCardMessage>

/** The official sample of this kind has no agentid. */
export const MiniProgramNoticeMessage = Type.Object({
  ...receivers,
  agentid: Type.Optional(Type.Integer()),
  msgtype: Type.Literal('miniprogram_notice'),
  miniprogram_notice: Type.Object({
    appid: Type.String({ minLength: 1 }),
    page: Type.Optional(Type.String()),
    title: Type.String({ minLength: 1 }),
    description: Type.Optional(Type.String()),
    emphasis_first_item: Type.Optional(Type.Boolean()),
    content_item: Type.Optional(
      Type.Array(Type.Object({ key: Type.String(), value: Type.String() }), { maxItems: 10 }),
    ),
  }),
})
export type MiniProgramNoticeMessage = Static<typeof MiniProgramNoticeMessage>

/** Five card kinds share this frame; the rest of the card is kept as it is. */
export const TemplateCardMessage = Type.Object({
  ...receivers,
  msgtype: Type.Literal('template_card'),
  template_card: Type.Object({
    card_type: Type.Union([
      Type.Literal('text_notice'),
      Type.Literal('news_notice'),
      Type.Literal('button_interaction'),
      Type.Literal('vote_interaction'),
      Type.Literal('multiple_interaction'),
    ]),
    task_id: Type.Optional(Type.String({ maxLength: 128 })),
  }),
})
export type TemplateCardMessage = Static<typeof TemplateCardMessage>

/** @see https://developer.work.weixin.qq.com/document/path/90236 */
export const MessageSendRequest = Type.Union([
  TextMessage,
  MarkdownMessage,
  TextCardMessage,
  MiniProgramNoticeMessage,
  TemplateCardMessage,
])
export type MessageSendRequest = Static<typeof MessageSendRequest>

/** Lists are text joined by `|`, in lower case, absent when empty. */
export const MessageSendAnswer = answer({
  ...statusRequired,
  invaliduser: Type.Optional(Type.String()),
  invalidparty: Type.Optional(Type.String()),
  invalidtag: Type.Optional(Type.String()),
  unlicenseduser: Type.Optional(Type.String()),
  msgid: Type.Optional(Type.String()),
  /** Template cards only: 72 hours, single use. */
  response_code: Type.Optional(Type.String()),
})
export type MessageSendAnswer = Static<typeof MessageSendAnswer>
