import type { NoteVisibility } from '@guidebar/contracts'
import { Schema, type Connection, type Types } from 'mongoose'

export type Note = {
  _id: Types.ObjectId
  corpId: string
  /** Who wrote it, and the store he had then. */
  userId: string
  storeId: string
  externalUserId: string
  /** The page's key for this one note. */
  key: string
  text: string
  chips: string[]
  visibility: NoteVisibility
  sensitive: boolean
  /** The consent text a sensitive note was written under; null for others. */
  consentVersion: string | null
  createdAt: Date
  updatedAt: Date
  /** Removed ones lose their words at once; the row stays for the record. */
  removedAt: Date | null
}

const noteSchema = new Schema<Note>(
  {
    corpId: { type: String, required: true },
    userId: { type: String, required: true },
    storeId: { type: String, default: '' },
    externalUserId: { type: String, required: true },
    key: { type: String, required: true },
    text: { type: String, default: '' },
    chips: { type: [String], default: [] },
    visibility: { type: String, enum: ['own', 'store', 'corp'], required: true },
    sensitive: { type: Boolean, required: true },
    consentVersion: { type: String, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    removedAt: { type: Date, default: null },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'notes' },
)
// insertOnce: one note for each intent of a guide's page.
noteSchema.index({ corpId: 1, userId: 1, key: 1 }, { unique: true })
// listVisible: notes about one customer, newest first.
noteSchema.index({ corpId: 1, externalUserId: 1, createdAt: -1, _id: -1 })

export const noteModel = (db: Connection) => db.model('Note', noteSchema)
