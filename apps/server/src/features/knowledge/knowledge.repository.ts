import type { Connection } from 'mongoose'

import { createTitledRepository } from '../../platform/shelf/titled.repository.ts'
import { knowledgeModel, type KnowledgeArticle } from './knowledge.model.ts'

type Content = Pick<KnowledgeArticle, 'folder' | 'title' | 'sku' | 'keys' | 'paragraphs'>

export const createKnowledgeRepository = (db: Connection) =>
  createTitledRepository<KnowledgeArticle, Content>({
    model: knowledgeModel(db) as never,
    sort: { folder: 1, title: 1 },
  })

export type KnowledgeRepository = ReturnType<typeof createKnowledgeRepository>
