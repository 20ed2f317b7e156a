import { randomUUID } from 'node:crypto'

import type {
  AnyContent,
  BulkContent,
  BulkResult,
  ContentFinding,
  ContentItem,
  ContentKind,
  ContentPage,
  ContentQuery,
  ContentRow,
  ContentVersions,
  CreateContent,
  RollBackContent,
  SaveQuickReply,
  SaveContent,
  TakeContentStep,
  WordLocale,
} from '@guidebar/contracts'
import { createIndex, search } from '@guidebar/pinyin-search'
import { trusted, Types } from 'mongoose'

import type { MemberKey } from '../../platform/access.ts'
import { beijingDay } from '../../platform/beijing-time.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { readCursor, toCursor, toPage } from '../../platform/page-cursor.ts'
import { scope } from '../../platform/rights/scope.ts'
import type { Audience, Release, ShelfRow, Work } from '../../platform/shelf/shelf.fields.ts'
import type { Shelf, ToRelease } from '../../platform/shelf/shelf.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { ContentRulesRepository } from './content-rules.model.ts'
import { isReadable, isWritable, readable, requireRight, type Actor } from './content.actor.ts'
import { currentContent, toItemView, toReleaseView, toRowView, type ViewNames } from './content.views.ts'

export type Shelves = Record<ContentKind, Shelf>
type Deps = {
  shelves: Shelves
  rules: ContentRulesRepository
  usage: { ofTeam(corpId: string): Promise<Map<string, number>> }
  lookups: { usedSince(corpId: string, day: string): Promise<Set<string>> }
  stores: {
    people(corpId: string, userIds: string[]): Promise<Map<string, { name: string }>>
    names(corpId: string, storeIds: string[]): Promise<Map<string, string>>
  }
  audit: AuditService
  clock: Clock
}

const soonDays = 14
const unusedDays = 90
/** More rows than this a search does not look at: the newest count. */
const mostSearched = 20_000

