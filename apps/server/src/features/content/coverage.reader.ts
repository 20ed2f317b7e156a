import type { Connection } from 'mongoose'

import type { CoverageCounts } from './coverage.service.ts'

/** A corp of a million is not counted to the last head for a percentage: so many of its customers tell. */
const mostCounted = 50_000
const batch = 5_000
const maxTimeMS = 10_000

type Person = { _id: string; hasRemark: boolean }

/** Reads of four other features' rows by customer; see also the care reader of the first screen. */
export function createCoverageReader(db: Connection) {
  const rowsOf = (name: string) => db.collection<{ _id: string; [field: string]: unknown }>(name)
  const relations = rowsOf('relations')
  const customers = rowsOf('customers')
  const profiles = rowsOf('customerProfiles')
  const orders = rowsOf('orders')

  async function countBatch(corpId: string, people: Person[], now: Date): Promise<CoverageCounts> {
    const ids = people.map(({ _id }) => _id)
    const keys = ids.map((id) => `${corpId}/${id}`)
    const coupon = { $elemMatch: { redeemedAt: null, expiresAt: { $gt: now } } }
    const [name, tier, couponed, owners, credited] = await Promise.all([
      customers.countDocuments({ _id: { $in: keys }, name: { $gt: '' } }, { maxTimeMS }),
      profiles.countDocuments({ _id: { $in: keys }, tier: { $gt: '' } }, { maxTimeMS }),
      profiles.countDocuments({ _id: { $in: keys }, coupons: coupon }, { maxTimeMS }),
      orders.distinct('externalUserId', { corpId, externalUserId: { $in: ids } }, { maxTimeMS }),
      orders.distinct('credit.externalUserId', { corpId, 'credit.externalUserId': { $in: ids } }, { maxTimeMS }),
    ])
    return {
      customers: people.length,
      name,
      remark: people.filter(({ hasRemark }) => hasRemark).length,
      tier,
      lastOrder: new Set([...owners, ...credited]).size,
      coupon: couponed,
    }
  }

  /** @param userIds guides whose customers count; null for everybody's */
  return async (corpId: string, userIds: string[] | null, now: Date): Promise<CoverageCounts> => {
    const mine = userIds ? { userId: { $in: userIds } } : {}
    const people = relations.aggregate<Person>(
      [
        { $match: { corpId, ...mine, status: 'active' } },
        { $limit: 4 * mostCounted },
        { $group: { _id: '$externalUserId', hasRemark: { $max: { $gt: ['$remark', ''] } } } },
        { $limit: mostCounted },
      ],
      { maxTimeMS },
    )
    const sum: CoverageCounts = { customers: 0, name: 0, remark: 0, tier: 0, lastOrder: 0, coupon: 0 }
    const add = async (some: Person[]) => {
      const counts = await countBatch(corpId, some, now)
      for (const key of Object.keys(sum) as (keyof CoverageCounts)[]) sum[key] += counts[key]
    }
    let some: Person[] = []
    for await (const person of people) {
      some.push(person)
      if (some.length === batch) await add(some.splice(0))
    }
    if (some.length > 0) await add(some)
    return sum
  }
}
