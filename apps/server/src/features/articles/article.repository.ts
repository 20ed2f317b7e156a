import type { Connection } from 'mongoose'

import { createTitledRepository } from '../../platform/shelf/titled.repository.ts'
import { articleModel, type Article } from './article.model.ts'

type Content = Pick<Article, 'title' | 'description' | 'url' | 'coverUrl' | 'keys'>

export const createArticleRepository = (db: Connection) =>
  createTitledRepository<Article, Content>({ model: articleModel(db) as never, sort: { createdAt: -1 } })

export type ArticleRepository = ReturnType<typeof createArticleRepository>
