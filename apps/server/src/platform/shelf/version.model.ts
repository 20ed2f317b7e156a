import type { AnyContent, ContentKind } from '@guidebar/contracts'
import { Schema, type Connection } from 'mongoose'

import type { Release } from './shelf.fields.ts'

/** What guides had at some time. Written once. */
export type Version = {
  /** `itemId/number` */
  _id: string
  corpId: string
  kind: ContentKind
  itemId: string
  number: number
  content: AnyContent
  expiresOn: string | null
  release: Release
}

const versionSchema = new Schema<Omit<Version, 'content'> & { content: unknown }>(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    kind: { type: String, required: true },
    itemId: { type: String, required: true },
    number: { type: Number, required: true },
    content: { type: Schema.Types.Mixed, required: true },
    expiresOn: { type: String, default: null },
    release: { type: Schema.Types.Mixed, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'contentVersions', minimize: false },
)
// list: an item's versions, the newest first.
versionSchema.index({ corpId: 1, itemId: 1, number: -1 })

export const versionModel = (db: Connection) => db.model('ContentVersion', versionSchema)
