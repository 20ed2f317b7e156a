import type { CardContent } from '@guidebar/contracts'
import { trusted, type Connection } from 'mongoose'

import type { LibraryStamps } from '../../platform/library-stamp.ts'
import { searchKeys } from '../../platform/pinyin-keys.ts'
import { createShelf } from '../../platform/shelf/shelf.ts'
import type { MediaService } from '../media/media.service.ts'
import { lintCard } from './card.lint.ts'
import { cardModel, type Card } from './card.model.ts'
import { toLibraryName, type CardService } from './card.service.ts'

type Deps = {
  db: Connection
  stamps: LibraryStamps
  media: Pick<MediaService, 'existing' | 'urlOf'>
  cards: Pick<CardService, 'listPrograms'>
  publicUrl: string
}

/** Mini-program cards as the desk keeps them. */
export function createCardShelf({ db, stamps, media, cards, publicUrl }: Deps) {
  const coverOf = ({ coverAssetId, coverUrl }: CardContent) =>
    coverAssetId ? media.urlOf(coverAssetId) : (coverUrl ?? '')

  return createShelf<Card, CardContent>(
    { db, stamps },
    {
      name: 'cards',
      model: cardModel(db) as never,
      libraryOf: (corpId) => toLibraryName(corpId),
      lifeOf: ({ status }) => (status === 'off_shelf' ? 'archived' : status),
      life: {
        draft: () => ({ status: 'draft' }),
        published: () => ({ status: 'published' }),
        archived: () => ({ status: 'off_shelf' }),
      },
      shownFilter: { status: trusted({ $in: ['draft', 'published'] }) },
      lifeFilter: {
        draft: { status: 'draft' },
        published: { status: 'published' },
        archived: { status: 'off_shelf' },
      },
      toContent: ({ folder, kind, title, coverAssetId, coverUrl, appId, pathTemplate, sku, priceFen }) => ({
        folder: folder ?? '',
        kind,
        title,
        coverAssetId,
        coverUrl,
        appId,
        pathTemplate,
        sku,
        priceFen,
      }),
      async toFields(corpId, content) {
        const programs = await cards.listPrograms(corpId)
        const programName = programs.find(({ appId }) => appId === content.appId)?.name ?? content.appId
        const title = content.title.trim()
        return { ...content, folder: content.folder.trim(), title, programName, keys: searchKeys(title) }
      },
      async check(corpId, content, { locale }) {
        const linkedAppIds = (await cards.listPrograms(corpId)).map(({ appId }) => appId)
        const isThere = !content.coverAssetId || (await media.existing(corpId, [content.coverAssetId])).length > 0
        const coverUrl = isThere ? coverOf(content) : ''
        return lintCard({ ...content, coverUrl }, { linkedAppIds, publicUrl, locale }).map((finding) => ({
          ...finding,
          at: fieldOf(finding.id),
        }))
      },
      summarize: (content) => ({ summary: content.pathTemplate, pictureUrl: coverOf(content) || null }),
      picturesOf: ({ coverAssetId }) => (coverAssetId ? { [coverAssetId]: media.urlOf(coverAssetId) } : {}),
    },
  )
}

function fieldOf(id: string): string {
  if (id.startsWith('title')) return '/title'
  if (id.startsWith('cover')) return '/coverUrl'
  return id.startsWith('appid') ? '/appId' : '/pathTemplate'
}
