import type { PerformanceView, PreparedSend, PrepareSend, SendOutcome, SendPage, SendView } from '@guidebar/contracts'
import { createHash } from 'node:crypto'

import type { GuidePrincipal } from '../../platform/access.ts'
import { beijingMonthStart } from '../../platform/beijing-time.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { createKeptAnswers } from '../../platform/kept-answers.ts'
import { readCursor, toCursor, toPage } from '../../platform/page-cursor.ts'
import type { OrderFigures } from '../orders/order.figures.ts'
import type { ContentComposer } from './send.content.ts'
import { toPreparedSend, toSendView } from './send.mapper.ts'
import type { SendExtras } from './send.extras.ts'
import type { Send } from './send.model.ts'
import type { SendRepository, SendTarget } from './send.repository.ts'
import type { UsageService } from './usage.service.ts'

/** How long after its send a card still earns credit for an order. */
const creditWindowDays = 30
/** As far as the shop's clock may be behind ours: what was paid before the card went out did not come of it. */
const shopSkewMs = 10 * 60_000
const listedSends = 20
/** How long a guide's results may lag behind what another process was told. */
const resultsAgeMs = 5_000

type TargetQuery = { externalUserId?: string; chatId?: string }
type PagedQuery = TargetQuery & { before?: string; limit: number }
/** Who an order is credited to, as it stood when the card was sent. */
export type Credit = {
  sendId: string
  userId: string
  storeId: string
  externalUserId: string | null
  chatId: string | null
  cardId: string | null
}
export type SendService = ReturnType<typeof createSendService>
type SendDeps = {
  sends: SendRepository
  content: ContentComposer
  usage: UsageService
  orderFigures: OrderFigures
  guides: { find(guide: GuidePrincipal): Promise<{ storeId: string } | null> }
  /** Throws RELATION_NOT_FOUND when the guide does not follow the customer. */
  relations: { requireOwn(guide: GuidePrincipal, externalUserId: string): Promise<{ status: string }> }
  extras: SendExtras
  /** Told which customers are no longer as they were; must not fail. */
  changed: (corpId: string, externalUserIds: string[]) => Promise<void>
  clock: Clock
}

