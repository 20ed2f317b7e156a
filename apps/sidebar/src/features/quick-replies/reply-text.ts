import type { QuickReplyView, ReplyPart, SidebarContext } from '@guidebar/contracts'
import { renderReply, type ReplyVariable } from '@guidebar/contracts/reply-template'

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

/** One line that tells what a reply says. */
export function summarize(reply: Pick<QuickReplyView, 'parts'>, values: ReplyValues): string {
  return reply.parts
    .map((part) => summarizePart(part, values))
    .filter(Boolean)
    .join(' / ')
}

function summarizePart(part: ReplyPart, values: ReplyValues): string {
  if (part.type === 'text') return renderReply(part.text, values).replace(/\s+/g, ' ').trim()
  if ('assetId' in part) return part.name
  return part.type === 'link' ? part.title : ''
}
