import { messageLimits, utf8Bytes, type ArticleContent } from '@guidebar/contracts'
import { trusted, type Connection } from 'mongoose'

import type { LibraryStamps } from '../../platform/library-stamp.ts'
import { searchKeys } from '../../platform/pinyin-keys.ts'
import { toFinding, type Fault, type FaultId } from '../../platform/shelf/fault-words.ts'
import { createShelf } from '../../platform/shelf/shelf.ts'
import { articleModel, type Article } from './article.model.ts'

/** Articles as the desk keeps them. */
export function createArticleShelf({ db, stamps }: { db: Connection; stamps: LibraryStamps }) {
  return createShelf<Article, ArticleContent>(
    { db, stamps },
    {
      name: 'articles',
      model: articleModel(db) as never,
      libraryOf: (corpId) => `articles/${corpId}`,
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
      toContent: ({ folder, title, description, url, coverUrl }) => ({
        folder: folder ?? '',
        title,
        description,
        url,
        coverUrl,
      }),
      async toFields(_, content) {
        const title = content.title.trim()
        const url = URL.parse(content.url)?.href ?? content.url
        return { ...content, folder: content.folder.trim(), title, url, keys: searchKeys(title) }
      },
      check: async (_, content, { locale }) => findArticleFaults(content).map((fault) => toFinding(fault, locale)),
      summarize: ({ url, coverUrl }) => ({ summary: url, pictureUrl: coverUrl }),
      picturesOf: () => ({}),
    },
  )
}

function findArticleFaults({ title, description, url, coverUrl }: ArticleContent): Fault[] {
  const faults: Fault[] = title.trim() === '' ? [{ id: 'title-empty', at: '/title' }] : []
  const limit = (id: FaultId, text: string, max: number, at: string) => {
    if (utf8Bytes(text) > max) faults.push({ id, at, values: [utf8Bytes(text), max] })
  }
  limit('title-too-long', title, messageLimits.linkTitleBytes, '/title')
  limit('description-too-long', description, messageLimits.linkDescriptionBytes, '/description')
  const parsed = URL.parse(url)
  if (parsed?.protocol !== 'https:' || parsed.username || parsed.password)
    faults.push({ id: 'address-not-https', at: '/url' })
  if (!/^https?:$/.test(URL.parse(coverUrl)?.protocol ?? '')) faults.push({ id: 'address-bad', at: '/coverUrl' })
  return faults
}
