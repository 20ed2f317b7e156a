import type { PreparedSend, SendSource, SendView } from '@guidebar/contracts'

import type { Bought } from '../orders/order.figures.ts'
import type { Send } from './send.model.ts'

export const toPreparedSend = ({ _id, status, message, warnings = [] }: Send): PreparedSend => ({
  sendId: _id.toHexString(),
  status,
  message,
  warnings,
})

export function toSendView(send: Send, bought: Bought | undefined): SendView {
  return {
    id: send._id.toHexString(),
    status: send.status,
    kind: send.kind,
    title: send.title,
    coverUrl: send.coverUrl,
    cardId: send.cardId,
    source: toSource(send),
    sentAt: send.createdAt.toISOString(),
    openedAt: send.openedAt?.toISOString() ?? null,
    openedTimes: send.openedTimes,
    boughtAt: bought?.firstAt.toISOString() ?? null,
    boughtFen: bought?.amountFen ?? 0,
  }
}

/** A reply of several parts stands for itself with each of them; older records know their reply and card only. */
function toSource({ replyId, cardId, contentRef = '' }: Send): SendSource | null {
  if (replyId) return { type: 'reply', replyId }
  if (cardId) return { type: 'card', cardId }
  const [type, articleId, paragraphId] = contentRef.split('/')
  if (type === 'article' && articleId) return { type, articleId }
  return type === 'knowledge' && articleId && paragraphId ? { type, articleId, paragraphId } : null
}
