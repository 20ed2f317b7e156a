import { Type, type Static } from 'typebox'

import { ContactWarning } from './contact-rules.ts'
import { ChatId, ExternalUserId, IdempotencyKey, Moment, ObjectIdText } from './ids.ts'
import { ParagraphId } from './knowledge.ts'
import { NextPage, pageFields } from './paging.ts'

/** pending: handed to the client, no answer yet · client_ok: the client took it (not a proof that it was read). */
export const SendStatus = Type.Union([
  Type.Literal('pending'),
  Type.Literal('client_ok'),
  Type.Literal('cancelled'),
  Type.Literal('failed'),
])
export type SendStatus = Static<typeof SendStatus>

/** To whom: the customer of a single chat, or a customer group. Exactly one. */
const SendTarget = {
  externalUserId: Type.Optional(ExternalUserId),
  chatId: Type.Optional(ChatId),
}

/** What to send: a card of the catalogue, one part of a quick reply (its text maybe edited by the guide), or plain words. */
export const SendContent = Type.Union([
  Type.Object({ type: Type.Literal('card'), cardId: ObjectIdText }, { additionalProperties: false }),
  Type.Object(
    {
      type: Type.Literal('reply'),
      replyId: ObjectIdText,
      /** Which part, from 0. */
      part: Type.Integer({ minimum: 0, maximum: 8 }),
      /** For a text part: the words as they will be sent, variables already filled. */
      text: Type.Optional(Type.String({ minLength: 1, maxLength: 4000 })),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal('text'), text: Type.String({ minLength: 1, maxLength: 4000 }) },
    { additionalProperties: false },
  ),
  /** One paragraph of the knowledge base, its words maybe edited by the guide. */
  Type.Object(
    {
      type: Type.Literal('knowledge'),
      articleId: ObjectIdText,
      paragraphId: ParagraphId,
      text: Type.Optional(Type.String({ minLength: 1, maxLength: 4000 })),
    },
    { additionalProperties: false },
  ),
  /** A page of the catalogue as a link message through our redirect. */
  Type.Object({ type: Type.Literal('article'), articleId: ObjectIdText }, { additionalProperties: false }),
])
export type SendContent = Static<typeof SendContent>

/** What of the libraries a message was; enough to look it up and send it again. */
export const SendSource = Type.Union([
  Type.Object({ type: Type.Literal('card'), cardId: ObjectIdText }),
  Type.Object({ type: Type.Literal('reply'), replyId: ObjectIdText }),
  Type.Object({ type: Type.Literal('article'), articleId: ObjectIdText }),
  Type.Object({ type: Type.Literal('knowledge'), articleId: ObjectIdText, paragraphId: ParagraphId }),
])
export type SendSource = Static<typeof SendSource>

/** Asks for one message to be made ready; it is on record before the client is asked to send it. */
export const PrepareSend = Type.Object(
  {
    ...SendTarget,
    key: IdempotencyKey,
    content: SendContent,
    /** Sends although the customer does not want to be disturbed; with a reason, which is recorded. */
    override: Type.Optional(Type.Boolean()),
    overrideReason: Type.Optional(Type.String({ minLength: 2, maxLength: 200 })),
    /** Tells the guide once, by a WeCom application message, when a card or page is first opened. */
    tellWhenOpened: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type PrepareSend = Static<typeof PrepareSend>

/** Exactly what `sendChatMessage` of the JS-SDK takes. */
export const ClientMessage = Type.Union([
  Type.Object({ msgtype: Type.Literal('text'), text: Type.Object({ content: Type.String() }) }),
  Type.Object({ msgtype: Type.Literal('image'), image: Type.Object({ mediaid: Type.String() }) }),
  Type.Object({ msgtype: Type.Literal('file'), file: Type.Object({ mediaid: Type.String() }) }),
  Type.Object({ msgtype: Type.Literal('video'), video: Type.Object({ mediaid: Type.String() }) }),
  Type.Object({
    msgtype: Type.Literal('news'),
    news: Type.Object({ link: Type.String(), title: Type.String(), desc: Type.String(), imgUrl: Type.String() }),
  }),
  Type.Object({
    msgtype: Type.Literal('miniprogram'),
    miniprogram: Type.Object({
      appid: Type.String(),
      title: Type.String(),
      imgUrl: Type.String(),
      page: Type.String(),
    }),
  }),
])
export type ClientMessage = Static<typeof ClientMessage>

export const PreparedSend = Type.Object({
  sendId: ObjectIdText,
  status: SendStatus,
  message: ClientMessage,
  /** Why it had better wait; empty when nothing speaks against it. */
  warnings: Type.Optional(Type.Array(ContactWarning)),
})
export type PreparedSend = Static<typeof PreparedSend>

export const SendParams = Type.Object({ sendId: ObjectIdText }, { additionalProperties: false })
/** What the client answered. `reason` is the client's own words for support, at most 200 characters. */
export const SendOutcome = Type.Object(
  {
    status: Type.Union([Type.Literal('client_ok'), Type.Literal('cancelled'), Type.Literal('failed')]),
    reason: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type SendOutcome = Static<typeof SendOutcome>

/** One message sent from the panel, with what came of it. */
export const SendView = Type.Object({
  id: ObjectIdText,
  status: SendStatus,
  kind: Type.Union([
    Type.Literal('text'),
    Type.Literal('image'),
    Type.Literal('file'),
    Type.Literal('video'),
    Type.Literal('link'),
    Type.Literal('card'),
  ]),
  /** First words of a text, or the title of the card or link. */
  title: Type.String(),
  coverUrl: Type.Union([Type.String(), Type.Null()]),
  cardId: Type.Union([ObjectIdText, Type.Null()]),
  /** null for plain words. */
  source: Type.Union([SendSource, Type.Null()]),
  sentAt: Moment,
  /** First time the customer opened the card; null as long as we know of none. */
  openedAt: Type.Union([Moment, Type.Null()]),
  openedTimes: Type.Integer(),
  boughtAt: Type.Union([Moment, Type.Null()]),
  /** Sum of the paid orders that came through this card, in fen. */
  boughtFen: Type.Integer(),
})
export type SendView = Static<typeof SendView>

/** Everything this guide sent to one customer or group, newest first. Exactly one of the two. */
export const SendHistoryQuery = Type.Object({ ...SendTarget, ...pageFields }, { additionalProperties: false })
export const SendPage = Type.Object({ sends: Type.Array(SendView), next: NextPage })
export type SendPage = Static<typeof SendPage>
