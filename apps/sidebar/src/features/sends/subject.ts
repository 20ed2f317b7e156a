import type { ArticleView, MiniProgramCardView, QuickReplyView } from '@guidebar/contracts'

import type { Paragraph } from '../knowledge/paragraphs.ts'

/** What a guide looks at before it goes out. */
export type Subject =
  | { reply: QuickReplyView }
  | { card: MiniProgramCardView }
  | { paragraph: Paragraph }
  | { article: ArticleView }
