import { messageLimits, utf8Bytes, type ArticleCatalogue, type SaveArticle } from '@guidebar/contracts'

import type { GuidePrincipal, MemberKey } from '../../platform/access.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { createKeptLibrary } from '../../platform/kept-library.ts'
import type { LibraryStamps } from '../../platform/library-stamp.ts'
import { searchKeys } from '../../platform/pinyin-keys.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import { isHadBy } from '../../platform/shelf/shelf.fields.ts'
import { toVersion, type StoreOf } from '../../platform/shelf/store-of.ts'
import type { ArticleRepository } from './article.repository.ts'

type Deps = {
  articles: ArticleRepository
  stamps: LibraryStamps
  profiles: { read(corpId: string, externalUserId: string): Promise<{ openTracking: boolean }> }
  storeOf: StoreOf
  audit: AuditService
  publicUrl: string
  clock: Clock
}

/** An article ready to go out. */
export type SendableArticle = {
  title: string
  description: string
  coverUrl: string
  /** Where it stands. */
  url: string
  /** What the customer opens: our redirect, or the page itself. */
  link: string
  isTracked: boolean
}

/** Pages that guides send, with a redirect of our own that tells when they are opened. */
export function createArticleService({ articles, stamps, profiles, storeOf, audit, publicUrl, clock }: Deps) {
  const catalogue = createKeptLibrary('articles', stamps, articles.list)

  async function save(corpId: string, input: SaveArticle): Promise<string> {
    checkArticle(input)
    const title = input.title.trim()
    const content = { ...input, title, url: new URL(input.url).href, keys: searchKeys(title) }
    const article = await catalogue.changing(corpId, () => articles.save(corpId, content, clock.now()))
    return article._id.toHexString()
  }

  return {
    /** Changes when what this guide has does. */
    version: async (guide: GuidePrincipal) => toVersion(await catalogue.version(guide.corpId), await storeOf(guide)),

    /** Everybody's, and those of the guide's store. */
    async catalogue(guide: GuidePrincipal): Promise<ArticleCatalogue> {
      const [{ version, value }, storeId] = await Promise.all([catalogue.read(guide.corpId), storeOf(guide)])
      const own = value.filter((article) => isHadBy(article, storeId))
      return {
        version: toVersion(version, storeId),
        articles: own.map(({ _id, title, description, url, coverUrl, keys }) => ({
          id: _id.toHexString(),
          title,
          description,
          url,
          coverUrl,
          keys,
        })),
      }
    },

    /** @returns the store it belongs to, empty for everybody's; null when nobody can send it */
    async storeOfArticle(corpId: string, articleId: string): Promise<string | null> {
      const { value } = await catalogue.read(corpId)
      const found = value.find(({ _id }) => _id.toHexString() === articleId)
      return found ? (found.storeId ?? '') : null
    },

    /** For those who may speak for the corp. @returns the article's id @throws AppError BAD_REQUEST */
    save,

    async saveAs({ corpId, userId }: MemberKey, input: SaveArticle): Promise<string> {
      const id = await save(corpId, input)
      await audit.note({ corpId, userId }, { action: 'article.saved', target: id })
      return id
    },

    /** Links sent before go on leading there. @throws AppError NOT_FOUND */
    async archive({ corpId, userId }: MemberKey, articleId: string): Promise<void> {
      await audit.note({ corpId, userId }, { action: 'article.saved', target: articleId, details: { archived: true } })
      if (!(await catalogue.changing(corpId, () => articles.archive(corpId, articleId, clock.now()))))
        throw new AppError('NOT_FOUND', 'no such article')
    },

    /**
     * @param to the article, the link's token, and the customer; null for a group
     * @throws AppError NOT_FOUND for another corp's, another store's and an archived one alike
     */
    async getForSend(
      corpId: string,
      storeId: string,
      { articleId, token, externalUserId }: { articleId: string; token: string; externalUserId: string | null },
    ): Promise<SendableArticle> {
      const [article, profile] = await Promise.all([
        articles.find(corpId, articleId, storeId),
        externalUserId === null ? null : profiles.read(corpId, externalUserId),
      ])
      if (!article) throw new AppError('NOT_FOUND', 'no such article', { at: '/content/articleId' })
      const { title, description, coverUrl, url } = article
      const isTracked = profile?.openTracking ?? true
      return { title, description, coverUrl, url, link: isTracked ? `${publicUrl}/r/${token}` : url, isTracked }
    },
  }
}

export type ArticleService = ReturnType<typeof createArticleService>

function checkArticle({ title, description, url }: SaveArticle): void {
  const parsed = URL.parse(url)
  if (parsed?.protocol !== 'https:' || parsed.username || parsed.password)
    throw new AppError('BAD_REQUEST', 'an https address without a sign-in in it is needed', { at: '/url' })
  if (title.trim() === '') throw new AppError('BAD_REQUEST', 'a title without words', { at: '/title' })
  if (utf8Bytes(title) > messageLimits.linkTitleBytes)
    throw new AppError('BAD_REQUEST', 'title too long', { at: '/title' })
  if (utf8Bytes(description) > messageLimits.linkDescriptionBytes)
    throw new AppError('BAD_REQUEST', 'description too long', { at: '/description' })
}
