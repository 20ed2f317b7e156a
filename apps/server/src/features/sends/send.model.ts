import type { ClientMessage, ContactWarning, SendStatus, SendView } from '@guidebar/contracts'
import { type Connection, Schema, type Types } from 'mongoose'

/** One message made ready for a guide's client, with all that is needed to credit what comes of it. */
export type Send = {
  _id: Types.ObjectId
  corpId: string
  /** The guide. */
  userId: string
  /** The guide's store when it was sent: later moves do not move the credit. */
  storeId: string
  /** Exactly one of the two is set. */
  externalUserId: string | null
  chatId: string | null
  /** The page's key for this one intent, and what it stood for. */
  key: string
  contentHash: string
  kind: SendView['kind']
  title: string
  coverUrl: string | null
  message: ClientMessage
  cardId: string | null
  sku: string
  replyId: string | null
  /** Which part of the reply; null when it was no reply. */
  part: number | null
  /** What was sent, as `card/ID`, `reply/ID`, `article/ID` or `knowledge/ID/PARAGRAPH`; unset for plain words. */
  contentRef?: string
  /** Where our redirect leads whoever opens the page. */
  linkUrl?: string
  /** What spoke against sending it then; older records know of nothing. */
  warnings?: ContactWarning[]
  /** The guide wants to be told of the first opening and was not yet. */
  tellWhenOpened: boolean
  /** Only cards and tracked pages have one. */
  token?: string
  status: SendStatus
  reason: string
  createdAt: Date
  outcomeAt: Date | null
  /** Unset until the first opening. */
  openedAt?: Date
  openedTimes: number
  /** Keys of the latest openings, so that a report told twice counts once. */
  openingKeys: string[]
}

/** Everything a send can be; queries that name all of them use an index that begins with it. */
export const sendKinds = ['text', 'image', 'file', 'video', 'link', 'card'] as const satisfies SendView['kind'][]

const sendSchema = new Schema<Send>(
  {
    corpId: { type: String, required: true },
    userId: { type: String, required: true },
    storeId: { type: String, default: '' },
    externalUserId: { type: String, default: null },
    chatId: { type: String, default: null },
    key: { type: String, required: true },
    contentHash: { type: String, required: true },
    kind: { type: String, required: true, enum: sendKinds },
    title: { type: String, default: '' },
    coverUrl: { type: String, default: null },
    message: { type: Schema.Types.Mixed, required: true },
    cardId: { type: String, default: null },
    sku: { type: String, default: '' },
    replyId: { type: String, default: null },
    part: { type: Number, default: null },
    contentRef: { type: String },
    linkUrl: { type: String },
    warnings: { type: [String], default: [] },
    tellWhenOpened: { type: Boolean, default: false },
    token: { type: String },
    status: { type: String, required: true, enum: ['pending', 'client_ok', 'cancelled', 'failed'] },
    reason: { type: String, default: '' },
    createdAt: { type: Date, required: true },
    outcomeAt: { type: Date, default: null },
    openedAt: { type: Date },
    openedTimes: { type: Number, default: 0 },
    openingKeys: { type: [String], default: [] },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)
// insertOnce: one record for each intent of a guide's page.
sendSchema.index({ corpId: 1, userId: 1, key: 1 }, { unique: true })
// findByToken, addOpening: from a card's path back to its send.
sendSchema.index({ corpId: 1, token: 1 }, { unique: true, partialFilterExpression: { token: { $type: 'string' } } })
// listByTarget: what this guide sent to one customer or group, newest first.
sendSchema.index({ corpId: 1, userId: 1, externalUserId: 1, chatId: 1, createdAt: -1 })
// countCards: cards of a guide, or of the corp, since the first of the month.
sendSchema.index({ corpId: 1, kind: 1, status: 1, userId: 1, createdAt: -1 })
// countOpened: cards of a guide that were first opened since the first of the month.
sendSchema.index({ corpId: 1, userId: 1, openedAt: 1 }, { partialFilterExpression: { openedAt: { $exists: true } } })
// countContacts: what all guides sent to one customer since the first of the month.
sendSchema.index({ corpId: 1, externalUserId: 1, createdAt: -1 })
// listToTell: guides who wait to hear of an opening, over all corps.
sendSchema.index({ openedAt: 1 }, { partialFilterExpression: { tellWhenOpened: true } })

export const sendModel = (db: Connection) => db.model('Send', sendSchema)
