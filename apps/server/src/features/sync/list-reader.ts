import { WecomError, type RelationPage } from '@guidebar/wecom'
import type { FastifyBaseLogger } from 'fastify'

import type { Clock, Corp } from '../../platform/deps.ts'
import type { GuideService } from '../guides/guide.service.ts'
import type { RelationService } from '../relations/relation.service.ts'
import { isRefusal, isSuspicious, type LossCheck } from './loss.ts'
import type { PageBatcher } from './page-batcher.ts'
import { patiently, type Patience } from './patience.ts'
import type { SyncList } from './sync-list.model.ts'
import type { SyncRun } from './sync-run.model.ts'
import type { SyncReportRepository } from './sync-report.repository.ts'
import { SyncClaimLost, type SyncRepository } from './sync.repository.ts'

const pageSize = 100

// 50100: the cursor is no longer good.
const cursorLost = 50100
const mostRestarts = 3
// None of these guides has a licence.
const unlicensedAll = 701008
// 84061: none of these guides has a customer.
const nothingThere = new Set([84061, unlicensedAll])
/** So many new ids of a guide are read one by one; for more, whole pages are fewer calls. */
const fewNew = 3

const nothingMissing = { verdict: 'whole', added: [] } as const

type Deps = {
  sync: SyncRepository
  reports: SyncReportRepository
  guides: GuideService
  relations: RelationService
  loss: LossCheck
  clock: Clock
  log: FastifyBaseLogger
  patience: Patience
}

export type ReadContext = {
  corp: Corp
  run: Pick<SyncRun, '_id' | 'kind' | 'corpId'>
  pages: PageBatcher
  signal: AbortSignal
  /** Asked after each page: whether another process should go on with this list. */
  mustYield: () => boolean
  onMissing: (count: number) => void
}

/** This list goes on elsewhere; nothing is wrong. */
class Yielded extends Error {
  override readonly name = 'Yielded'
}

/**
 * Reads the customers of a list of guides to the end of its cursor, and ends what is gone. A refusal of a whole list may
 * be about one guide of it: then each is read alone, and that one is left out.
 */
