import type { QuickReplyView } from '@guidebar/contracts'
import type { Range } from '@guidebar/pinyin-search'
import type { IconName } from '@guidebar/ui'

import { splitMarked, type MarkedText } from '../../app/marked-text.ts'
import type { createFormat } from '../../platform/format.ts'
import type { Translations } from '../../platform/i18n.ts'
import { summarize, type ReplyValues } from '../quick-replies/reply-text.ts'
import { toHitId, type Hit } from './hits.ts'

/** What a row of the list shows, ready to be written down. */
export type HitRow = {
  icon: IconName
  title: MarkedText
  badges: string
  /** Something to be careful about: expired, used by nobody. */
  caution: string
  code: string
  summary: MarkedText
}
type Fixed = Omit<HitRow, 'title' | 'summary'> & { name: string; words: string }
type RowFacts = {
  t: Translations['t']
  format: ReturnType<typeof createFormat>
  values: ReplyValues
  /** Ids of replies that are over, or that nobody uses. */
  expired: Set<string>
  unused: Set<string>
  /** Tags that the customer has. */
  tagIds: Set<string>
}

/** How much of a summary stands before the word that was found in it. */
const lead = 8

/** Rows of one visit: what does not change from one keystroke to the next is worked out once. */
export function createHitRows(facts: RowFacts) {
  const known = new Map<string, Fixed>()
  return (hit: Hit, ranges: Range[], query: string): HitRow => {
    const id = toHitId(hit)
    let fixed = known.get(id)
    if (!fixed) known.set(id, (fixed = describe(hit, facts)))
    const { name, words, ...rest } = fixed
    const summary = ranges.length === 0 && query ? markWord(words, query) : { pieces: [], rest: words }
    return { ...rest, title: splitMarked(name, ranges), summary }
  }
}

/** Why something was found although its name says nothing of it. */
function markWord(words: string, query: string): MarkedText {
  const at = words.toLowerCase().indexOf(query.toLowerCase())
  if (at < 0) return { pieces: [], rest: words }
  const from = Math.max(0, at - lead)
  const shown = `${from > 0 ? '…' : ''}${words.slice(from)}`
  const start = at - from + (from > 0 ? 1 : 0)
  return splitMarked(shown, [[start, start + query.length]])
}

function describe(hit: Hit, { t, format, values, expired, unused, tagIds }: RowFacts): Fixed {
  const plain = { badges: '', caution: '', code: '' }
  switch (hit.kind) {
    case 'reply':
      return describeReply(hit.reply, { t, values, expired, unused })
    case 'card': {
      const { title, kind, sku, priceFen } = hit.card
      const words = [priceFen === null ? '' : format.money(priceFen), sku].filter(Boolean).join(' · ')
      return { ...plain, icon: 'card', name: title, badges: t(`cards.${kind}`), words }
    }
    case 'paragraph': {
      const { heading, articleTitle, text } = hit.paragraph
      return { ...plain, icon: 'book', name: heading, badges: articleTitle, words: text.replace(/\s+/g, ' ') }
    }
    case 'article':
      return { ...plain, icon: 'article', name: hit.article.title, words: hit.article.description }
    default: {
      const { tagId, name, groupName } = hit.tag
      const on = tagIds.has(tagId)
      return { ...plain, icon: on ? 'check' : 'tag', name, badges: on ? t('search.tagOn') : '', words: groupName }
    }
  }
}

function describeReply(
  reply: QuickReplyView,
  { t, values, expired, unused }: Pick<RowFacts, 't' | 'values' | 'expired' | 'unused'>,
): Fixed {
  const type = reply.parts[0]?.type ?? 'text'
  return {
    icon: reply.parts.length > 1 ? 'stack' : type,
    name: reply.title,
    badges: [
      ...(reply.parts.length > 1 ? [t('replies.parts', { count: reply.parts.length })] : []),
      ...(reply.scope === 'corp' ? [] : [t(`replies.${reply.scope}`)]),
    ].join(' · '),
    caution: expired.has(reply.id) ? t('replyCare.expired') : unused.has(reply.id) ? t('replyCare.unused') : '',
    code: reply.shortcut ? `/${reply.shortcut}` : '',
    words: summarize(reply, values) || t(`sends.${type}`),
  }
}
