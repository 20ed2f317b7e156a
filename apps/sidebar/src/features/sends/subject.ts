import type { ArticleView, MiniProgramCardView, QuickReplyView } from '@guidebar/contracts'

import type { Paragraph } from '../knowledge/paragraphs.ts'

/** look: only look at it · send: it goes out at once unless something is missing · edit: its words are to be changed */
export type Wish = 'look' | 'send' | 'edit'
/** What a guide looks at before it goes out, and what for; to look at it unless it says more. */
export type Subject = (
  | { reply: QuickReplyView }
  | { card: MiniProgramCardView }
  | { paragraph: Paragraph }
  | { article: ArticleView }
) & { wish?: Wish }
