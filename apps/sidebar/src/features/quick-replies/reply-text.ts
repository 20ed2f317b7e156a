import type { QuickReplyView, ReplyPart, SidebarContext } from '@guidebar/contracts'
import { parseReply, renderReply, type ReplyVariable } from '@guidebar/contracts/reply-template'

export type ReplyValues = Partial<Record<ReplyVariable, string>>
type Facts = Pick<SidebarContext, 'guide' | 'customer' | 'relation' | 'replyValues'>

/** Values of a reply's variables in this chat; in a group there is no customer, so fallbacks are used. */
export function toReplyValues({ guide, customer, relation, replyValues }: Facts): ReplyValues {
  return {
    ...replyValues,
    'customer.name': customer?.name.trim() ?? '',
    'customer.remark': relation?.remark.trim() ?? '',
    'guide.name': guide.name,
    'store.name': guide.storeName,
  }
}

/** The fallbacks that stand in for a value nobody knows. */
export function usedFallbacks(text: string, values: ReplyValues): string[] {
  return parseReply(text).flatMap((token) =>
    token.type === 'variable' && !values[token.name] && token.fallback ? [token.fallback] : [],
  )
}

/** One line that tells what a reply says. */
export function summarize(reply: Pick<QuickReplyView, 'parts'>, values: ReplyValues): string {
  return reply.parts
    .map((part) => summarizePart(part, values))
    .filter(Boolean)
    .join(' / ')
}

function summarizePart(part: ReplyPart, values: ReplyValues): string {
  if (part.type === 'text') return renderReply(part.text, values).replace(/\s+/g, ' ').trim()
  if (part.type === 'image') return part.name
  return part.type === 'link' ? part.title : ''
}

/** What a search may find besides the title; names of variables are nobody's words. */
export function bodyOf(reply: Pick<QuickReplyView, 'parts'>): string {
  return reply.parts
    .map((part) =>
      part.type === 'text'
        ? part.text.replace(/\{\{[^{}]*\}\}/g, '')
        : part.type === 'link'
          ? `${part.title} ${part.description}`
          : '',
    )
    .join(' ')
}
