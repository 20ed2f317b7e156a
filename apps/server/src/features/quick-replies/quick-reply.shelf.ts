import type { ReplyPart, SaveQuickReply } from '@guidebar/contracts'
import { trusted, type Connection } from 'mongoose'

import type { LibraryStamps } from '../../platform/library-stamp.ts'
import { searchKeys } from '../../platform/pinyin-keys.ts'
import { toFinding, type Fault } from '../../platform/shelf/fault-words.ts'
import { createShelf } from '../../platform/shelf/shelf.ts'
import type { MediaService } from '../media/media.service.ts'
import type { CardService } from '../mini-program-cards/card.service.ts'
import { findPartFaults } from './quick-reply.checks.ts'
import { toLibraryName } from './quick-reply.library.ts'
import { quickReplyModel, type QuickReply } from './quick-reply.model.ts'
import type { Audience } from './quick-reply.repository.ts'

type Deps = {
  db: Connection
  stamps: LibraryStamps
  media: Pick<MediaService, 'kinds' | 'urlOf'>
  cards: Pick<CardService, 'existing' | 'listFor'>
}

/** Quick replies as the desk keeps them. */
export function createQuickReplyShelf({ db, stamps, media, cards }: Deps) {
  const model = quickReplyModel(db)

  /** Pictures, files and cards named in a reply belong to the same corp, and who has the reply can send the cards. */
  async function findReferenceFaults(corpId: string, storeId: string, parts: ReplyPart[]): Promise<Fault[]> {
    const assetIds = parts.flatMap((part) => ('assetId' in part ? [part.assetId] : []))
    const cardIds = parts.flatMap((part) => (part.type === 'card' ? [part.cardId] : []))
    const kinds = await media.kinds(corpId, assetIds)
    const known = new Set(cardIds.length > 0 ? await cards.existing(corpId, cardIds, storeId) : [])
    const published = new Set(cardIds.length > 0 ? (await cards.listFor(corpId, storeId)).map(({ id }) => id) : [])
    return parts.flatMap((part, index): Fault[] => {
      const at = `/parts/${index}`
      if ('assetId' in part)
        return kinds.get(part.assetId) === part.type
          ? []
          : [{ id: part.type === 'image' ? 'picture-missing' : 'file-missing', at }]
      if (part.type !== 'card' || published.has(part.cardId)) return []
      return [{ id: known.has(part.cardId) ? 'card-not-published' : 'card-missing', at }]
    })
  }

  return createShelf<QuickReply, SaveQuickReply>(
    { db, stamps },
    {
      name: 'replies',
      model: model as never,
      libraryOf: (corpId, { scope = 'corp', storeId = '', ownerUserId = '' }) =>
        toLibraryName({ corpId, scope, storeId, ownerUserId } as Audience),
      lifeOf: ({ isDraft, archivedAt }) => (isDraft ? 'draft' : archivedAt ? 'archived' : 'published'),
      life: {
        draft: () => ({ archivedAt: null }),
        published: () => ({ archivedAt: null }),
        archived: (at) => ({ archivedAt: at }),
      },
      shownFilter: { archivedAt: null },
      lifeFilter: {
        draft: { isDraft: true },
        published: { isDraft: trusted({ $ne: true }), archivedAt: null },
        archived: { isDraft: trusted({ $ne: true }), archivedAt: trusted({ $ne: null }) },
      },
      toContent: ({ folder, title, shortcut, parts }) => ({ folder, title, shortcut, parts }),
      async toFields(_, { folder, title, shortcut, parts }) {
        const name = title.trim()
        return {
          folder: folder.trim(),
          title: name,
          shortcut: shortcut.toLowerCase(),
          parts: parts.map(withoutPreview),
          keys: searchKeys(name),
        }
      },
      async check(corpId, { title, parts }, { locale, storeId }) {
        const faults: Fault[] = title.trim() === '' ? [{ id: 'title-empty', at: '/title' }] : []
        faults.push(...findPartFaults(parts), ...(await findReferenceFaults(corpId, storeId, parts)))
        return faults.map((fault) => toFinding(fault, locale))
      },
      summarize: ({ parts }) => ({ summary: toSummary(parts[0]), pictureUrl: toPicture(parts[0], media.urlOf) }),
      picturesOf: ({ parts }) =>
        Object.fromEntries(
          parts.flatMap((part) => ('assetId' in part ? [[part.assetId, media.urlOf(part.assetId)]] : [])),
        ),
    },
  )
}

function toSummary(part: ReplyPart | undefined): string {
  if (part?.type === 'text') return part.text.slice(0, 120)
  if (part?.type === 'link') return part.title
  return part && 'assetId' in part ? part.name : ''
}

function toPicture(part: ReplyPart | undefined, urlOf: (assetId: string) => string): string | null {
  if (part?.type === 'image') return urlOf(part.assetId)
  return part?.type === 'link' ? part.imageUrl : null
}

function withoutPreview(part: ReplyPart): ReplyPart {
  if (!('assetId' in part)) return part
  const { type, assetId, name } = part
  return { type, assetId, name }
}
