import type { AnyContent, ContentKind, ReplyScope } from '@guidebar/contracts'
import { Schema, trusted, type Types } from 'mongoose'

/** A change that guides do not have yet. */
export type Work = {
  content: AnyContent
  expiresOn: string | null
  byUserId: string
  at: Date
  state: 'draft' | 'review'
  /** Why it came back from review. */
  refusedBecause: string
  /** Of the import row that made it. */
  key?: string
}

/** How what guides have came to be. */
export type Release = {
  number: number
  byUserId: string
  /** Who let it pass; empty when one person was enough. */
  approvedBy: string
  at: Date
  why: 'published' | 'rolled-back' | 'imported' | 'undone' | 'direct'
  /** The version that was brought back. */
  from: number | null
  /** Of the request or the import row that made it: the same again is the same release. */
  key: string
}

/** What every kind of content has beside its words. */
export type ShelfState = {
  /** Never published: no guide has it. */
  isDraft: boolean
  /** Of what guides have; grows with every release. */
  version: number
  /** null when it did not come from the desk. */
  release: Release | null
  work: Work | null
  /** Counts every change of the row, so that nobody overwrites what he has not seen. */
  edit: number
  /** Last day of validity in Beijing. */
  expiresOn: string | null
  /** Who answers for it. */
  keeperUserId: string
}

export type ShelfRow = ShelfState & {
  _id: Types.ObjectId
  corpId: string
  folder: string
  title: string
  keys: string
  createdAt: Date
  updatedAt: Date
} & Audience

/** Whose it is; rows older than the question are everybody's. */
export type Audience = { scope?: ReplyScope; storeId?: string; ownerUserId?: string }
export type ShelfLife = 'draft' | 'published' | 'archived'
export type ShelfName = ContentKind

export const shelfFields = {
  isDraft: { type: Boolean, default: false },
  version: { type: Number, default: 0 },
  release: { type: Schema.Types.Mixed, default: null },
  work: { type: Schema.Types.Mixed, default: null },
  edit: { type: Number, default: 0 },
  expiresOn: { type: String, default: null },
  keeperUserId: { type: String, default: '' },
}

/** For content that is everybody's or one store's. */
export const audienceFields = {
  scope: { type: String, enum: ['corp', 'store'], default: 'corp' },
  /** Department of the store; empty for everybody's. */
  storeId: { type: String, default: '' },
}

/** What a write past the desk makes belongs to everybody. */
export const everybodys = { scope: 'corp', storeId: '' } as const

/** Everybody's rows, and those of one store unless it is empty. */
export const hadBy = (storeId: string) => ({ storeId: trusted({ $in: ['', null, storeId] }) })
export const isHadBy = (row: Audience, storeId: string): boolean => !row.storeId || row.storeId === storeId

export const emptyState: ShelfState = {
  isDraft: false,
  version: 0,
  release: null,
  work: null,
  edit: 0,
  expiresOn: null,
  keeperUserId: '',
}

/** What a write past the desk does to these fields: a new version that says nothing about itself. */
export const directRelease = {
  $set: { isDraft: false, release: null },
  $inc: { version: 1, edit: 1 },
}
