import { Type, type Static } from 'typebox'

import { ObjectIdText } from './ids.ts'
import { SearchKeys } from './search-keys.ts'

/** A page a guide sends as a link message; whoever opens it passes through our own redirect. */
export const ArticleView = Type.Object({
  id: ObjectIdText,
  title: Type.String(),
  description: Type.String(),
  url: Type.String(),
  coverUrl: Type.String(),
  keys: SearchKeys,
})
export type ArticleView = Static<typeof ArticleView>
export const ArticleCatalogue = Type.Object({ version: Type.String(), articles: Type.Array(ArticleView) })
export type ArticleCatalogue = Static<typeof ArticleCatalogue>

const WebAddress = Type.String({ minLength: 9, maxLength: 1024, pattern: '^https://' })
/** Known by its title: saving again changes it. Title ≤ 128 bytes, description ≤ 512 bytes. */
export const SaveArticle = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 64 }),
    description: Type.String({ maxLength: 200 }),
    url: WebAddress,
    coverUrl: Type.String({ minLength: 8, maxLength: 1024, pattern: '^https?://' }),
  },
  { additionalProperties: false },
)
export type SaveArticle = Static<typeof SaveArticle>
export const ArticleParams = Type.Object({ articleId: ObjectIdText }, { additionalProperties: false })
export const RedirectParams = Type.Object(
  { token: Type.String({ minLength: 16, maxLength: 16, pattern: '^[A-Za-z0-9_-]+$' }) },
  { additionalProperties: false },
)
