import { trusted, type Connection } from 'mongoose'

import { upsertTwice } from '../../platform/duplicate-key.ts'
import { directRelease, everybodys, hadBy } from '../../platform/shelf/shelf.fields.ts'
import { knowledgeModel, type KnowledgeArticle } from './knowledge.model.ts'

type Content = Pick<KnowledgeArticle, 'folder' | 'title' | 'sku' | 'keys' | 'paragraphs'>
/** Drafts of the desk are nobody's yet. */
const inUse = { archivedAt: null, isDraft: trusted({ $ne: true }) } as const

export function createKnowledgeRepository(db: Connection) {
  const articles = knowledgeModel(db)
  const upsert = (corpId: string, { title, ...content }: Content, at: Date): Promise<KnowledgeArticle> =>
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
      .lean<KnowledgeArticle>()
      .exec()

  return {
    list: (corpId: string): Promise<KnowledgeArticle[]> =>
      articles
        .find({ corpId, ...inUse })
        .sort({ folder: 1, title: 1 })
        .lean<KnowledgeArticle[]>()
        .exec(),

    find: (corpId: string, articleId: string, storeId: string): Promise<KnowledgeArticle | null> =>
      articles
        .findOne({ _id: articleId, corpId, ...inUse, ...hadBy(storeId) })
        .lean<KnowledgeArticle>()
        .exec(),

    /** Known by its title: a second save changes the first. */
    save: (corpId: string, content: Content, at: Date): Promise<KnowledgeArticle> =>
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

export type KnowledgeRepository = ReturnType<typeof createKnowledgeRepository>
