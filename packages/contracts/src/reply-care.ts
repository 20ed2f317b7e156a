import { Type, type Static } from 'typebox'

import { Moment, ObjectIdText } from './ids.ts'
import { NextPage } from './paging.ts'
import { ReplyPart } from './quick-replies.ts'

export const ProposalState = Type.Union([Type.Literal('proposed'), Type.Literal('accepted'), Type.Literal('refused')])
export type ProposalState = Static<typeof ProposalState>

/** A guide's own reply, offered to everybody: as it was when it was offered. */
export const ReplyProposal = Type.Object({
  id: ObjectIdText,
  replyId: ObjectIdText,
  byName: Type.String(),
  folder: Type.String(),
  title: Type.String(),
  parts: Type.Array(ReplyPart),
  state: ProposalState,
  /** Why it was refused; empty otherwise. */
  reason: Type.String(),
  proposedAt: Moment,
})
export type ReplyProposal = Static<typeof ReplyProposal>
export const ReplyProposalPage = Type.Object({ proposals: Type.Array(ReplyProposal), next: NextPage })
export type ReplyProposalPage = Static<typeof ReplyProposalPage>
export const DecideProposal = Type.Object(
  { accept: Type.Boolean(), reason: Type.Optional(Type.String({ maxLength: 200 })) },
  { additionalProperties: false },
)
/** What became of it; a draft has the id of the proposal. null when it was refused. */
export const DecidedProposal = Type.Object({
  ...ReplyProposal.properties,
  became: Type.Union([Type.Enum(['published', 'review', 'draft']), Type.Null()]),
})
export type DecidedProposal = Static<typeof DecidedProposal>
export type DecideProposal = Static<typeof DecideProposal>
export const ProposalParams = Type.Object({ proposalId: ObjectIdText }, { additionalProperties: false })

/** The guide's own replies in the order wanted; those left out follow in the old order. */
export const OrderReplies = Type.Object(
  { replyIds: Type.Array(ObjectIdText, { maxItems: 500, uniqueItems: true }) },
  { additionalProperties: false },
)
export type OrderReplies = Static<typeof OrderReplies>

export const dayparts = ['morning', 'noon', 'afternoon', 'evening', 'night'] as const
/** 6–11, 11–14, 14–18, 18–22 and 22–6 o'clock in Beijing. */
export const Daypart = Type.Enum(dayparts)
export type Daypart = (typeof dayparts)[number]

/** What helps to rank and to tidy the library; beside it, so that counting does not outdate the library. */
export const ReplyMarks = Type.Object({
  daypart: Daypart,
  /** The guide's own order of personal replies. */
  order: Type.Array(ObjectIdText),
  /** Own uses in this part of the day, by reply id. */
  usedNow: Type.Record(Type.String(), Type.Integer()),
  /** Replies nobody of the corp sent for 90 days, although they are older than that. */
  unused: Type.Array(ObjectIdText),
  /** Replies whose day of validity is over. */
  expired: Type.Array(ObjectIdText),
  /** Last day of validity in Beijing of those that have one, by reply id. */
  expiries: Type.Record(Type.String(), Type.String()),
  proposals: Type.Array(Type.Object({ replyId: ObjectIdText, state: ProposalState, reason: Type.String() })),
})
export type ReplyMarks = Static<typeof ReplyMarks>
/** Last day of validity in Beijing; null for none. */
export const SetExpiry = Type.Object(
  { expiresOn: Type.Union([Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' }), Type.Null()]) },
  { additionalProperties: false },
)
export type SetExpiry = Static<typeof SetExpiry>
