import { Type, type Static } from 'typebox'

import { ChatId, ExternalUserId, Moment, UserId } from './ids.ts'
import { ContactMeter } from './contact-rules.ts'
import { ProfileHead } from './customer-profiles.ts'
import { GroupView } from './group-chats.ts'
import { NextAction } from './next-actions.ts'
import { PerformanceView } from './orders.ts'
import { QuickReplyView } from './quick-replies.ts'
import { CustomerView, FellowGuide, RelationView } from './relations.ts'
import { SendView } from './sends.ts'

/** A signature for one page address, as the JS-SDK takes it. `timestamp` is in seconds. */
export const JsSignature = Type.Object({
  timestamp: Type.Integer(),
  nonceStr: Type.String(),
  signature: Type.String(),
})
export type JsSignature = Static<typeof JsSignature>

export const JsSignatures = Type.Object({
  /** The page address without fragment that both were made for. */
  url: Type.String(),
  corp: JsSignature,
  agent: JsSignature,
})
export type JsSignatures = Static<typeof JsSignatures>

export const SignUrl = Type.Object(
  { url: Type.String({ minLength: 8, maxLength: 2048 }) },
  { additionalProperties: false },
)

/** The guide whose session this is. */
export const GuideView = Type.Object({
  userId: UserId,
  name: Type.String(),
  storeId: Type.String(),
  storeName: Type.String(),
})
export type GuideView = Static<typeof GuideView>

/**
 * What the sidebar's HTML carries, as JSON in `<script type="application/json" id="boot">`: everything that is needed
 * to ask the client for the customer and the server for the context without another round trip.
 */
export const BootFacts = Type.Object({
  corpId: Type.String(),
  agentId: Type.String(),
  guide: GuideView,
  /** Changes with every sign-in; what the browser keeps is dropped when it differs. Not the session id. */
  sessionRef: Type.String(),
  /** null when WeCom could not be asked for tickets; the page then asks again. */
  signatures: Type.Union([JsSignatures, Type.Null()]),
  brand: Type.String(),
  /** The corp's own colour, `#rrggbb`; empty for ours. */
  accent: Type.Optional(Type.String()),
  /** Languages the corp offers; the first one is for whom none of them fits. */
  languages: Type.Optional(Type.Array(Type.String())),
})
export type BootFacts = Static<typeof BootFacts>

/** Exactly one of the two. */
export const ContextQuery = Type.Object(
  { externalUserId: Type.Optional(ExternalUserId), chatId: Type.Optional(ChatId) },
  { additionalProperties: false },
)

/** Everything the first screen needs, in one answer. */
export const SidebarContext = Type.Object({
  /** When the server put this together. */
  asOf: Moment,
  /** Whether WeCom answers at the moment; when not, what follows is what we last knew. */
  wecomReachable: Type.Boolean(),
  guide: GuideView,
  /** null in a group chat. */
  customer: Type.Union([CustomerView, Type.Null()]),
  relation: Type.Union([RelationView, Type.Null()]),
  fellows: Type.Array(FellowGuide),
  /** The five replies most likely to be wanted now. */
  topReplies: Type.Array(QuickReplyView),
  /** The latest messages this guide sent to this customer or group from the panel, newest first. */
  sends: Type.Array(SendView),
  performance: PerformanceView,
  // What follows is missing in answers that a panel of an older version kept.
  /** null in a group chat, as are the two that follow. */
  profile: Type.Optional(Type.Union([ProfileHead, Type.Null()])),
  meter: Type.Optional(Type.Union([ContactMeter, Type.Null()])),
  /** The one best thing to do for this customer now. */
  nextAction: Type.Optional(Type.Union([NextAction, Type.Null()])),
  /** The customer group of a group chat. */
  group: Type.Optional(Type.Union([GroupView, Type.Null()])),
  /** Values of reply variables that nothing else in this answer tells; `date` is today in Beijing. */
  replyValues: Type.Optional(Type.Record(Type.String(), Type.String())),
})
export type SidebarContext = Static<typeof SidebarContext>