/** Messages from the panel: on record before the client is asked to send them, and what came of them. */
export function createSendService(deps: SendDeps) {
  const { sends, content, usage, orderFigures, guides, relations, extras, changed, clock } = deps
  /**
   * A customer only through an active relation of this guide. Who was deleted by the customer gets the same
   * RELATION_NOT_FOUND as a stranger: WeCom would refuse the message, and the way on is the same, becoming friends.
   */
  async function requireReachable(guide: GuidePrincipal, { externalUserId, chatId }: SendTarget): Promise<void> {
    if (chatId !== null) return extras.requireGroup(guide, chatId)
    if (externalUserId === null) return
    const relation = await relations.requireOwn(guide, externalUserId)
    if (relation.status !== 'active')
      throw new AppError('RELATION_NOT_FOUND', 'the customer has deleted this guide', { at: '/externalUserId' })
  }

  async function requireOwn(guide: GuidePrincipal, { externalUserId, chatId }: SendTarget): Promise<void> {
    if (chatId !== null) await extras.requireGroup(guide, chatId)
    if (externalUserId !== null) await relations.requireOwn(guide, externalUserId)
  }

  async function toViews(guide: GuidePrincipal, rows: Send[]): Promise<SendView[]> {
    const cardIds = rows.filter((row) => row.kind === 'card').map((row) => row._id.toHexString())
    const bought = cardIds.length > 0 ? await orderFigures.bySend(guide.corpId, cardIds) : new Map()
    return rows.map((row) => toSendView(row, bought.get(row._id.toHexString())))
  }

  const toView = async (guide: GuidePrincipal, row: Send) => (await toViews(guide, [row]))[0] as SendView

  async function list(guide: GuidePrincipal, target: TargetQuery): Promise<SendView[]> {
    return toViews(guide, await sends.listByTarget(guide, toTarget(target), listedSends))
  }

  const results = createKeptAnswers<PerformanceView>({ ttlMs: resultsAgeMs, now: () => clock.now().getTime() })
  const resultsKey = ({ corpId, userId }: GuidePrincipal) =>
    `${corpId}/${userId}/${beijingMonthStart(clock.now()).toISOString()}`
  const forgetResults = (guide: GuidePrincipal) => results.forget(resultsKey(guide))

  const performance = (guide: GuidePrincipal): Promise<PerformanceView> =>
    results.read(resultsKey(guide), () => sumUp(guide))

  async function sumUp(guide: GuidePrincipal): Promise<PerformanceView> {
    const monthStart = beijingMonthStart(clock.now())
    const [cardsSent, cardsOpened, paid] = await Promise.all([
      sends.countCards(guide, monthStart),
      sends.countOpened(guide, monthStart),
      orderFigures.since(guide, monthStart),
    ])
    return { monthStart: monthStart.toISOString(), cardsSent, cardsOpened, ...paid }
  }

  /** The first answer again, if it is the same request again. */
  function repeat(first: Send, contentHash: string): PreparedSend {
    if (first.contentHash !== contentHash)
      throw new AppError('IDEMPOTENCY_MISMATCH', 'this key stands for another message', { at: '/key' })
    return toPreparedSend(first)
  }

  return {
    /**
     * Makes one message ready and writes it down. The same key with the same content gives the first answer.
     * @throws AppError RELATION_NOT_FOUND when the customer is not a friend of this guide now, IDEMPOTENCY_MISMATCH,
     *   QUICK_REPLY_NOT_FOUND, CARD_NOT_FOUND, CARD_NOT_SENDABLE, TEMPLATE_INVALID, BAD_REQUEST
     * @throws AppError WECOM_REFUSED, WECOM_BUSY, WECOM_NOT_SET_UP, WECOM_UNAVAILABLE when a picture cannot be uploaded;
     *   then nothing is recorded
     */
    async prepare(guide: GuidePrincipal, request: PrepareSend): Promise<PreparedSend> {
      const target = toTarget(request)
      const contentHash = hash({ target, content: request.content })
      const [, first] = await Promise.all([requireReachable(guide, target), sends.findByKey(guide, request.key)])
      if (first) return repeat(first, contentHash)

      const warnings = await extras.beforeSend(guide, target, request)
      const { corpId, userId } = guide
      const storeId = (await guides.find(guide))?.storeId ?? ''
      const composed = await content.compose(guide, storeId, request.content, target)
      const send = await sends.insertOnce({
        corpId,
        userId,
        storeId,
        ...target,
        key: request.key,
        contentHash,
        ...composed,
        status: 'pending',
        reason: '',
        createdAt: clock.now(),
        outcomeAt: null,
        warnings,
        tellWhenOpened: request.tellWhenOpened === true && composed.token !== undefined,
        openedTimes: 0,
        openingKeys: [],
      })
      if (send) return toPreparedSend(send)

      // A twin of this request was faster.
      const twin = await sends.findByKey(guide, request.key)
      if (!twin) throw new AppError('INTERNAL', 'a token was drawn twice')
      return repeat(twin, contentHash)
    },

    /**
     * What the client answered; final. Told twice the same, it stays the same.
     * @throws AppError SEND_NOT_FOUND unless it is this guide's, CONFLICT when another outcome is on record
     */
    async settle(guide: GuidePrincipal, sendId: string, { status, reason = '' }: SendOutcome): Promise<SendView> {
      const settled = await sends.settle(guide, sendId, { status, reason, outcomeAt: clock.now() })
      if (settled) {
        forgetResults(guide)
        if (status === 'client_ok') await usage.count(guide, toUsedItems(settled))
        if (status === 'client_ok') await extras.afterSent(guide, settled)
        if (status === 'client_ok' && settled.externalUserId) await changed(guide.corpId, [settled.externalUserId])
        return toView(guide, settled)
      }
      const known = await sends.findOwn(guide, sendId)
      if (!known) throw new AppError('SEND_NOT_FOUND', `no send ${sendId} of this guide`)
      if (known.status !== status) throw new AppError('CONFLICT', `the outcome is ${known.status} already`)
      // The first telling may have died before this.
      if (status === 'client_ok') await extras.afterSent(guide, known)
      return toView(guide, known)
    },

    /**
     * The guide's own latest sends to one customer or group, newest first.
     * Callers have made sure that the customer is the guide's; {@link history} does so by itself.
     */
    list,

    /**
     * The guide's own results since the first of this month, Beijing time. Cards of earlier months may still earn.
     * What another process was told shows after five seconds; {@link history} has it at once.
     */
    performance,

    /** An order was credited to this guide. */
    noteCredited: forgetResults,

    /** @throws AppError RELATION_NOT_FOUND when the guide does not follow the customer, BAD_REQUEST */
    async history(guide: GuidePrincipal, query: TargetQuery) {
      await requireOwn(guide, toTarget(query))
      forgetResults(guide)
      const [views, figures] = await Promise.all([list(guide, query), performance(guide)])
      return { sends: views, performance: figures }
    },

    /** Everything the guide ever sent there, a page at a time. @throws as {@link history} */
    async page(guide: GuidePrincipal, { before, limit, ...query }: PagedQuery): Promise<SendPage> {
      const target = toTarget(query)
      await requireOwn(guide, target)
      const cursor = readCursor(before, ['number', 'string'])
      const place = cursor && { at: new Date(cursor[0]), id: cursor[1] }
      const found = await sends.pageByTarget(guide, target, { before: place, limit: limit + 1 })
      const { rows, next } = toPage(found, limit, (last) => toCursor(last.createdAt.getTime(), last._id.toHexString()))
      return { sends: await toViews(guide, rows), next }
    },

    /** A customer opened the card with this token, if the corp has one. The same key counts once. */
    async markOpened(corpId: string, token: string, opening: { key: string; at: Date }): Promise<void> {
      const opened = await sends.addOpening(corpId, token, opening)
      if (opened) forgetResults(opened)
      if (opened?.externalUserId) await changed(corpId, [opened.externalUserId])
    },

    /**
     * Whom an order paid at that moment is credited to. The client's answer does not matter: a card that led to an
     * order has arrived, even if the panel was closed before it could say so.
     * @returns null for an unknown token, another corp's, one older than the window, or one younger than the order
     */
    async findCredit(corpId: string, token: string, paidAt: Date): Promise<Credit | null> {
      const send = await sends.findByToken(corpId, token)
      if (!send) return null
      const sinceSendMs = paidAt.getTime() - send.createdAt.getTime()
      if (sinceSendMs < -shopSkewMs || sinceSendMs > creditWindowDays * 24 * 3_600_000) return null
      const { userId, storeId, externalUserId, chatId, cardId } = send
      return { sendId: send._id.toHexString(), userId, storeId, externalUserId, chatId, cardId }
    },
  }
}

function toTarget({ externalUserId, chatId }: TargetQuery): SendTarget {
  if ((externalUserId === undefined) === (chatId === undefined))
    throw new AppError('BAD_REQUEST', 'exactly one of externalUserId and chatId', { at: '/externalUserId' })
  return { externalUserId: externalUserId ?? null, chatId: chatId ?? null }
}

/** A reply of several parts is one use, counted with its first; a card counts by itself as well. */
function toUsedItems({ replyId, part, cardId, contentRef }: Send): string[] {
  const article = /^(?:article|knowledge)\/([0-9a-f]{24})/.exec(contentRef ?? '')?.[1] ?? null
  return [replyId && part === 0 ? replyId : null, cardId, article].filter((id) => id !== null)
}

/** The order of an object's keys is the sender's whim, so it is fixed first. */
function hash(value: unknown): string {
  const sorted = (_: string, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest('base64url')
}
