import { Schema, type Connection } from 'mongoose'

import type { StoredRelationStatus } from '../relations/relation.model.ts'

/** One current relation of the customer. */
export type EntryRelation = {
  userId: string
  tagIds: string[]
  addedAt: Date
  remark: string
  status: StoredRelationStatus
  addWay: number
  state: string
  /** When this guide last sent something, and when something of it was last opened for the first time. */
  sentAt: Date | null
  openedAt: Date | null
}

/**
 * A customer as lists, searches and segments read him: worked out from what other collections hold, never the truth
 * itself. Customers whom nobody follows any more have no entry.
 */
export type CustomerEntry = {
  /** `corpId/externalUserId` */
  _id: string
  corpId: string
  externalUserId: string
  name: string
  avatarUrl: string | null
  type: number
  relations: EntryRelation[]
  /** Of the newest relation: the order of the list. */
  addedAt: Date
  /** How name and remarks may be typed from any of their characters on; see `customer-terms.ts`. */
  terms: string[]
  orderCount: number
  spentFen: number
  lastOrderAt: Date | null
  tier: string
  /** Month × 100 + day; 0 when not known. */
  birthday: number
  doNotDisturb: boolean
  /** Last four digits; empty when not known. */
  phoneTail: string
  /** 0 to 1023, evenly over all customers: a part of the buckets is a fair sample. */
  bucket: number
  /** Over all of the above, so that equal content costs no write. */
  contentHash: string
}

const relationSchema = new Schema<EntryRelation>(
  {
    userId: { type: String, required: true },
    tagIds: { type: [String], default: [] },
    addedAt: { type: Date, required: true },
    remark: { type: String, default: '' },
    status: { type: String, required: true },
    addWay: { type: Number, required: true },
    state: { type: String, default: '' },
    sentAt: { type: Date, default: null },
    openedAt: { type: Date, default: null },
  },
  { _id: false, strict: 'throw', strictQuery: 'throw' },
)

const entrySchema = new Schema<CustomerEntry>(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    externalUserId: { type: String, required: true },
    name: { type: String, default: '' },
    avatarUrl: { type: String, default: null },
    type: { type: Number, required: true },
    relations: { type: [relationSchema], required: true },
    addedAt: { type: Date, required: true },
    terms: { type: [String], default: [] },
    orderCount: { type: Number, default: 0 },
    spentFen: { type: Number, default: 0 },
    lastOrderAt: { type: Date, default: null },
    tier: { type: String, default: '' },
    birthday: { type: Number, default: 0 },
    doNotDisturb: { type: Boolean, default: false },
    phoneTail: { type: String, default: '' },
    bucket: { type: Number, required: true },
    contentHash: { type: String, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'customerEntries' },
)

/** Names of the indexes, for queries that say which one they walk. */
export const entryIndexes = {
  newest: 'list',
  ofGuides: 'listOfGuides',
  withTag: 'countWithTag',
  typed: 'search',
  sample: 'countSample',
} as const

// list: everybody, newest first.
entrySchema.index({ corpId: 1, addedAt: -1, _id: -1 }, { name: entryIndexes.newest })
// list, count within a data scope, a store or a guide.
entrySchema.index({ corpId: 1, 'relations.userId': 1, addedAt: -1, _id: -1 }, { name: entryIndexes.ofGuides })
// count with a tag; usage of tags.
entrySchema.index({ corpId: 1, 'relations.tagIds': 1, addedAt: -1, _id: -1 }, { name: entryIndexes.withTag })
// search: what begins as somebody typed.
entrySchema.index({ corpId: 1, terms: 1 }, { name: entryIndexes.typed })
// count in a sample of a large corp.
entrySchema.index({ corpId: 1, bucket: 1 }, { name: entryIndexes.sample })

export const customerEntryModel = (db: Connection) => db.model('CustomerEntry', entrySchema)
