import { Type, type Static } from 'typebox'

import { ExternalUserId, IdempotencyKey, Moment, ObjectIdText } from './ids.ts'
import { NextPage, pageFields } from './paging.ts'

/** own: the author only · store: guides of the author's store who serve the customer · corp: all who serve the customer. */
export const NoteVisibility = Type.Union([Type.Literal('own'), Type.Literal('store'), Type.Literal('corp')])
export type NoteVisibility = Static<typeof NoteVisibility>

export { consentVersion } from './consent.ts'

const NoteText = Type.String({ minLength: 1, maxLength: 500 })
const NoteChips = Type.Array(Type.String({ minLength: 1, maxLength: 20 }), { maxItems: 10, uniqueItems: true })

/** One note about a customer. */
export const NoteView = Type.Object({
  id: ObjectIdText,
  /** null as long as a sensitive note was not opened on purpose. */
  text: Type.Union([Type.String(), Type.Null()]),
  chips: Type.Array(Type.String()),
  visibility: NoteVisibility,
  /** Pregnancy, health and the like. */
  sensitive: Type.Boolean(),
  byName: Type.String(),
  isMine: Type.Boolean(),
  createdAt: Moment,
  updatedAt: Moment,
})
export type NoteView = Static<typeof NoteView>

/** `consentVersion` says which consent text the customer agreed to; a sensitive note needs the one in force. */
export const SaveNote = Type.Object(
  {
    text: NoteText,
    chips: Type.Optional(NoteChips),
    visibility: NoteVisibility,
    sensitive: Type.Boolean(),
    consentVersion: Type.Optional(Type.String({ maxLength: 20 })),
  },
  { additionalProperties: false },
)
export type SaveNote = Static<typeof SaveNote>

/** A new note; with `followUpAt` also a reminder of it. The key makes a repeat harmless. */
export const WriteNote = Type.Object(
  { key: IdempotencyKey, ...SaveNote.properties, followUpAt: Type.Optional(Moment) },
  { additionalProperties: false },
)
export type WriteNote = Static<typeof WriteNote>

export const NotePage = Type.Object({
  notes: Type.Array(NoteView),
  next: NextPage,
  consentVersion: Type.String(),
})
export type NotePage = Static<typeof NotePage>
export const NoteParams = Type.Object(
  { externalUserId: ExternalUserId, noteId: ObjectIdText },
  { additionalProperties: false },
)

export const FollowUpState = Type.Union([Type.Literal('open'), Type.Literal('done')])
export type FollowUpState = Static<typeof FollowUpState>

/** «下次跟进»: the guide is reminded by a WeCom application message when it is due. */
export const FollowUpView = Type.Object({
  id: ObjectIdText,
  externalUserId: ExternalUserId,
  /** Remark or name of the customer. */
  customerName: Type.String(),
  text: Type.String(),
  dueAt: Moment,
  state: FollowUpState,
  remindedAt: Type.Union([Moment, Type.Null()]),
})
export type FollowUpView = Static<typeof FollowUpView>
export const SetFollowUp = Type.Object(
  { key: IdempotencyKey, text: Type.String({ maxLength: 200 }), dueAt: Moment },
  { additionalProperties: false },
)
export type SetFollowUp = Static<typeof SetFollowUp>
export const PostponeFollowUp = Type.Object({ dueAt: Moment }, { additionalProperties: false })
export const FollowUpParams = Type.Object({ followUpId: ObjectIdText }, { additionalProperties: false })
/** `externalUserId` narrows the list to one customer. */
export const FollowUpQuery = Type.Object(
  { externalUserId: Type.Optional(ExternalUserId), ...pageFields },
  { additionalProperties: false },
)
export type FollowUpQuery = Static<typeof FollowUpQuery>
/** Open ones, the next due first. */
export const FollowUpPage = Type.Object({ followUps: Type.Array(FollowUpView), next: NextPage })
export type FollowUpPage = Static<typeof FollowUpPage>
