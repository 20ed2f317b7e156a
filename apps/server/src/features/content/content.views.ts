import type { AnyContent, ContentItem, ContentRelease, ContentRow } from '@guidebar/contracts'

import type { Release, ShelfRow } from '../../platform/shelf/shelf.fields.ts'
import type { Shelf } from '../../platform/shelf/shelf.ts'
import { isWritable, type Actor } from './content.actor.ts'

export type ViewNames = {
  /** Names of members by userid. */
  people: Map<string, { name: string }>
  stores: Map<string, string>
  uses: Map<string, number>
}

/** What is being written, or what guides have. */
export const currentContent = (shelf: Shelf, row: ShelfRow): AnyContent => row.work?.content ?? shelf.toContent(row)

export function toRowView(shelf: Shelf, row: ShelfRow, { people, stores, uses }: ViewNames): ContentRow {
  const life = shelf.lifeOf(row)
  const id = row._id.toHexString()
  const ownerUserId = row.ownerUserId || row.keeperUserId || row.release?.byUserId || ''
  return {
    id,
    folder: row.folder ?? '',
    title: row.title,
    scope: row.scope ?? 'corp',
    storeId: row.storeId ?? '',
    storeName: stores.get(row.storeId ?? '') ?? '',
    ownerUserId,
    ownerName: nameOf(people, ownerUserId),
    state: life === 'draft' ? (row.work?.state === 'review' ? 'review' : 'draft') : life,
    change: life === 'draft' ? null : (row.work?.state ?? null),
    uses: uses.get(id) ?? 0,
    expiresOn: row.expiresOn ?? null,
    version: row.version ?? 0,
    updatedAt: row.updatedAt.toISOString(),
    ...shelf.summarize(shelf.toContent(row)),
  }
}

export function toItemView(
  shelf: Shelf,
  row: ShelfRow,
  { names, actor, needsSecondPerson }: { names: ViewNames; actor: Actor; needsSecondPerson: boolean },
): ContentItem {
  const content = currentContent(shelf, row)
  const mayWrite = isWritable(actor, row)
  const isOwn = row.work?.byUserId === actor.userId
  return {
    row: toRowView(shelf, row, names),
    edit: row.edit ?? 0,
    live: shelf.lifeOf(row) === 'draft' ? null : shelf.toContent(row),
    work: row.work && {
      content: row.work.content,
      expiresOn: row.work.expiresOn,
      byName: nameOf(names.people, row.work.byUserId),
      at: row.work.at.toISOString(),
      refusedBecause: row.work.refusedBecause,
    },
    rights: {
      write: mayWrite && actor.ability.can('write', shelf.name),
      publish:
        mayWrite &&
        actor.ability.can('publish', shelf.name) &&
        (!needsSecondPerson || (row.work?.state === 'review' && !isOwn)),
    },
    pictures: { ...shelf.picturesOf(shelf.toContent(row)), ...shelf.picturesOf(content) },
  }
}

export function toReleaseView(
  { number, byUserId, approvedBy, at, why, from }: Release,
  people: ViewNames['people'],
): ContentRelease {
  return {
    number,
    byName: nameOf(people, byUserId),
    approvedByName: nameOf(people, approvedBy),
    at: at.toISOString(),
    why,
    from,
  }
}

/** Somebody who serves nobody has no name here; his userid still says who it was. */
const nameOf = (people: ViewNames['people'], userId: string) => people.get(userId)?.name ?? userId
