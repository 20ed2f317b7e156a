import { ApiError, type SidebarApi } from '@guidebar/api-client'
import { createPanelClient } from '@guidebar/api-client/panel'
import type { SendSource } from '@guidebar/contracts'
import type { QueryClient } from '@tanstack/vue-query'

import { articlesQuery } from '../features/articles/article.queries.ts'
import { knowledgeQuery } from '../features/knowledge/knowledge.queries.ts'
import { toParagraphs } from '../features/knowledge/paragraphs.ts'
import { cardsQuery } from '../features/mini-program-cards/card.queries.ts'
import { repliesQuery } from '../features/quick-replies/reply.queries.ts'
import type { Subject } from '../features/sends/subject.ts'
import { toFailureCode, type FailureCode } from '../platform/failure-words.ts'

type Deps = { api: SidebarApi; queries: QueryClient }
type Found = { subject: Subject; code?: never } | { subject?: never; code: FailureCode }

/** Looks up what is to be sent as the libraries have it now. @returns why not, where it is gone or cannot be asked for */
export async function findSubject(content: SendSource, deps: Deps): Promise<Found> {
  try {
    const subject = await find(content, deps)
    return subject ? { subject } : { code: gone[content.type] }
  } catch (error) {
    if (error instanceof ApiError) return { code: toFailureCode(error) }
    throw error
  }
}

const gone = {
  card: 'CARD_NOT_FOUND',
  reply: 'QUICK_REPLY_NOT_FOUND',
  article: 'NOT_FOUND',
  knowledge: 'NOT_FOUND',
} as const satisfies Record<SendSource['type'], FailureCode>

async function find(content: SendSource, { api, queries }: Deps): Promise<Subject | undefined> {
  const panel = createPanelClient()
  switch (content.type) {
    case 'card': {
      const { cards } = await queries.fetchQuery(cardsQuery(api))
      const card = cards.find(({ id }) => id === content.cardId)
      return card && { card }
    }
    case 'reply': {
      const { replies } = await queries.fetchQuery(repliesQuery(api))
      const reply = replies.find(({ id }) => id === content.replyId)
      return reply && { reply }
    }
    case 'article': {
      const { articles } = await queries.fetchQuery(articlesQuery(panel))
      const article = articles.find(({ id }) => id === content.articleId)
      return article && { article }
    }
    default: {
      const library = await queries.fetchQuery(knowledgeQuery(panel))
      const paragraph = toParagraphs(library).find(
        ({ articleId, id }) => articleId === content.articleId && id === content.paragraphId,
      )
      return paragraph && { paragraph }
    }
  }
}
