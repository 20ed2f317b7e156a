import type { KnowledgeArticleView, KnowledgeLibrary } from '@guidebar/contracts'

/** One paragraph of the knowledge base with what it belongs to: the piece that is sent. */
export type Paragraph = KnowledgeArticleView['paragraphs'][number] & {
  articleId: string
  articleTitle: string
  folder: string
}

export const toParagraphs = ({ articles }: KnowledgeLibrary): Paragraph[] =>
  articles.flatMap(({ id, title, folder, paragraphs }) =>
    paragraphs.map((paragraph) => ({ ...paragraph, articleId: id, articleTitle: title, folder })),
  )