/** Where admins write what guides send: drafts, a second pair of eyes, publication, and the way back. */
export function createContentService(deps: Deps) {
  const { shelves, rules, usage, lookups, stores, audit, clock } = deps

  async function namesFor(corpId: string, rows: ShelfRow[], more: string[] = []): Promise<ViewNames> {
    const userIds = rows.flatMap(({ ownerUserId, keeperUserId, work, release }) =>
      [ownerUserId, keeperUserId, work?.byUserId, release?.byUserId].filter((id) => id !== undefined),
    )
    const storeIds = rows.map(({ storeId }) => storeId ?? '').filter(Boolean)
    const [people, storeNames, uses] = await Promise.all([
      stores.people(corpId, [...new Set([...userIds, ...more].filter(Boolean))]),
      stores.names(corpId, [...new Set(storeIds)]),
      usage.ofTeam(corpId),
    ])
    return { people, stores: storeNames, uses }
  }

  async function view(actor: Actor, shelf: Shelf, id: string): Promise<ContentItem> {
    const row = await requireRow(actor, shelf, id)
    const [names, { needsSecondPerson }] = await Promise.all([namesFor(actor.corpId, [row]), rules.read(actor.corpId)])
    return toItemView(shelf, row, { names, actor, needsSecondPerson })
  }

  /** What lies outside an admin's reach is not there for him. */
  async function requireRow(actor: Actor, shelf: Shelf, id: string): Promise<ShelfRow> {
    const row = await shelf.find(actor.corpId, id)
    if (!row || !isReadable(actor, row)) throw notFound()
    return row
  }

  async function requireWritable(actor: Actor, shelf: Shelf, id: string): Promise<ShelfRow> {
    const row = await requireRow(actor, shelf, id)
    if (!isWritable(actor, row)) throw new AppError('FORBIDDEN', 'this may be read, not changed')
    return row
  }

  async function filterOf(actor: Actor, kind: ContentKind, query: Omit<ContentQuery, 'limit'>): Promise<object> {
    const { scope: wanted, storeId, folder, state, expiry, unused } = query
    const shelf = shelves[kind]
    const now = clock.now()
    const today = beijingDay(now)
    const parts: object[] = [readable(actor, kind)]
    // What guides wrote for themselves is asked for by name: there may be any number of it.
    if (kind === 'replies') parts.push({ scope: wanted ?? trusted({ $in: ['corp', 'store'] }) })
    else if (wanted) parts.push({ scope: wanted === 'corp' ? trusted({ $in: ['corp', null] }) : wanted })
    if (storeId !== undefined) parts.push({ storeId })
    if (folder !== undefined) parts.push({ folder })
    if (state === 'draft' || state === 'review') parts.push({ 'work.state': state })
    else if (state) parts.push(shelf.lifeFilter[state])
    else parts.push(shelf.shownFilter)
    if (expiry === 'over') parts.push({ expiresOn: trusted({ $lt: today }) })
    if (expiry === 'soon') parts.push({ expiresOn: trusted({ $gte: today, $lte: beijingDay(now, -soonDays) }) })
    if (unused) {
      const used = await lookups.usedSince(actor.corpId, beijingDay(now, unusedDays))
      const oldest = new Date(now.getTime() - unusedDays * 24 * 3_600_000)
      parts.push({ _id: trusted({ $nin: [...used].map((id) => new Types.ObjectId(id)) }) })
      parts.push({ createdAt: trusted({ $lt: oldest }) }, shelf.lifeFilter.published)
    }
    return { $and: parts }
  }

  /** Ids of a filter's rows that are found by these words, or null when nothing is searched for. */
  async function findByWords(shelf: Shelf, filter: object, q = ''): Promise<Types.ObjectId[] | null> {
    if (q.trim() === '') return null
    const rows = await shelf.listTitles(filter, mostSearched)
    return search(createIndex(rows), q, mostSearched).map(({ item }) => item._id)
  }

  /** @throws AppError CARD_NOT_SENDABLE, TEMPLATE_INVALID: what would fail in a chat is not published */
  async function requireSendable(shelf: Shelf, row: ShelfRow, content: AnyContent): Promise<void> {
    const [first, ...more] = await shelf.check(row.corpId, content, { storeId: row.storeId })
    if (!first) return
    const code = shelf.name === 'cards' ? 'CARD_NOT_SENDABLE' : 'TEMPLATE_INVALID'
    throw new AppError(code, `lint: ${[first, ...more].map(({ id }) => id).join(', ')}`, { at: `/content${first.at}` })
  }

  const newWork = (actor: Actor, content: AnyContent, expiresOn: string | null): Work => ({
    content,
    expiresOn,
    byUserId: actor.userId,
    at: clock.now(),
    state: 'draft',
    refusedBecause: '',
  })

  function toReleased(
    row: ShelfRow,
    content: AnyContent,
    expiresOn: string | null,
    release: Partial<Release>,
  ): ToRelease {
    const byUserId = release.byUserId ?? row.work?.byUserId ?? ''
    const base = { approvedBy: '', at: clock.now(), why: 'published', from: null, key: randomUUID() } as const
    return { row, content, expiresOn, release: { ...base, ...release, byUserId } }
  }

  async function note(
    actor: Actor,
    action: NotedAction,
    row: ShelfRow,
    kind: ContentKind,
    details = {},
  ): Promise<void> {
    const target = row._id.toHexString()
    await audit.note(actor, { action, target, details: { kind, version: row.version ?? 0, ...details } })
  }

  /** @throws AppError FORBIDDEN for one's own under the two-person rule, CONFLICT when it was changed meanwhile */
  async function publish(actor: Actor, shelf: Shelf, row: ShelfRow): Promise<void> {
    requireRight(actor, 'publish', shelf.name)
    const { needsSecondPerson } = await rules.read(actor.corpId)
    if (needsSecondPerson) requireSecondPerson(actor, row)
    const content = currentContent(shelf, row)
    await requireSendable(shelf, row, content)
    await note(actor, 'content.published', row, shelf.name)
    const expiresOn = row.work ? row.work.expiresOn : (row.expiresOn ?? null)
    const approvedBy = row.work && row.work.byUserId !== actor.userId ? actor.userId : ''
    const took = await shelf.release([
      toReleased(row, content, expiresOn, { byUserId: row.work?.byUserId ?? actor.userId, approvedBy }),
    ])
    if (took.size === 0) throw changedMeanwhile()
  }

  async function takeStep(actor: Actor, shelf: Shelf, row: ShelfRow, step: TakeContentStep['step'], reason = '') {
    const at = clock.now()
    const { work } = row
    switch (step) {
      case 'publish':
        return publish(actor, shelf, row)
      case 'submit': {
        const content = currentContent(shelf, row)
        await requireSendable(shelf, row, content)
        await note(actor, 'content.submitted', row, shelf.name)
        const waiting = {
          ...(work ?? newWork(actor, content, row.expiresOn)),
          state: 'review',
          refusedBecause: '',
        } as const
        return expectDone(await shelf.saveWork(row, waiting))
      }
      case 'refuse':
        requireRight(actor, 'publish', shelf.name)
        if (work?.state !== 'review') throw changedMeanwhile()
        await note(actor, 'content.refused', row, shelf.name)
        return expectDone(await shelf.saveWork(row, { ...work, state: 'draft', refusedBecause: reason.trim() }))
      case 'discard':
        if (!work) throw changedMeanwhile()
        await note(actor, 'content.discarded', row, shelf.name)
        return expectDone(await shelf.dropWork(row, at))
      case 'archive':
      case 'restore': {
        const wanted = step === 'archive' ? 'archived' : 'published'
        const life = shelf.lifeOf(row)
        if (life === 'draft') throw changedMeanwhile()
        if (life === wanted) return undefined
        if (step === 'restore') {
          requireRight(actor, 'publish', shelf.name)
          await requireSendable(shelf, row, shelf.toContent(row))
        }
        await note(actor, step === 'archive' ? 'content.archived' : 'content.restored', row, shelf.name)
        return expectDone(await shelf.setLife(row, wanted, at))
      }
      default:
        throw new AppError('BAD_REQUEST', 'no such step', { at: '/step' })
    }
  }

  return {
    /** The last changed first. */
    async list(actor: Actor, kind: ContentKind, query: ContentQuery): Promise<ContentPage> {
      const shelf = shelves[kind]
      const cursor = readCursor(query.before, ['number', 'string'])
      const after = cursor && { at: new Date(cursor[0]), id: cursor[1] }
      const filter = await filterOf(actor, kind, query)
      const found = await findByWords(shelf, filter, query.q)
      const rows = await shelf.list(found ? { $and: [filter, { _id: trusted({ $in: found }) }] } : filter, {
        after,
        limit: query.limit + 1,
      })
      const page = toPage(rows, query.limit, ({ updatedAt, _id }) => toCursor(updatedAt.getTime(), _id.toHexString()))
      const names = await namesFor(actor.corpId, page.rows)
      return { rows: page.rows.map((row) => toRowView(shelf, row, names)), next: page.next }
    },

    /** @throws AppError NOT_FOUND for what is another corp's or outside one's reach */
    get: (actor: Actor, kind: ContentKind, id: string): Promise<ContentItem> => view(actor, shelves[kind], id),

    /** What would fail in a chat, in the reader's words. */
    check(
      actor: Actor,
      kind: ContentKind,
      { content, storeId }: { content: AnyContent; storeId?: string },
      locale: WordLocale,
    ): Promise<ContentFinding[]> {
      if (storeId) scope(actor).requireStore(storeId)
      return shelves[kind].check(actor.corpId, content, { locale, storeId })
    },

    /** A draft that no guide has. @throws AppError NOT_FOUND for a store outside one's reach, CONFLICT for a taken name */
    async create(
      actor: Actor,
      kind: ContentKind,
      { content, expiresOn, storeId }: CreateContent,
    ): Promise<ContentItem> {
      if (content.title.trim() === '')
        throw new AppError('BAD_REQUEST', 'a title without words', { at: '/content/title' })
      const audience = toAudience(kind, storeId)
      if (!isWritable(actor, { scope: audience.scope ?? 'corp', storeId })) throw notFound()
      if (storeId && !(await stores.names(actor.corpId, [storeId])).has(storeId)) throw notFound()
      const id = new Types.ObjectId()
      const { corpId, userId } = actor
      await audit.note(actor, { action: 'content.created', target: id.toHexString(), details: { kind } })
      await shelves[kind].insert([
        { id, corpId, audience, work: newWork(actor, content, expiresOn), keeperUserId: userId },
      ])
      return view(actor, shelves[kind], id.toHexString())
    },

    /** @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT when somebody changed it since `edit`, or the name is taken */
    async save(actor: Actor, kind: ContentKind, id: string, input: SaveContent): Promise<ContentItem> {
      const shelf = shelves[kind]
      const row = await requireWritable(actor, shelf, id)
      if (input.content.title.trim() === '')
        throw new AppError('BAD_REQUEST', 'a title without words', { at: '/content/title' })
      if (input.edit !== undefined && input.edit !== (row.edit ?? 0)) throw changedMeanwhile()
      await note(actor, 'content.saved', row, kind)
      expectDone(await shelf.saveWork(row, newWork(actor, input.content, input.expiresOn)))
      return view(actor, shelf, id)
    },

    /**
     * The same step again, by the same `edit`, finds its own work done.
     * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT, CARD_NOT_SENDABLE, TEMPLATE_INVALID
     */
    async step(actor: Actor, kind: ContentKind, id: string, input: TakeContentStep): Promise<ContentItem | null> {
      const shelf = shelves[kind]
      const row = await requireWritable(actor, shelf, id)
      if (input.edit !== (row.edit ?? 0)) throw changedMeanwhile()
      await takeStep(actor, shelf, row, input.step, input.reason)
      const isGone = input.step === 'discard' && shelf.lifeOf(row) === 'draft'
      return isGone ? null : view(actor, shelf, id)
    },

    async versions(actor: Actor, kind: ContentKind, id: string): Promise<ContentVersions> {
      const shelf = shelves[kind]
      const row = await requireRow(actor, shelf, id)
      const versions = await shelf.listVersions(row)
      const userIds = versions.flatMap(({ release }) => [release.byUserId, release.approvedBy])
      const { people } = await namesFor(actor.corpId, [row], userIds)
      return {
        versions: versions.map(({ content, release, number }) => ({
          release: { ...toReleaseView(release, people), number },
          content,
        })),
      }
    },

    /**
     * An older version becomes the newest one at once, also under the two-person rule: it was let pass before.
     * A change that is being written stays as it is.
     * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT, CARD_NOT_SENDABLE, TEMPLATE_INVALID when it would fail today
     */
    async rollBack(
      actor: Actor,
      kind: ContentKind,
      id: string,
      { number, edit }: RollBackContent,
    ): Promise<ContentItem> {
      const shelf = shelves[kind]
      requireRight(actor, 'publish', kind)
      const row = await requireWritable(actor, shelf, id)
      if (edit !== (row.edit ?? 0)) throw changedMeanwhile()
      const version = await shelf.findVersion(row, number)
      if (!version) throw notFound()
      await requireSendable(shelf, row, version.content)
      await note(actor, 'content.rolled-back', row, kind, { to: number })
      const release = { byUserId: actor.userId, why: 'rolled-back', from: number } as const
      const back = toReleased(row, version.content, version.expiresOn, release)
      const took = await shelf.release([{ ...back, keepsWork: true }])
      if (took.size === 0) throw changedMeanwhile()
      return view(actor, shelf, id)
    },

    /** What cannot be done for one row is told; the others are done. */
    async bulk(actor: Actor, kind: ContentKind, { itemIds, step, folder }: BulkContent): Promise<BulkResult> {
      const shelf = shelves[kind]
      const rows = (await shelf.findMany(actor.corpId, itemIds)).filter((row) => isReadable(actor, row))
      const writable = rows.filter((row) => isWritable(actor, row))
      const refused: BulkResult['refused'] = rows
        .filter((row) => !writable.includes(row))
        .map((row) => ({ ...toRefused(row), code: 'FORBIDDEN' }))
      const done: string[] = []
      if (step === 'move') {
        if (folder === undefined) throw new AppError('BAD_REQUEST', 'where to?', { at: '/folder' })
        await audit.note(actor, { action: 'content.moved', target: kind, details: { folder, ids: itemIds } })
        if (writable.length > 0) await shelf.move(writable, folder.trim(), clock.now())
        return { done: writable.map((row) => row._id.toHexString()), refused }
      }
      for (const row of writable) {
        try {
          await takeStep(actor, shelf, row, step)
          done.push(row._id.toHexString())
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          refused.push({ ...toRefused(row), code: error.code })
        }
      }
      return { done, refused }
    },

    /** Folders of what this admin sees, by name. */
    async folders(actor: Actor, kind: ContentKind, order: string[]): Promise<{ name: string; count: number }[]> {
      const counts = await shelves[kind].countFolders(await filterOf(actor, kind, {}))
      const names = [...new Set([...order, ...[...counts.keys()].toSorted((a, b) => a.localeCompare(b, 'zh'))])]
      return names
        .filter((name) => name !== '' || counts.has(''))
        .map((name) => ({ name, count: counts.get(name) ?? 0 }))
    },

    /** Everything of one folder this admin may change goes into another one. @returns how many */
    async renameFolder(actor: Actor, kind: ContentKind, { from, to }: { from: string; to: string }): Promise<number> {
      const shelf = shelves[kind]
      const filter = { $and: [await filterOf(actor, kind, {}), { folder: from }] }
      const rows = (await shelf.list(filter, { after: null, limit: mostSearched })).filter((row) =>
        isWritable(actor, row),
      )
      await audit.note(actor, { action: 'content.moved', target: kind, details: { from, to } })
      if (rows.length > 0) await shelf.move(rows, to.trim(), clock.now())
      return rows.length
    },

    /**
     * Takes in a reply that somebody without a desk wrote: published at once when nothing would fail and one person is
     * enough, else a draft, which waits for a second person under that rule. With the same id it is safe to repeat.
     * @param by who took it in, and answers for it
     * @throws AppError CONFLICT when the name is taken
     */
    async takeIn(
      by: MemberKey,
      { id, content }: { id: string; content: SaveQuickReply },
    ): Promise<'published' | 'review' | 'draft'> {
      const shelf = shelves.replies
      const { corpId, userId } = by
      const [{ needsSecondPerson }, findings] = await Promise.all([rules.read(corpId), shelf.check(corpId, content)])
      const state = findings.length === 0 && needsSecondPerson ? 'review' : 'draft'
      const work: Work = { content, expiresOn: null, byUserId: userId, at: clock.now(), state, refusedBecause: '' }
      const audience = toAudience('replies', '')
      await shelf.insert([{ id: new Types.ObjectId(id), corpId, audience, work, keeperUserId: userId }])
      const row = await shelf.find(corpId, id)
      if (!row || shelf.lifeOf(row) !== 'draft') return 'published'
      if (row.work?.state === 'review') return 'review'
      if (needsSecondPerson || findings.length > 0) return 'draft'
      await shelf.release([toReleased(row, content, null, { byUserId: userId, key: id })])
      return 'published'
    },

    rules: (corpId: string) => rules.read(corpId),

    /** For calls that publish what they save. @throws AppError CONFLICT under the two-person rule */
    async requireNoReview(corpId: string): Promise<void> {
      if ((await rules.read(corpId)).needsSecondPerson)
        throw new AppError('CONFLICT', 'a second person has to look at it first')
    },

    async saveRules(actor: Actor, wanted: { needsSecondPerson: boolean }): Promise<void> {
      await audit.note(actor, { action: 'content.rules-changed', target: actor.corpId, details: wanted })
      await rules.save(actor.corpId, wanted)
    },

    /** Rows of a filter for an export, in pages of the list. */
    async *rowsFor(actor: Actor, kind: ContentKind, query: Omit<ContentQuery, 'limit' | 'before'>) {
      const shelf = shelves[kind]
      const filter = await filterOf(actor, kind, query)
      const found = await findByWords(shelf, filter, query.q)
      const all = found ? { $and: [filter, { _id: trusted({ $in: found }) }] } : filter
      let after: { at: Date; id: string } | null = null
      for (;;) {
        const rows: ShelfRow[] = await shelf.list(all, { after, limit: 500 })
        const last = rows.at(-1)
        if (!last) return
        const names = await namesFor(actor.corpId, rows)
        yield rows.map((row): { row: ContentRow; content: AnyContent } => ({
          row: toRowView(shelf, row, names),
          content: shelf.toContent(row),
        }))
        after = { at: last.updatedAt, id: last._id.toHexString() }
      }
    },

    /** What its last day made invalid goes off the shelf; replies stay and are only marked. @returns how many */
    async takeExpiredOff(corpId: string): Promise<number> {
      const now = clock.now()
      let count = 0
      for (const kind of ['cards', 'knowledge', 'articles'] as const) {
        const shelf = shelves[kind]
        const over = { corpId, expiresOn: trusted({ $lt: beijingDay(now) }) }
        const rows = await shelf.list({ $and: [over, shelf.lifeFilter.published] }, { after: null, limit: 1_000 })
        for (const row of rows) if (await shelf.setLife(row, 'archived', now)) count += 1
      }
      return count
    },
  }
}

/** What a call needs that publishes what it saves. */
export type DirectSaves = { requireNoReview(corpId: string): Promise<void> }
export type ContentService = ReturnType<typeof createContentService>
type NotedAction =
  `content.${'published' | 'submitted' | 'refused' | 'discarded' | 'archived' | 'restored' | 'saved' | 'rolled-back'}`

function toAudience(kind: ContentKind, storeId: string): Audience {
  const audience = { scope: storeId ? 'store' : 'corp', storeId } as const
  return kind === 'replies' ? { ...audience, ownerUserId: '' } : audience
}

function requireSecondPerson({ userId }: Actor, { work }: ShelfRow): void {
  if (work?.state !== 'review') throw new AppError('CONFLICT', 'a second person has to look at it first')
  if (work.byUserId === userId) throw new AppError('FORBIDDEN', 'nobody publishes what he wrote himself')
}

function expectDone(isDone: boolean): void {
  if (!isDone) throw changedMeanwhile()
}

const toRefused = (row: ShelfRow) => ({ id: row._id.toHexString(), title: row.title })
const changedMeanwhile = () => new AppError('CONFLICT', 'somebody has changed it meanwhile')
const notFound = () => new AppError('NOT_FOUND', 'nothing like that at this desk')
