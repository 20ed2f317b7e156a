import type { ArticleView, MiniProgramCardView, QuickReplyView, RelationTag } from '@guidebar/contracts'
import { createIndex, type SearchIndex, type SearchItem } from '@guidebar/pinyin-search'

import type { Paragraph } from '../knowledge/paragraphs.ts'

export type Hit =
  | { kind: 'reply'; reply: QuickReplyView }
  | { kind: 'card'; card: MiniProgramCardView }
  | { kind: 'paragraph'; paragraph: Paragraph }
  | { kind: 'article'; article: ArticleView }
  | { kind: 'tag'; tag: RelationTag & { keys: string } }
export type HitKind = Hit['kind']

type Row = SearchItem & { hit: Hit }
export type HitIndex = SearchIndex<Row>

/** How much the likeliest is ahead of the least likely where both fit alike: less than a fit at the start is worth. */
const mostAhead = 40

/** @param hits the likeliest first */
export function createHitIndex(hits: Hit[]): HitIndex {
  return createIndex(hits.map((hit, at) => ({ ...describe(hit), weight: mostAhead * (1 - at / hits.length), hit })))
}

/** What each kind is found by, besides its name: a short code or SKU, and words it says. */
function describe(hit: Hit): SearchItem {
  switch (hit.kind) {
    case 'reply': {
      const { title, keys, shortcut, folder } = hit.reply
      return { title, keys, shortcut, body: `${folder} ${bodyOf(hit.reply)}` }
    }
    case 'card': {
      const { title, keys, sku, programName } = hit.card
      return { title, keys, shortcut: sku, body: `${sku} ${programName}` }
    }
    case 'paragraph': {
      const { heading, keys, text, articleTitle } = hit.paragraph
      return { title: heading, keys, body: `${articleTitle} ${text}` }
    }
    case 'article': {
      const { title, keys, description } = hit.article
      return { title, keys, body: description }
    }
    default: {
      const { name, keys, groupName } = hit.tag
      return { title: name, keys, body: groupName }
    }
  }
}

/** An id that is the hit's alone among all kinds. */
export function toHitId(hit: Hit): string {
  switch (hit.kind) {
    case 'reply':
      return hit.reply.id
    case 'card':
      return hit.card.id
    case 'paragraph':
      return `${hit.paragraph.articleId}/${hit.paragraph.id}`
    case 'article':
      return hit.article.id
    default:
      return hit.tag.tagId
  }
}

/** What a reply says; names of variables are nobody's words. */
function bodyOf(reply: Pick<QuickReplyView, 'parts'>): string {
  return reply.parts
    .map((part) =>
      part.type === 'text'
        ? part.text.replace(/\{\{[^{}]*\}\}/g, '')
        : part.type === 'link'
          ? `${part.title} ${part.description}`
          : 'assetId' in part
            ? part.name
            : '',
    )
    .join(' ')
}
