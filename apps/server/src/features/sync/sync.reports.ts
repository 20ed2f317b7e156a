import type { SyncGuideReport, SyncReportState } from '@guidebar/contracts'
import type { FastifyBaseLogger } from 'fastify'

import type { MemberKey } from '../../platform/access.ts'
import type { Clock, Corp } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { GuideService } from '../guides/guide.service.ts'
import type { LossCheck } from './loss.ts'
import type { GuideReport } from './sync-report.model.ts'
import type { SyncReportRepository } from './sync-report.repository.ts'
import { toGuideReportView } from './sync.views.ts'

type Deps = {
  reports: SyncReportRepository
  guides: GuideService
  loss: LossCheck
  clock: Clock
  log: FastifyBaseLogger
  stopping: AbortSignal
}

/** In the order in which an admin wants to see them. */
const states: SyncReportState[] = ['open', 'confirmed', 'rejected', 'done']

/** Suspicious lists and what an admin makes of them. */
export function createSyncReports({ reports, guides, loss, clock, log, stopping }: Deps) {
  const applying = new Map<string, Promise<void>>()

  async function toView(report: GuideReport): Promise<SyncGuideReport> {
    const guide = await guides.find(report)
    return toGuideReportView(report, guide?.name || report.userId)
  }

  /** Looks at the guide's list again, now without the limit, and ends what is proven. Safe to repeat. */
  async function apply(corp: Corp, report: GuideReport): Promise<void> {
    const { corpId, userId, cause } = report
    const options = { signal: stopping, confirmed: true }
    const check = cause === 'left_range' ? loss.checkRange : loss.check
    const { verdict, ended } = await check(corp, userId, options)
    if (verdict === 'whole') await reports.decide({ corpId, userId }, ['confirmed'], { state: 'done', ended })
    // What could not be done is asked for anew; the check has written down why, unless the guide is back.
    else await reports.decide({ corpId, userId }, ['confirmed'], { state: 'open', decidedAt: null, decidedBy: null })
  }

  function applySoon(corp: Corp, report: GuideReport): Promise<void> {
    const running = applying.get(report._id)
    if (running) return running
    const begun = apply(corp, report)
      .catch((error: unknown) => log.warn({ corpId: corp.corpId, err: error }, 'confirmed report comes back later'))
      .finally(() => applying.delete(report._id))
    applying.set(report._id, begun)
    return begun
  }

  return {
    /** Those that wait for an admin first. @param after `state/userid` of the last one seen */
    async list(corpId: string, { after, limit }: { after?: string; limit: number }) {
      const [, state, userId] = /^([a-z]+)\/(.+)$/.exec(after ?? '') ?? []
      const rows: GuideReport[] = []
      for (const one of states.slice(Math.max(0, states.indexOf(state as SyncReportState)))) {
        if (rows.length > limit) break
        const from = one === state ? userId : undefined
        rows.push(...(await reports.listByState(corpId, one, { after: from, limit: limit + 1 - rows.length })))
      }
      const page = rows.slice(0, limit)
      const last = rows.length > limit ? page.at(-1) : undefined
      return { guides: await Promise.all(page.map(toView)), next: last ? `${last.state}/${last.userId}` : null }
    },

    /**
     * `confirm`: WeCom's list is right, and what it lacks may go; done soon, each relation by proof. `reject`: all
     * stays as it is, until the list changes.
     * @throws AppError NOT_FOUND, CONFLICT when it was decided otherwise already
     */
    async decide(corp: Corp, userId: string, decision: 'confirm' | 'reject', by: MemberKey) {
      const key = { corpId: corp.corpId, userId }
      const to: SyncReportState = decision === 'confirm' ? 'confirmed' : 'rejected'
      const decided = { state: to, decidedAt: clock.now(), decidedBy: by.userId }
      const report = await reports.decide(key, decision === 'confirm' ? ['open', 'rejected'] : ['open'], decided)
      if (!report) {
        const known = await reports.find(key)
        if (!known) throw new AppError('NOT_FOUND', 'no such report')
        // The same click twice.
        if (known.state === to || (to === 'confirmed' && known.state === 'done')) return toView(known)
        throw new AppError('CONFLICT', `this report is ${known.state}`)
      }
      if (decision === 'confirm') void applySoon(corp, report)
      return toView(report)
    },

    /** Goes on with what was confirmed before a process died. */
    async applyConfirmed(corp: Corp): Promise<void> {
      for (const report of await reports.listByState(corp.corpId, 'confirmed', { limit: 20 }))
        await applySoon(corp, report)
    },

    settle: () => Promise.all(applying.values()),
  }
}

export type SyncReports = ReturnType<typeof createSyncReports>
