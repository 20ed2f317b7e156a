import type { ReplyPart, ReplyScope } from '@guidebar/contracts'
import { type Connection, Schema, type Types } from 'mongoose'

import { shelfFields, type ShelfState } from '../../platform/shelf/shelf.fields.ts'

export type QuickReply = {
  _id: Types.ObjectId
  corpId: string
  scope: ReplyScope
  /** Department of the store; empty unless the scope is `store`. */
  storeId: string
  /** WeCom userid of the owner; empty unless the scope is `personal`. */
  ownerUserId: string
  folder: string
  title: string
  shortcut: string
  /** As the contract has them, without preview addresses. */
  parts: ReplyPart[]
  keys: string
  createdAt: Date
  updatedAt: Date
  /** null as long as it is in use. */
  archivedAt: Date | null
} & ShelfState

const quickReplySchema = new Schema<Omit<QuickReply, 'parts'> & { parts: unknown[] }>(
  {
    corpId: { type: String, required: true },
    scope: { type: String, required: true, enum: ['corp', 'store', 'personal'] },
    storeId: { type: String, default: '' },
    ownerUserId: { type: String, default: '' },
    folder: { type: String, default: '' },
    title: { type: String, required: true },
    shortcut: { type: String, default: '' },
    parts: { type: [Schema.Types.Mixed], required: true },
    keys: { type: String, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    archivedAt: { type: Date, default: null },
    ...shelfFields,
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)
// listAudience: the corp's, one store's or one guide's replies, oldest first: the order they were thought out in.
quickReplySchema.index({ corpId: 1, scope: 1, storeId: 1, ownerUserId: 1, archivedAt: 1, createdAt: 1, _id: 1 })
// saveShared: one reply of that name in a folder of the corp or the store.
quickReplySchema.index(
  { corpId: 1, scope: 1, storeId: 1, folder: 1, title: 1 },
  { unique: true, partialFilterExpression: { ownerUserId: '', archivedAt: null } },
)
// the desk's list: what was changed last comes first.
quickReplySchema.index({ corpId: 1, updatedAt: -1, _id: -1 })
// listExpiries: replies of a corp that have a last day.
quickReplySchema.index({ corpId: 1, expiresOn: 1 }, { partialFilterExpression: { expiresOn: { $type: 'string' } } })

export const quickReplyModel = (db: Connection) => db.model('QuickReply', quickReplySchema, 'quickReplies')
