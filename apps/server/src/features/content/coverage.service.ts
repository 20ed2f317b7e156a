import { replyVariables, type VariableCoverage } from '@guidebar/contracts'

import type { Clock } from '../../platform/deps.ts'
import { createKeptAnswers } from '../../platform/kept-answers.ts'
import type { Actor } from './content.actor.ts'

type Field = 'name' | 'remark' | 'tier' | 'lastOrder' | 'coupon'
export type CoverageCounts = { customers: number } & Record<Field, number>
type Deps = {
  /** @param userIds the guides whose customers count; null for everybody's */
  count(corpId: string, userIds: string[] | null, now: Date): Promise<CoverageCounts>
  clock: Clock
}

const keptMs = 10 * 60_000
const fieldOf: Partial<Record<string, Field>> = {
  'customer.name': 'name',
  'customer.remark': 'remark',
  'customer.tier': 'tier',
  'order.last.no': 'lastOrder',
  'coupon.expires': 'coupon',
}

/** How often each variable really has a value, so that nobody writes what most customers would see as its fallback. */
export function createCoverageService({ count, clock }: Deps) {
  const kept = createKeptAnswers<{ counts: CoverageCounts; at: Date }>({
    ttlMs: keptMs,
    now: () => clock.now().getTime(),
  })

  return {
    /** Of the customers inside one's reach, ten minutes old at most. */
    async read({ corpId, reach }: Actor): Promise<VariableCoverage> {
      const key = `${corpId}/${reach ? reach.userIds.toSorted().join(',') : '*'}`
      const { counts, at } = await kept.read(key, async () => {
        const now = clock.now()
        return { counts: await count(corpId, reach?.userIds ?? null, now), at: now }
      })
      return {
        customers: counts.customers,
        asOf: at.toISOString(),
        variables: Object.entries(replyVariables).map(([name, { needsFallback }]) => {
          const field = fieldOf[name]
          return { name, needsFallback, known: field ? counts[field] : counts.customers }
        }),
      }
    },
  }
}

export type CoverageService = ReturnType<typeof createCoverageService>
