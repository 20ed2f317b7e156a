import { hash } from 'node:crypto'

import { WecomError } from '@guidebar/wecom'
import type { FastifyBaseLogger } from 'fastify'

import type { Clock, Corp } from '../../platform/deps.ts'
import type { GuideService } from '../guides/guide.service.ts'
import type { RelationService } from '../relations/relation.service.ts'
import { patiently, type Patience } from './patience.ts'
import type { NewReport, SyncReportRepository } from './sync-report.repository.ts'

type Deps = {
  relations: RelationService
  guides: GuideService
  reports: SyncReportRepository
  clock: Clock
  log: FastifyBaseLogger
  patience: Patience
}

export type LossOptions = {
  signal: AbortSignal
  /** Rows of this guide that a complete reading of pages brought; without it only the list of ids counts. */
  seen?: number
  /** An admin said that so much may go. */
  confirmed?: boolean
}

/** `whole`: the guide's customers are as WeCom says · `asked`: they were left as they are, and an admin was asked. */
export type LossOutcome = { verdict: 'whole' | 'asked'; ended: number; added: string[] }

const suspiciousShare = 0.2
const fewestSuspicious = 5
const sampleSize = 20
/** No such member, out of range, no customer contact: what WeCom says of a guide whose customers it hides. */
const hidden = new Set([60111, 60011, 84074])

/** Whether so much is gone at once that it is more likely a fault than the truth. */
export const isSuspicious = (gone: number, of: number) => gone >= fewestSuspicious && gone > of * suspiciousShare

/**
 * Ends relations, and only with proof: the guide's own list, read to its end, lacks the customer, and the customer,
 * read directly, says so too. Where too much is missing at once nothing is ended before an admin has said so.
 */
export function createLossCheck({ relations, guides, reports, clock, log, patience }: Deps) {
  /** @returns null with WeCom's code when it refuses this guide's list for good */
  async function listOf(corp: Corp, userId: string, signal: AbortSignal) {
    const call = () => corp.wecom.externalContact.list(userId, { lane: 'background', signal })
    try {
      return { listed: await patiently(call, patience, signal), errcode: null }
    } catch (error) {
      if (!isRefusal(error)) throw error
      return { listed: null, errcode: error.errcode }
    }
  }

  async function ask(corp: Corp, report: Omit<NewReport, 'corpId' | 'seenAt' | 'mark' | 'sample'>, missing: string[]) {
    const { corpId } = corp
    const sorted = missing.toSorted()
    const mark = hash('sha256', `${report.cause}\n${sorted.join('\n')}`, 'base64url').slice(0, 22)
    log.warn({ corpId, userId: report.userId, cause: report.cause, errcode: report.errcode }, 'an admin is asked')
    await reports.ask({ ...report, corpId, mark, sample: sorted.slice(0, sampleSize), seenAt: clock.now() })
  }

  /** One direct look at each; a customer whom WeCom does not let us read stays. @returns how many ended */
  async function prove(corp: Corp, userId: string, missing: string[], signal: AbortSignal): Promise<number> {
    const { corpId } = corp
    for (const externalUserId of missing) {
      const look = () => relations.refresh({ corpId, externalUserId }, { endedBy: [userId], cause: 'sync', signal })
      try {
        await patiently(look, patience, signal)
      } catch (error) {
        if (!isRefusal(error)) throw error
        log.warn({ path: error.path, errcode: error.errcode }, 'sync left a relation as it was')
      }
    }
    const left = new Set(await relations.listByGuide(corpId, userId))
    return missing.filter((id) => !left.has(id)).length
  }

  return {
    /** Compares what is stored of one guide with WeCom's list of ids, and ends what is proven to be gone. */
    async check(corp: Corp, userId: string, { signal, seen, confirmed = false }: LossOptions): Promise<LossOutcome> {
      const asked: LossOutcome = { verdict: 'asked', ended: 0, added: [] }
      const { listed, errcode } = await listOf(corp, userId, signal)
      const stored = await relations.listByGuide(corp.corpId, userId)
      const facts = { userId, stored: stored.length, errcode }
      if (!listed) {
        await ask(corp, { ...facts, cause: 'failed', listed: null, missing: 0 }, [])
        return asked
      }
      const there = new Set(listed)
      const here = new Set(stored)
      const missing = stored.filter((id) => !there.has(id))
      const added = listed.filter((id) => !here.has(id))
      const counts = { ...facts, listed: listed.length, missing: missing.length }
      if (!confirmed && isSuspicious(missing.length, stored.length)) {
        await ask(corp, { ...counts, cause: 'shrunk' }, missing)
        return { ...asked, added }
      }
      const short = seen === undefined ? 0 : listed.length - seen
      if (isSuspicious(short, listed.length)) {
        await ask(corp, { ...counts, cause: 'partial', missing: short }, [])
        return { ...asked, added }
      }
      return { verdict: 'whole', ended: await prove(corp, userId, missing, signal), added }
    },

    /** WeCom refused even a list of this guide alone. */
    async noteFailed(corp: Corp, userId: string, errcode: number): Promise<void> {
      const stored = (await relations.countByGuides(corp.corpId, [userId])).get(userId) ?? 0
      await ask(corp, { userId, stored, errcode, cause: 'failed', listed: null, missing: 0 }, [])
    },

    /**
     * A guide is no longer among those who serve. Only when WeCom refuses the guide's own list as well are the
     * customers out of our sight; and only a few go without an admin's word, since one wrong click in WeCom's console
     * hides thousands.
     */
    async checkRange(corp: Corp, userId: string, { signal, confirmed = false }: LossOptions): Promise<LossOutcome> {
      const { corpId } = corp
      const key = { corpId, userId }
      const readBeganAt = clock.now()
      const { listed, errcode } = await listOf(corp, userId, signal)
      const stored = await relations.listByGuide(corpId, userId)
      const isHidden = listed ? listed.length === 0 : hidden.has(errcode)
      if (stored.length > 0 && !isHidden) return { verdict: 'asked', ended: 0, added: [] }
      if (!confirmed && stored.length >= fewestSuspicious) {
        const counts = { stored: stored.length, listed: listed?.length ?? null, missing: stored.length }
        await ask(corp, { ...key, ...counts, errcode, cause: 'left_range' }, stored)
        return { verdict: 'asked', ended: 0, added: [] }
      }
      await relations.endByRange(corpId, userId, stored, readBeganAt)
      await guides.clearRangeLeft(key)
      return { verdict: 'whole', ended: stored.length, added: [] }
    },
  }
}

export type LossCheck = ReturnType<typeof createLossCheck>

/** An answer about this guide or customer, not about the state of WeCom or of our set-up. */
export const isRefusal = (error: unknown): error is WecomError =>
  error instanceof WecomError && !error.busy && !error.configuration
