import { Type, type Static } from 'typebox'

import { ObjectIdText } from './ids.ts'
import { SearchKeys } from './search-keys.ts'

export const ParagraphId = Type.String({ minLength: 1, maxLength: 40, pattern: '^[A-Za-z0-9_-]+$' })

/** Facts about a product or a service, in paragraphs that can be sent one by one. */
export const KnowledgeArticleView = Type.Object({
  id: ObjectIdText,
  folder: Type.String(),
  title: Type.String(),
  /** The product it is about; empty when it is about none. */
  sku: Type.String(),
  keys: SearchKeys,
  paragraphs: Type.Array(
    Type.Object({ id: ParagraphId, heading: Type.String(), text: Type.String(), keys: SearchKeys }),
  ),
})
export type KnowledgeArticleView = Static<typeof KnowledgeArticleView>
export const KnowledgeLibrary = Type.Object({ version: Type.String(), articles: Type.Array(KnowledgeArticleView) })
export type KnowledgeLibrary = Static<typeof KnowledgeLibrary>

/** Known by its title: saving again changes it. Paragraph ids stay, so that what was sent can be found again. */
export const SaveKnowledgeArticle = Type.Object(
  {
    folder: Type.String({ maxLength: 30 }),
    title: Type.String({ minLength: 1, maxLength: 60 }),
    sku: Type.Optional(Type.String({ maxLength: 64 })),
    paragraphs: Type.Array(
      Type.Object(
        {
          id: ParagraphId,
          heading: Type.String({ minLength: 1, maxLength: 60 }),
          text: Type.String({ minLength: 1, maxLength: 1200 }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 40 },
    ),
  },
  { additionalProperties: false },
)
export type SaveKnowledgeArticle = Static<typeof SaveKnowledgeArticle>
export const KnowledgeParams = Type.Object({ articleId: ObjectIdText }, { additionalProperties: false })
export const SavedId = Type.Object({ id: ObjectIdText })
export type SavedId = Static<typeof SavedId>