export function createListReader({ sync, reports, guides, relations, loss, clock, log, patience }: Deps) {
  /** Follows one cursor to its end; each page is stored together with the place to go on from. */
  async function readContent(list: SyncList, context: ReadContext): Promise<void> {
    const { corp, run, signal } = context
    await readPages(list, context)
    const licensed = list.userIds.filter((userId) => !list.unlicensed.includes(userId))
    const stored = await relations.countByGuides(corp.corpId, licensed)
    const whole: string[] = []
    for (const userId of licensed) {
      const seen = list.seen[list.userIds.indexOf(userId)] ?? 0
      const missing = (stored.get(userId) ?? 0) - seen
      if (run.kind === 'dry') {
        if (missing > 0) await noteMissing(context, { userId, stored: seen + missing, missing })
        continue
      }
      if (missing > 0) context.onMissing(missing)
      const { verdict, added } = missing > 0 ? await loss.check(corp, userId, { signal, seen }) : nothingMissing
      if (verdict === 'whole') whole.push(userId)
      for (const externalUserId of added) await lookAt(externalUserId, context)
    }
    if (run.kind === 'dry') return
    await guides.noteCustomersRead(corp.corpId, whole, list.beganAt ?? clock.now())
    await reports.clear(corp.corpId, whole)
  }

  async function noteMissing(
    { run, onMissing }: ReadContext,
    found: { userId: string; stored: number; missing: number },
  ): Promise<void> {
    onMissing(found.missing)
    if (isSuspicious(found.missing, found.stored)) await sync.addFindings(run._id, { suspicious: [found] })
  }

  async function readPages(list: SyncList, context: ReadContext): Promise<void> {
    const { corp, pages, mustYield } = context
    const neverRead = await guides.listNeverRead(corp.corpId, list.userIds)
    const stored = await relations.countByGuides(corp.corpId, neverRead)
    const empty = new Set(neverRead.filter((userId) => !stored.has(userId)))
    let restarts = 0
    // A cursor that has come to its end looks like one that has not begun, but for the time of the first page.
    while (list.beganAt === null || list.cursor !== null) {
      const readBeganAt = clock.now()
      const page = await readPage(list, context).catch((error: unknown) => {
        if (!(error instanceof WecomError) || error.errcode !== cursorLost || restarts === mostRestarts) throw error
        return null
      })
      if (!page) {
        restarts++
        const fresh = { cursor: null, beganAt: null, page: 0, seen: list.userIds.map(() => 0) }
        await sync.saveList(list, fresh)
        Object.assign(list, fresh)
        continue
      }
      const progress = advance(list, page, readBeganAt)
      const saved = await pages.give({ list, rows: page.rows, readBeganAt, progress, empty })
      Object.assign(list, progress)
      if (saved.isLost) throw new SyncClaimLost()
      for (const externalUserId of saved.doubtful) await lookAt(externalUserId, context)
      if (list.cursor !== null && mustYield()) throw new Yielded()
    }
  }

  async function readPage({ userIds, cursor }: SyncList, { corp, signal }: ReadContext): Promise<RelationPage> {
    const call = () =>
      corp.wecom.externalContact.batchGetByUser({ userIds, cursor, limit: pageSize }, { lane: 'background', signal })
    try {
      return await patiently(call, patience, signal)
    } catch (error) {
      if (!(error instanceof WecomError) || !nothingThere.has(error.errcode)) throw error
      return { rows: [], nextCursor: null, unlicensedUserIds: error.errcode === unlicensedAll ? userIds : [] }
    }
  }

  /** Reads one customer directly: the truth about what a list says. */
  async function lookAt(externalUserId: string, { corp, signal }: ReadContext): Promise<void> {
    const look = () => relations.refresh({ corpId: corp.corpId, externalUserId }, { cause: 'sync', signal })
    try {
      await patiently(look, patience, signal)
    } catch (error) {
      if (!isRefusal(error)) throw error
      log.warn({ path: error.path, errcode: error.errcode }, 'sync left a customer as it was')
    }
  }

  /** Compares the ids of one guide after another, and reads only what differs. */
  async function compareIds(list: SyncList, context: ReadContext): Promise<void> {
    const { corp, signal, mustYield } = context
    const { corpId } = corp
    while (list.page < list.userIds.length) {
      const userId = list.userIds[list.page] ?? ''
      const beganAt = clock.now()
      const { verdict, added } = await loss.check(corp, userId, { signal })
      if (added.length > fewNew) await sync.addContentLists(list, [userId])
      else for (const externalUserId of added) await lookAt(externalUserId, context)
      if (verdict === 'whole') {
        await guides.noteIdsRead({ corpId, userId }, beganAt)
        await reports.clear(corpId, [userId])
      }
      await sync.saveList(list, { page: ++list.page })
      if (list.page < list.userIds.length && mustYield()) throw new Yielded()
    }
  }

  return async function read(list: SyncList, context: ReadContext): Promise<void> {
    try {
      await (list.mode === 'ids' ? compareIds(list, context) : readContent(list, context))
      await sync.saveList(list, { isDone: true })
    } catch (error) {
      if (error instanceof Yielded) return sync.releaseList(list)
      if (!isRefusal(error)) throw error
      if (list.userIds.length > 1) return sync.splitList(list)
      const [userId = ''] = list.userIds
      if (context.run.kind !== 'dry') await loss.noteFailed(context.corp, userId, error.errcode)
      await sync.saveList(list, { isDone: true })
    }
  }
}

export type ListReader = ReturnType<typeof createListReader>

function advance(list: SyncList, { rows, nextCursor, unlicensedUserIds }: RelationPage, readBeganAt: Date) {
  const seen = [...list.seen]
  let place = 0
  for (const { relation } of rows) {
    // Rows of one guide follow each other, so the place of the last one is nearly always right.
    if (list.userIds[place] !== relation.userId) place = list.userIds.indexOf(relation.userId)
    if (place >= 0) seen[place] = (seen[place] ?? 0) + 1
  }
  return {
    seen,
    cursor: nextCursor,
    page: list.page + 1,
    beganAt: list.beganAt ?? readBeganAt,
    unlicensed: [...new Set([...list.unlicensed, ...unlicensedUserIds])],
  }
}
