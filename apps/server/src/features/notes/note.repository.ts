import { trusted, type Connection } from 'mongoose'

import type { GuidePrincipal } from '../../platform/access.ts'
import { isDuplicateKey } from '../../platform/duplicate-key.ts'
import type { RelationKey } from '../relations/relation.model.ts'
import { noteModel, type Note } from './note.model.ts'

export type NoteReader = GuidePrincipal & { storeId: string }
type NewNote = Omit<Note, '_id'>
type NoteChange = Pick<Note, 'text' | 'chips' | 'visibility' | 'sensitive' | 'consentVersion' | 'updatedAt'>

const notesLooked = 50

/** What of a customer's notes this guide may know of. */
const visibleTo = ({ userId, storeId }: NoteReader) => ({
  $or: [{ userId }, { visibility: 'corp' as const }, ...(storeId ? [{ visibility: 'store' as const, storeId }] : [])],
})

export function createNoteRepository(db: Connection) {
  const notes = noteModel(db)
  return {
    findByKey: ({ corpId, userId }: GuidePrincipal, key: string): Promise<Note | null> =>
      notes.findOne({ corpId, userId, key }).lean<Note>().exec(),

    /** @returns null when this guide has a note with that key */
    async insertOnce(note: NewNote): Promise<Note | null> {
      try {
        const row = await notes.create(note)
        return { ...note, _id: row._id }
      } catch (error) {
        if (isDuplicateKey(error)) return null
        throw error
      }
    },

    findVisible: (reader: NoteReader, externalUserId: string, noteId: string): Promise<Note | null> =>
      notes
        .findOne({ _id: noteId, corpId: reader.corpId, externalUserId, removedAt: null, ...visibleTo(reader) })
        .lean<Note>()
        .exec(),

    listVisible: (
      reader: NoteReader,
      externalUserId: string,
      { before, limit }: { before: { at: Date; id: string } | null; limit: number },
    ): Promise<Note[]> =>
      notes
        .find({
          $and: [
            { corpId: reader.corpId, externalUserId, removedAt: null },
            visibleTo(reader),
            before
              ? {
                  $or: [
                    { createdAt: trusted({ $lt: before.at }) },
                    { createdAt: before.at, _id: trusted({ $lt: before.id }) },
                  ],
                }
              : {},
          ],
        })
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit)
        .lean<Note[]>()
        .exec(),

    /** Chips of a guide's own notes about a customer, the newest first; none of a sensitive note. */
    async listChips({ corpId, userId, externalUserId }: RelationKey): Promise<{ chip: string; at: Date }[]> {
      const rows = await notes
        .find(
          {
            corpId,
            externalUserId,
            userId,
            sensitive: false,
            removedAt: null,
            'chips.0': trusted({ $exists: true }),
          },
          { chips: 1, createdAt: 1 },
        )
        .sort({ createdAt: -1 })
        .limit(notesLooked)
        .lean<Note[]>()
        .exec()
      return rows.flatMap(({ chips, createdAt: at }) => chips.map((chip) => ({ chip, at })))
    },

    /** Own ones only. @returns null when it is none of this guide's */
    change: (
      { corpId, userId }: GuidePrincipal,
      externalUserId: string,
      noteId: string,
      change: Partial<NoteChange> & { removedAt?: Date },
    ): Promise<Note | null> =>
      notes
        .findOneAndUpdate(
          { _id: noteId, corpId, userId, externalUserId, removedAt: null },
          { $set: change },
          { returnDocument: 'after' },
        )
        .lean<Note>()
        .exec(),
  }
}

export type NoteRepository = ReturnType<typeof createNoteRepository>
