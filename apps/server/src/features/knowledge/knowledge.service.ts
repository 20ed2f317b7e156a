import { messageLimits, utf8Bytes, type KnowledgeLibrary, type SaveKnowledgeArticle } from '@guidebar/contracts'

import type { GuidePrincipal, MemberKey } from '../../platform/access.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { createKeptLibrary } from '../../platform/kept-library.ts'
import type { LibraryStamps } from '../../platform/library-stamp.ts'
import { searchKeys } from '../../platform/pinyin-keys.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import { isHadBy } from '../../platform/shelf/shelf.fields.ts'
import { toVersion, type StoreOf } from '../../platform/shelf/store-of.ts'
import { sortByFolder, type FolderOrders } from '../../platform/shelf/folder-orders.ts'
import type { KnowledgeRepository } from './knowledge.repository.ts'

type Deps = {
  articles: KnowledgeRepository
  stamps: LibraryStamps
  folders: Pick<FolderOrders, 'read'>
  storeOf: StoreOf
  audit: AuditService
  clock: Clock
}

/** Facts about products and services, paragraph by paragraph. */
export function createKnowledgeService({ articles, stamps, folders, storeOf, audit, clock }: Deps) {
  const library = createKeptLibrary('knowledge', stamps, async (corpId) => {
    const [all, order] = await Promise.all([articles.list(corpId), folders.read(corpId, 'knowledge')])
    return sortByFolder(all, order)
  })

  async function save(corpId: string, input: SaveKnowledgeArticle): Promise<string> {
    checkParagraphs(input)
    const title = input.title.trim()
    const paragraphs = input.paragraphs.map((paragraph) => ({
      ...paragraph,
      keys: searchKeys(paragraph.heading),
    }))
    const content = { folder: input.folder.trim(), title, sku: input.sku ?? '', keys: searchKeys(title), paragraphs }
    const article = await library.changing(corpId, () => articles.save(corpId, content, clock.now()))
    return article._id.toHexString()
  }

  return {
    /** Changes when what this guide has does. */
    version: async (guide: GuidePrincipal) => toVersion(await library.version(guide.corpId), await storeOf(guide)),

    /** Everybody's, and that of the guide's store. */
    async library(guide: GuidePrincipal): Promise<KnowledgeLibrary> {
      const [{ version, value }, storeId] = await Promise.all([library.read(guide.corpId), storeOf(guide)])
      const own = value.filter((article) => isHadBy(article, storeId))
      return {
        version: toVersion(version, storeId),
        articles: own.map(({ _id, folder, title, sku, keys, paragraphs }) => ({
          id: _id.toHexString(),
          folder,
          title,
          sku,
          keys,
          paragraphs,
        })),
      }
    },

    /** For those who may speak for the corp. @returns the article's id @throws AppError BAD_REQUEST */
    save,

    async saveAs({ corpId, userId }: MemberKey, input: SaveKnowledgeArticle): Promise<string> {
      const id = await save(corpId, input)
      await audit.note({ corpId, userId }, { action: 'knowledge.saved', target: id })
      return id
    },

    /** Gone for the guides, kept for the record. @throws AppError NOT_FOUND */
    async archive({ corpId, userId }: MemberKey, articleId: string): Promise<void> {
      await audit.note(
        { corpId, userId },
        { action: 'knowledge.saved', target: articleId, details: { archived: true } },
      )
      if (!(await library.changing(corpId, () => articles.archive(corpId, articleId, clock.now()))))
        throw new AppError('NOT_FOUND', 'no such article')
    },

    /** @throws AppError NOT_FOUND for another corp's, another store's and an archived one alike */
    async getForSend(
      corpId: string,
      storeId: string,
      { articleId, paragraphId }: { articleId: string; paragraphId: string },
    ): Promise<{ text: string }> {
      const article = await articles.find(corpId, articleId, storeId)
      const paragraph = article?.paragraphs.find(({ id }) => id === paragraphId)
      if (!paragraph) throw new AppError('NOT_FOUND', 'no such paragraph', { at: '/content' })
      return { text: paragraph.text }
    },
  }
}

export type KnowledgeService = ReturnType<typeof createKnowledgeService>

function checkParagraphs({ paragraphs }: SaveKnowledgeArticle): void {
  const ids = new Set(paragraphs.map(({ id }) => id))
  if (ids.size < paragraphs.length)
    throw new AppError('BAD_REQUEST', 'two paragraphs share an id', { at: '/paragraphs' })
  for (const [index, { text }] of paragraphs.entries())
    if (utf8Bytes(text) > messageLimits.textBytes)
      throw new AppError('BAD_REQUEST', 'a paragraph is longer than a message', { at: `/paragraphs/${index}/text` })
}
