import type { DryRunReport, SyncGuide, SyncGuideReport, SyncProgress } from '@guidebar/contracts'

import type { GuideService } from '../guides/guide.service.ts'
import type { GuideReport } from './sync-report.model.ts'
import type { SyncRun } from './sync-run.model.ts'
import { noChanges } from './sync.repository.ts'

type GuideAge = Awaited<ReturnType<GuideService['listStale']>>[number]

const toText = (moment: Date | null) => moment?.toISOString() ?? null

const idle: SyncProgress = {
  kind: null,
  phase: 'idle',
  done: 0,
  total: null,
  perSec: 0,
  etaSec: null,
  startedAt: null,
  finishedAt: null,
  error: null,
  changes: noChanges,
}

export function toSyncProgress(run: SyncRun | null): SyncProgress {
  if (!run) return idle
  const { kind, done, total, perSec, etaSec, error, changes } = run
  const phase = run.isOpen ? run.step : run.error ? 'failed' : 'done'
  const moments = { startedAt: run.startedAt.toISOString(), finishedAt: toText(run.finishedAt) }
  return { kind, phase, done, total, perSec, etaSec, ...moments, error, changes }
}

export function toDryRunReport({ startedAt, finishedAt, changes, dry }: SyncRun): DryRunReport | null {
  return dry && { startedAt: startedAt.toISOString(), finishedAt: toText(finishedAt), changes, ...dry }
}

export function toSyncGuide(guide: GuideAge, relations: number, now: Date): SyncGuide {
  const { userId, name, storeName, customersReadAt, idsReadAt } = guide
  const ageSec = customersReadAt ? Math.max(0, Math.round((now.getTime() - customersReadAt.getTime()) / 1_000)) : null
  const moments = { readAt: toText(customersReadAt ?? null), idsReadAt: toText(idsReadAt ?? null) }
  return { userId, name: name || userId, storeName, relations, ...moments, ageSec }
}

/** The place after a row: its moment and its userid. */
export const toGuideCursor = ({ customersReadAt, userId }: Pick<GuideAge, 'customersReadAt' | 'userId'>) =>
  `${customersReadAt?.toISOString() ?? ''}/${userId}`

/** @returns null for text that is no cursor */
export function readGuideCursor(text: string): Pick<GuideAge, 'customersReadAt' | 'userId'> | null {
  const [, moment = '', userId = ''] = /^([^/]*)\/(.+)$/.exec(text) ?? []
  const customersReadAt = moment === '' ? null : new Date(moment)
  return userId === '' || Number.isNaN(customersReadAt?.getTime()) ? null : { customersReadAt, userId }
}

export function toGuideReportView(report: GuideReport, name: string): SyncGuideReport {
  const { userId, cause, state, stored, listed, missing, sample, errcode, ended, decidedBy } = report
  const moments = { seenAt: report.seenAt.toISOString(), decidedAt: toText(report.decidedAt) }
  return { userId, name, cause, state, stored, listed, missing, sample, errcode, ended, decidedBy, ...moments }
}
