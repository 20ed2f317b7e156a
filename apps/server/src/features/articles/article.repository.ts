import { trusted, type Connection } from 'mongoose'

import { upsertTwice } from '../../platform/duplicate-key.ts'
import { directRelease, everybodys, hadBy } from '../../platform/shelf/shelf.fields.ts'
import { articleModel, type Article } from './article.model.ts'

type Content = Pick<Article, 'title' | 'description' | 'url' | 'coverUrl' | 'keys'>
/** Drafts of the desk are nobody's yet. */
const inUse = { archivedAt: null, isDraft: trusted({ $ne: true }) } as const

export function createArticleRepository(db: Connection) {
  const articles = articleModel(db)
  const upsert = (corpId: string, { title, ...content }: Content, at: Date): Promise<Article> =>
    articles
      .findOneAndUpdate(
        { corpId, title, storeId: trusted({ $in: ['', null] }) },
        {
          $set: { ...content, ...everybodys, updatedAt: at, archivedAt: null, ...directRelease.$set },
          $inc: directRelease.$inc,
          $setOnInsert: { createdAt: at },
        },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<Article>()
      .exec()

  return {
    list: (corpId: string): Promise<Article[]> =>
      articles
        .find({ corpId, ...inUse })
        .sort({ createdAt: -1 })
        .lean<Article[]>()
        .exec(),

    find: (corpId: string, articleId: string, storeId: string): Promise<Article | null> =>
      articles
        .findOne({ _id: articleId, corpId, ...inUse, ...hadBy(storeId) })
        .lean<Article>()
        .exec(),

    /** Known by its title: a second save changes the first. */
    save: (corpId: string, content: Content, at: Date): Promise<Article> =>
      upsertTwice(() => upsert(corpId, content, at)),

    async archive(corpId: string, articleId: string, at: Date): Promise<boolean> {
      const result = await articles.updateOne(
        { _id: articleId, corpId, archivedAt: null },
        { $set: { archivedAt: at } },
      )
      return result.matchedCount === 1
    },
  }
}

export type ArticleRepository = ReturnType<typeof createArticleRepository>
