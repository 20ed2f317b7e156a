import type { OrderAccepted, OrderIntake } from '@guidebar/contracts'

import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { Credit, SendService } from '../sends/send.service.ts'
import type { OrderRepository } from './order.repository.ts'

export type OrderService = ReturnType<typeof createOrderService>
type OrderDeps = {
  orders: OrderRepository
  sends: Pick<SendService, 'findCredit' | 'markOpened' | 'noteCredited'>
  /** Told which customers are no longer as they were; must not fail. */
  changed: (corpId: string, externalUserIds: string[]) => Promise<void>
  clock: Clock
}

/** Paid orders from the firm's shop, credited to the guide whose card led there. */
export function createOrderService({ orders, sends, changed, clock }: OrderDeps) {
  async function tell(corpId: string, buyer: string | null, credit: Credit | null): Promise<void> {
    const externalUserId = buyer ?? credit?.externalUserId
    if (externalUserId) await changed(corpId, [externalUserId])
  }

  return {
    /**
     * Keeps an order once, credit included, however often and under whatever keys it is told.
     * An unknown, foreign or outdated token leaves it without credit; the first token that leads to a guide wins.
     * @throws AppError CONFLICT when the number stands for an order with another sum or time of payment
     */
    async take(corpId: string, intake: OrderIntake): Promise<OrderAccepted> {
      const { orderNo, amountFen, items, token = null, externalUserId = null, phoneTail = '' } = intake
      const paidAt = toMoment(intake.paidAt, '/paidAt')
      const credit = token ? await sends.findCredit(corpId, token, paidAt) : null
      const order = {
        corpId,
        orderNo,
        amountFen,
        paidAt,
        items,
        externalUserId,
        phoneTail,
        token,
        credit,
        createdAt: clock.now(),
      }
      if (await orders.keepOnce(order)) {
        if (credit) sends.noteCredited({ corpId, userId: credit.userId })
        await tell(corpId, externalUserId, credit)
        return { orderNo, credited: credit !== null }
      }

      const known = await orders.find(corpId, orderNo)
      if (known?.amountFen !== amountFen || known.paidAt.getTime() !== paidAt.getTime())
        throw new AppError('CONFLICT', 'this order number is known with another sum or time', { at: '/orderNo' })
      // The first telling had no token that led anywhere; this one may fill the gap.
      if (token && credit && !known.credit && (await orders.creditOnce(corpId, orderNo, token, credit))) {
        sends.noteCredited({ corpId, userId: credit.userId })
        await tell(corpId, known.externalUserId, credit)
      }
      return { orderNo, credited: known.credit !== null || credit !== null }
    },

    /**
     * A card was opened. An unknown token is no error: old cards and guessed tokens shall not tell themselves apart.
     * @param key the caller's idempotency key: the same opening counts once
     */
    async open(corpId: string, { token, openedAt }: { token: string; openedAt: string }, key: string): Promise<void> {
      const at = Math.min(toMoment(openedAt, '/openedAt').getTime(), clock.now().getTime())
      await sends.markOpened(corpId, token, { key, at: new Date(at) })
    },
  }
}

/** The pattern of the contract lets through days that no month has. */
function toMoment(text: string, at: string): Date {
  const moment = new Date(text)
  if (Number.isNaN(moment.getTime())) throw new AppError('BAD_REQUEST', 'no such moment', { at })
  return moment
}
