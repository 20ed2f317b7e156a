import type { SetUpAnswers, SyncProgress } from '@guidebar/contracts'

import type { Clock, Corp } from '../../platform/deps.ts'
import type { TokenFacts } from '../../platform/mongo-token-store.ts'
import type { UpstreamService } from '../../platform/upstream/upstream.service.ts'
import type { DoctorRecords } from './doctor.context.ts'
import type { DoctorRepository } from './doctor.repository.ts'

/** What other features know that a check may want to know. */
export type DoctorSources = {
  upstream: Pick<UpstreamService, 'budget'>
  tokenFacts: (key: string) => Promise<TokenFacts | null>
  callbacks: {
    gauges(corpId: string): Promise<{ oldestWaitingSec: number | null; dead: number }>
    lastAt(corpId: string): Promise<Date | null>
    newCustomers(corpId: string, since: Date): Promise<{ count: number; withoutCode: number }>
  }
  addresses: {
    find(
      corpId: string,
    ): Promise<{ verifiedAt?: Date | null; lastAttempt?: { at: Date; verdict: string } | null } | null>
  }
  welcomes: { countByState(corpId: string): Promise<{ state: string; count: number }[]> }
  sync: { progress(corpId: string): Promise<SyncProgress>; movedAt(corpId: string): Promise<Date | null> }
  relations: { counts(corpId: string): Promise<{ relations: number }> }
  cards: {
    checkPublished(
      corpId: string,
      locale: 'zh-CN' | 'zh-TW' | 'en',
    ): Promise<{ title: string; problem: string | null }[]>
  }
  customers: { sampleUnionIds(corpId: string, limit: number): Promise<{ sampled: number; withUnionId: number }> }
  setUp: {
    answers(): Promise<SetUpAnswers>
    miniProgramTest(): Promise<{ appId: string; errcode: number | null } | null>
  }
}

const dayMs = 24 * 3_600_000
const unionIdSample = 20

/** Reads for the checks of one run; what several of them ask for is read once. */
export function createDoctorRecords(input: {
  corp: Corp | null
  sources: DoctorSources
  repository: DoctorRepository
  clock: Clock
  lang: 'zh-CN' | 'zh-TW' | 'en'
}): DoctorRecords {
  const { corp, sources, repository, clock, lang } = input
  const corpId = corp?.corpId ?? ''
  const budget = once(() => sources.upstream.budget(corpId))

  return {
    async refusals() {
      if (!corp) return []
      return (await budget()).apis.flatMap(({ path, errors }) => errors.map((error) => ({ ...error, path })))
    },

    async closedApis() {
      if (!corp) return []
      const now = clock.now()
      return (await budget()).apis.flatMap(({ path, closedUntil }) => {
        const until = closedUntil ? new Date(closedUntil) : null
        return until && until > now ? [{ path, until }] : []
      })
    },

    tokenFault: async () => (await corp?.wecom.tokenFault()) ?? null,
    token: async () => (corp ? sources.tokenFacts(`access-token:${corp.corpId}:${corp.agentId}`) : null),

    async callbacks() {
      const [state, { oldestWaitingSec, dead }, lastEventAt] = await Promise.all([
        sources.addresses.find(corpId),
        sources.callbacks.gauges(corpId),
        sources.callbacks.lastAt(corpId),
      ])
      const { verifiedAt = null, lastAttempt = null } = state ?? {}
      return { verifiedAt, lastEventAt, oldestWaitingSec, dead, lastAttempt }
    },

    async welcomes() {
      const since = new Date(clock.now().getTime() - dayMs)
      const [arrived, states] = await Promise.all([
        sources.callbacks.newCustomers(corpId, since),
        sources.welcomes.countByState(corpId),
      ])
      const of = (name: string) => states.find(({ state }) => state === name)?.count ?? 0
      const { count: newCustomers, withoutCode } = arrived
      return { sent: of('sent'), newCustomers, withoutCode, tooLate: of('too-late') }
    },

    async sync() {
      const [progress, { relations }, movedAt] = await Promise.all([
        sources.sync.progress(corpId),
        sources.relations.counts(corpId),
        sources.sync.movedAt(corpId),
      ])
      return { ...progress, relations, movedAt }
    },

    cards: () => sources.cards.checkPublished(corpId, lang),
    miniProgramTest: () => sources.setUp.miniProgramTest(),
    unionIds: () => sources.customers.sampleUnionIds(corpId, unionIdSample),
    clients: () => repository.listReports(corpId),
    answers: () => sources.setUp.answers(),
    expectProbe: (word) => repository.expectProbe(word, clock.now()),
    probeSeen: (word) => repository.takeProbe(word),
  }
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined
  return () => (result ??= read())
}
