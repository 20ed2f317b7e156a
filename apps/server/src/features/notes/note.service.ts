import { consentVersion, type NotePage, type NoteView, type SaveNote, type WriteNote } from '@guidebar/contracts'

import type { GuidePrincipal } from '../../platform/access.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { readCursor, toCursor, toPage } from '../../platform/page-cursor.ts'
import type { Can } from '../../platform/permissions.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { TimelineService } from '../timeline/timeline.service.ts'
import type { FollowUpService } from './follow-up.service.ts'
import type { Note } from './note.model.ts'
import type { NoteReader, NoteRepository } from './note.repository.ts'

type Deps = {
  notes: NoteRepository
  followUps: Pick<FollowUpService, 'set'>
  relations: { requireOwn(guide: GuidePrincipal, externalUserId: string): Promise<unknown> }
  guides: {
    find(guide: GuidePrincipal): Promise<{ storeId: string } | null>
    names(corpId: string, userIds: string[]): Promise<Map<string, { name: string }>>
  }
  timeline: Pick<TimelineService, 'append'>
  audit: AuditService
  can: Can
  clock: Clock
}

const firstWords = 60

/** What guides write down about a customer, and who may read it. */
export function createNoteService({ notes, followUps, relations, guides, timeline, audit, can, clock }: Deps) {
  /** @throws AppError RELATION_NOT_FOUND unless the guide follows the customer now */
  async function readerOf(guide: GuidePrincipal, externalUserId: string): Promise<NoteReader> {
    const [, member] = await Promise.all([relations.requireOwn(guide, externalUserId), guides.find(guide)])
    return { corpId: guide.corpId, userId: guide.userId, storeId: member?.storeId ?? '' }
  }

  async function toViews(reader: NoteReader, rows: Note[], { revealed = false } = {}): Promise<NoteView[]> {
    const names = await guides.names(reader.corpId, [...new Set(rows.map(({ userId }) => userId))])
    return rows.map((note) => ({
      id: note._id.toHexString(),
      text: note.sensitive && !revealed ? null : note.text,
      chips: note.sensitive && !revealed ? [] : note.chips,
      visibility: note.visibility,
      sensitive: note.sensitive,
      byName: names.get(note.userId)?.name ?? '',
      isMine: note.userId === reader.userId,
      createdAt: note.createdAt.toISOString(),
      updatedAt: note.updatedAt.toISOString(),
    }))
  }

  async function toView(reader: NoteReader, note: Note): Promise<NoteView> {
    return (await toViews(reader, [note], { revealed: true }))[0] as NoteView
  }

  /** @throws AppError FORBIDDEN, CONSENT_REQUIRED */
  async function checkSensitive(guide: GuidePrincipal, input: SaveNote): Promise<void> {
    if (!input.sensitive) return
    if (!(await can(guide, 'notes:write-sensitive'))) throw new AppError('FORBIDDEN', 'not for this role')
    if (input.consentVersion !== consentVersion)
      throw new AppError('CONSENT_REQUIRED', 'a sensitive note needs the consent text in force', {
        at: '/consentVersion',
      })
  }

  async function auditWritten(guide: GuidePrincipal, note: Note): Promise<void> {
    if (!note.sensitive) return
    const key = `${note._id.toHexString()}/${note.updatedAt.getTime()}`
    const details = { consentVersion: note.consentVersion ?? '', customer: note.externalUserId }
    await audit.note(guide, { key, action: 'note.sensitive-written', target: note._id.toHexString(), details })
  }

  const toContent = ({ text, chips = [], visibility, sensitive }: SaveNote) => ({
    text: text.trim(),
    chips,
    visibility,
    sensitive,
    consentVersion: sensitive ? consentVersion : null,
  })

  return {
    /** Newest first; sensitive ones without their words. @throws AppError RELATION_NOT_FOUND */
    async list(
      guide: GuidePrincipal,
      externalUserId: string,
      query: { before?: string; limit: number },
    ): Promise<NotePage> {
      const cursor = readCursor(query.before, ['number', 'string'])
      const reader = await readerOf(guide, externalUserId)
      const before = cursor && { at: new Date(cursor[0]), id: cursor[1] }
      const rows = await notes.listVisible(reader, externalUserId, { before, limit: query.limit + 1 })
      const page = toPage(rows, query.limit, (last) => toCursor(last.createdAt.getTime(), last._id.toHexString()))
      return { notes: await toViews(reader, page.rows), next: page.next, consentVersion }
    },

    /**
     * Writes a note, once for each key, and the reminder that goes with it.
     * @throws AppError RELATION_NOT_FOUND, CONSENT_REQUIRED, FORBIDDEN, IDEMPOTENCY_MISMATCH, BAD_REQUEST
     */
    async write(
      guide: GuidePrincipal,
      externalUserId: string,
      { key, followUpAt, ...input }: WriteNote,
    ): Promise<NoteView> {
      if (input.text.trim() === '') throw new AppError('BAD_REQUEST', 'a note without words', { at: '/text' })
      const reader = await readerOf(guide, externalUserId)
      await checkSensitive(guide, input)
      const now = clock.now()
      const content = toContent(input)
      const fresh = { ...reader, externalUserId, key, ...content, createdAt: now, updatedAt: now, removedAt: null }
      const note = (await notes.insertOnce(fresh)) ?? (await notes.findByKey(guide, key))
      if (!note || note.externalUserId !== externalUserId || note.text !== content.text)
        throw new AppError('IDEMPOTENCY_MISMATCH', 'this key stands for another note', { at: '/key' })
      // Each step may be done again, so a repeat after a crash makes up for what is missing.
      const noteId = note._id.toHexString()
      await auditWritten(guide, note)
      await timeline.append(guide.corpId, externalUserId, {
        key: `note/${noteId}`,
        kind: 'noted',
        at: note.createdAt,
        userId: guide.userId,
        byUserId: guide.userId,
        title: note.sensitive ? '' : note.text.slice(0, firstWords),
        facts: { noteId },
      })
      // The reminder goes through chat and phone screens: no sensitive words in it.
      const text = note.sensitive ? '' : note.text.slice(0, 200)
      if (followUpAt) await followUps.set(guide, externalUserId, { key, text, dueAt: followUpAt })
      return toView(reader, note)
    },

    /** @throws AppError NOT_FOUND unless it is the guide's own, RELATION_NOT_FOUND, CONSENT_REQUIRED, FORBIDDEN */
    async edit(guide: GuidePrincipal, externalUserId: string, noteId: string, input: SaveNote): Promise<NoteView> {
      const reader = await readerOf(guide, externalUserId)
      await checkSensitive(guide, input)
      const change = { ...toContent(input), updatedAt: clock.now() }
      const note = await notes.change(guide, externalUserId, noteId, change)
      if (!note) throw notFound(noteId)
      await auditWritten(guide, note)
      return toView(reader, note)
    },

    /** @throws AppError NOT_FOUND unless it is the guide's own, RELATION_NOT_FOUND */
    async remove(guide: GuidePrincipal, externalUserId: string, noteId: string): Promise<void> {
      await readerOf(guide, externalUserId)
      const change = { text: '', chips: [], removedAt: clock.now() }
      if (!(await notes.change(guide, externalUserId, noteId, change))) throw notFound(noteId)
    },

    /**
     * The words of a sensitive note: for its author and for those with the right; on record before they are given.
     * @throws AppError NOT_FOUND, RELATION_NOT_FOUND, FORBIDDEN
     */
    async reveal(guide: GuidePrincipal, externalUserId: string, noteId: string): Promise<NoteView> {
      const reader = await readerOf(guide, externalUserId)
      const note = await notes.findVisible(reader, externalUserId, noteId)
      if (!note) throw notFound(noteId)
      if (!note.sensitive) return toView(reader, note)
      if (note.userId !== guide.userId && !(await can(guide, 'notes:read-sensitive')))
        throw new AppError('FORBIDDEN', 'sensitive notes are not for this role')
      await audit.note(guide, { action: 'note.sensitive-read', target: noteId, details: { customer: externalUserId } })
      return toView(reader, note)
    },
  }
}

export type NoteService = ReturnType<typeof createNoteService>

const notFound = (noteId: string) => new AppError('NOT_FOUND', `no note ${noteId} that this guide may use so`)
