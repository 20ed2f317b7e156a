import type { CardKind } from '@guidebar/contracts'
import { type Connection, Schema, type Types } from 'mongoose'

import { audienceFields, shelfFields, type Audience, type ShelfState } from '../../platform/shelf/shelf.fields.ts'

/** draft: being written · published: guides may send it · off_shelf: gone from the catalogue, kept for the record. */
export type CardStatus = 'draft' | 'published' | 'off_shelf'

export type Card = {
  _id: Types.ObjectId
  corpId: string
  kind: CardKind
  /** Where the desk keeps it; guides find cards by kind. */
  folder: string
  title: string
  /** A picture of ours; wins over `coverUrl`. */
  coverAssetId: string | null
  /** A picture elsewhere. */
  coverUrl: string | null
  appId: string
  programName: string
  /** Page of the mini program with the slots `{token}`, `{sku}`, `{store}`. */
  pathTemplate: string
  sku: string
  /** In fen; null when the card has no price. */
  priceFen: number | null
  status: CardStatus
  keys: string
  createdAt: Date
  updatedAt: Date
} & ShelfState &
  Pick<Audience, 'scope' | 'storeId'>

const cardSchema = new Schema<Card>(
  {
    corpId: { type: String, required: true },
    kind: { type: String, required: true, enum: ['product', 'coupon', 'member_card', 'activity', 'store'] },
    folder: { type: String, default: '' },
    title: { type: String, required: true },
    coverAssetId: { type: String, default: null },
    coverUrl: { type: String, default: null },
    appId: { type: String, default: '' },
    programName: { type: String, default: '' },
    pathTemplate: { type: String, default: '' },
    sku: { type: String, default: '' },
    priceFen: { type: Number, default: null },
    status: { type: String, required: true, enum: ['draft', 'published', 'off_shelf'] },
    keys: { type: String, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    ...audienceFields,
    ...shelfFields,
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)
// save: a card is known by its kind and title, in each store anew.
cardSchema.index({ corpId: 1, kind: 1, title: 1, storeId: 1 }, { unique: true })
// listPublished: the catalogue, newest first.
cardSchema.index({ corpId: 1, status: 1, createdAt: -1, _id: -1 })
// the desk's list: what was changed last comes first.
cardSchema.index({ corpId: 1, updatedAt: -1, _id: -1 })

export const cardModel = (db: Connection) => db.model('MiniProgramCard', cardSchema, 'miniProgramCards')

export type MiniProgram = { corpId: string; appId: string; name: string }

/** Mini programs that the admin linked to the corp in WeCom's console: no API lists them, so we are told. */
const miniProgramSchema = new Schema<MiniProgram>(
  {
    corpId: { type: String, required: true },
    appId: { type: String, required: true },
    name: { type: String, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)
// listPrograms: what the corp may send cards of.
miniProgramSchema.index({ corpId: 1, appId: 1 }, { unique: true })

export const miniProgramModel = (db: Connection) => db.model('MiniProgram', miniProgramSchema, 'miniPrograms')
