import { Type, type Static } from 'typebox'

import { Moment, ObjectIdText } from './ids.ts'
import { NextPage, pageFields } from './paging.ts'
import { RelationTag } from './relations.ts'

/** Everything that can happen between a guide and a customer. */
export const timelineKinds = [
  'added',
  'restored',
  'ended',
  'customer_left',
  'customer_returned',
  'tagged',
  'untagged',
  'remark_changed',
  'description_changed',
  'source_changed',
  'sent',
  'opened',
  'bought',
  'noted',
  'follow_up_set',
  'follow_up_done',
  'transferred',
  'matched',
  'contact_preferences_changed',
] as const
export const TimelineKind = Type.Enum(timelineKinds)
export type TimelineKind = (typeof timelineKinds)[number]

/** One event; which of the facts stand there depends on the kind. */
export const TimelineEvent = Type.Object({
  id: Type.String(),
  kind: TimelineKind,
  at: Moment,
  /** Who did it, when it was one of the guides; empty when it was the customer, WeCom or the firm's systems. */
  byName: Type.String(),
  /** What it was about: words of a note, title of a card, name of what was bought; may be empty. */
  title: Type.String(),
  facts: Type.Object({
    tags: Type.Optional(Type.Array(RelationTag)),
    from: Type.Optional(Type.String()),
    to: Type.Optional(Type.String()),
    sendId: Type.Optional(ObjectIdText),
    cardId: Type.Optional(ObjectIdText),
    coverUrl: Type.Optional(Type.String()),
    times: Type.Optional(Type.Integer()),
    orderNo: Type.Optional(Type.String()),
    amountFen: Type.Optional(Type.Integer()),
    noteId: Type.Optional(ObjectIdText),
    dueAt: Type.Optional(Moment),
  }),
})
export type TimelineEvent = Static<typeof TimelineEvent>

/** `kinds` separated by commas; all of them when it is missing. */
export const TimelineQuery = Type.Object(
  { kinds: Type.Optional(Type.String({ maxLength: 300, pattern: '^[a-z_]+(,[a-z_]+)*$' })), ...pageFields },
  { additionalProperties: false },
)
export type TimelineQuery = Static<typeof TimelineQuery>

/** Newest first. */
export const TimelinePage = Type.Object({ events: Type.Array(TimelineEvent), next: NextPage })
export type TimelinePage = Static<typeof TimelinePage>
