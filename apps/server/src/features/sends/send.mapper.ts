import type { PreparedSend, SendView } from '@guidebar/contracts'

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
    sentAt: send.createdAt.toISOString(),
    openedAt: send.openedAt?.toISOString() ?? null,
    openedTimes: send.openedTimes,
    boughtAt: bought?.firstAt.toISOString() ?? null,
    boughtFen: bought?.amountFen ?? 0,
  }
}
