import type { QuickReplyView, ReplyPart } from '@guidebar/contracts'
import type { Range } from '@guidebar/pinyin-search'
import type { IconName } from '@guidebar/ui'

import type { Translations } from '../../platform/i18n.ts'
import { splitMarked, type MarkedText } from '../../app/marked-text.ts'
import { summarize, type ReplyValues } from './reply-text.ts'

/** What a row of the list shows, ready to be written down. */
export type ReplyRowView = { icon: IconName; title: MarkedText; badges: string; code: string; summary: string }

const icons: Record<ReplyPart['type'], IconName> = { text: 'text', image: 'image', link: 'link', card: 'card' }

/** Rows of one chat: what does not change from one keystroke to the next is worked out once. */
export function createReplyRows(t: Translations['t'], values: ReplyValues) {
  const known = new WeakMap<QuickReplyView, Omit<ReplyRowView, 'title'>>()

  function describe(reply: QuickReplyView): Omit<ReplyRowView, 'title'> {
    const [first] = reply.parts
    return {
      icon: reply.parts.length > 1 ? 'stack' : icons[first?.type ?? 'text'],
      badges: [
        ...(reply.parts.length > 1 ? [t('replies.parts', { count: reply.parts.length })] : []),
        ...(reply.scope === 'corp' ? [] : [t(`replies.${reply.scope}`)]),
      ].join(' · '),
      code: reply.shortcut ? `/${reply.shortcut}` : '',
      summary: summarize(reply, values) || t(`sends.${first?.type ?? 'text'}`),
    }
  }

  return (reply: QuickReplyView, ranges: Range[]): ReplyRowView => {
    let fixed = known.get(reply)
    if (!fixed) known.set(reply, (fixed = describe(reply)))
    return { ...fixed, title: splitMarked(reply.title, ranges) }
  }
}
