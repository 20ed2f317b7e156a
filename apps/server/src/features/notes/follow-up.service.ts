import type { FollowUpPage, FollowUpQuery, FollowUpView, SetFollowUp } from '@guidebar/contracts'

import type { GuidePrincipal } from '../../platform/access.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { readCursor, toCursor, toPage } from '../../platform/page-cursor.ts'
import type { CustomerReader } from '../relations/customer.reader.ts'
import type { TimelineService } from '../timeline/timeline.service.ts'
import type { FollowUp } from './follow-up.model.ts'
import type { FollowUpRepository } from './follow-up.repository.ts'

type Deps = {
  followUps: FollowUpRepository
  relations: { requireOwn(guide: GuidePrincipal, externalUserId: string): Promise<unknown> }
  customers: Pick<CustomerReader, 'lines'>
  timeline: Pick<TimelineService, 'append'>
  /** Tells the guide by a WeCom application message, once for each key. @throws when it is not known to be sent */
  notify(
    guide: GuidePrincipal,
    key: string,
    notice: { kind: 'follow_up'; customerName: string; text: string },
  ): Promise<void>
  /** The guide's day is another one now. */
  onChanged(guide: GuidePrincipal): void
  clock: Clock
}

const mostRemindersAtOnce = 200
const mostAheadMs = 2 * 366 * 24 * 3_600_000

/** «下次跟进»: what a guide wants to be reminded of. */
export function createFollowUpService({ followUps, relations, customers, timeline, notify, onChanged, clock }: Deps) {
  async function toViews(guide: GuidePrincipal, rows: FollowUp[]): Promise<FollowUpView[]> {
    const lines = await customers.lines(guide, [...new Set(rows.map(({ externalUserId }) => externalUserId))])
    // Whoever is no longer the guide's customer is not shown, not even by name.
    return rows.flatMap((row) => {
      const line = lines.get(row.externalUserId)
      return line ? [toView(row, line.name)] : []
    })
  }

  async function requireView(guide: GuidePrincipal, row: FollowUp): Promise<FollowUpView> {
    const [view] = await toViews(guide, [row])
    if (!view) throw new AppError('RELATION_NOT_FOUND', 'this guide does not follow that customer')
    return view
  }

  function readDue(text: string): Date {
    const dueAt = new Date(text)
    const aheadMs = dueAt.getTime() - clock.now().getTime()
    if (!(aheadMs > 0) || aheadMs > mostAheadMs)
      throw new AppError('BAD_REQUEST', 'a moment within the next two years is needed', { at: '/dueAt' })
    return dueAt
  }

  const noteChange = (row: FollowUp, kind: 'follow_up_set' | 'follow_up_done', at: Date) =>
    timeline.append(row.corpId, row.externalUserId, {
      key: `${kind}/${row._id.toHexString()}/${kind === 'follow_up_set' ? row.round : ''}`,
      kind,
      at,
      userId: row.userId,
      byUserId: row.userId,
      title: row.text,
      facts: { dueAt: row.dueAt.toISOString() },
    })

  return {
    /** Once for each key. @throws AppError RELATION_NOT_FOUND, BAD_REQUEST, IDEMPOTENCY_MISMATCH */
    async set(guide: GuidePrincipal, externalUserId: string, { key, text, dueAt }: SetFollowUp): Promise<FollowUpView> {
      const [, first] = await Promise.all([
        relations.requireOwn(guide, externalUserId),
        followUps.findByKey(guide, key),
      ])
      const { corpId, userId } = guide
      const start = { state: 'open' as const, round: 1, remindedAt: null, doneAt: null }
      const row =
        first ??
        (await followUps.insertOnce({
          corpId,
          userId,
          externalUserId,
          key,
          ...start,
          text: text.trim(),
          dueAt: readDue(dueAt),
          createdAt: clock.now(),
        })) ??
        (await followUps.findByKey(guide, key))
      if (!row || row.externalUserId !== externalUserId)
        throw new AppError('IDEMPOTENCY_MISMATCH', 'this key stands for another follow-up', { at: '/key' })
      await noteChange(row, 'follow_up_set', row.createdAt)
      onChanged(guide)
      return requireView(guide, row)
    },

    /** Done twice is done once. @throws AppError NOT_FOUND unless it is the guide's own, RELATION_NOT_FOUND */
    async finish(guide: GuidePrincipal, id: string): Promise<FollowUpView> {
      const row = (await followUps.finish(guide, id, clock.now())) ?? (await followUps.findOwn(guide, id))
      if (!row) throw notFound(id)
      await noteChange(row, 'follow_up_done', row.doneAt ?? clock.now())
      onChanged(guide)
      return requireView(guide, row)
    },

    /** @throws AppError NOT_FOUND unless it is the guide's own and open, BAD_REQUEST, RELATION_NOT_FOUND */
    async postpone(guide: GuidePrincipal, id: string, dueAt: string): Promise<FollowUpView> {
      const row = (await followUps.postpone(guide, id, readDue(dueAt))) ?? (await followUps.findOwn(guide, id))
      if (row?.state !== 'open') throw notFound(id)
      await noteChange(row, 'follow_up_set', clock.now())
      onChanged(guide)
      return requireView(guide, row)
    },

    /** Open ones, the next due first. @throws AppError RELATION_NOT_FOUND */
    async list(guide: GuidePrincipal, query: FollowUpQuery): Promise<FollowUpPage> {
      const cursor = readCursor(query.before, ['number', 'string'])
      if (query.externalUserId) await relations.requireOwn(guide, query.externalUserId)
      const after = cursor && { at: new Date(cursor[0]), id: cursor[1] }
      const rows = await followUps.listOpen(guide, {
        externalUserId: query.externalUserId,
        after,
        limit: query.limit + 1,
      })
      const page = toPage(rows, query.limit, (last) => toCursor(last.dueAt.getTime(), last._id.toHexString()))
      return { followUps: await toViews(guide, page.rows), next: page.next }
    },

    listDue: followUps.listDue,

    /**
     * Reminds the guides of everything that is due, each due moment once. Safe to run twice and side by side.
     * @returns how many were reminded
     */
    async remindDue(): Promise<number> {
      const rows = await followUps.listToRemind(clock.now(), mostRemindersAtOnce)
      let reminded = 0
      for (const row of rows) {
        const guide = { corpId: row.corpId, userId: row.userId }
        const line = (await customers.lines(guide, [row.externalUserId])).get(row.externalUserId)
        if (line) {
          const key = `follow-up/${row._id.toHexString()}/${row.round}`
          const sent = await notify(guide, key, { kind: 'follow_up', customerName: line.name, text: row.text }).then(
            () => true,
            () => false,
          )
          if (!sent) continue
          reminded++
        }
        await followUps.markReminded(row, clock.now())
      }
      return reminded
    },
  }
}

export type FollowUpService = ReturnType<typeof createFollowUpService>

const toView = (row: FollowUp, customerName: string): FollowUpView => ({
  id: row._id.toHexString(),
  externalUserId: row.externalUserId,
  customerName,
  text: row.text,
  dueAt: row.dueAt.toISOString(),
  state: row.state,
  remindedAt: row.remindedAt?.toISOString() ?? null,
})

const notFound = (id: string) => new AppError('NOT_FOUND', `no open follow-up ${id} of this guide`)
