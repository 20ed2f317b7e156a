import { setImmediate } from 'node:timers/promises'
import type { GuideDigest, RelationView, TruthDigest } from './control-contract.ts'
import { createRelationDigest } from './digest.ts'
import { isReachable } from './handlers/permissions.ts'
import type { MemberRecord, RelationRecord } from './state/records.ts'
import { indexAfter, liveTagsOf } from './state/relation.store.ts'
import type { World } from './state/world.ts'
import { toRelationView } from './views.ts'

const ROWS_AT_ONCE = 5000
/** A place in the truth is the number of a guide and a `seq` in that guide's list. */
const GUIDE_STEP = 2 ** 32

interface Kept {
  version: number
  epoch: number
  settings: unknown
  digest: TruthDigest
}

/**
 * What the customer calls would tell, for oracles. The digest of each guide is kept until something of it changes, so
 * that asking again in a big corp costs only what has changed since.
 */
export function createTruth(world: World) {
  const kept = new WeakMap<MemberRecord, Kept>()

  function isTold(relation: RelationRecord) {
    return isReachable(world, relation) && !world.relations.isRemoved(relation)
  }

  function digestOf(guide: MemberRecord): TruthDigest {
    const { version } = guide
    const { settings } = world
    const epoch = world.tags.epoch()
    const known = kept.get(guide)
    if (known?.version === version && known.epoch === epoch && known.settings === settings) return known.digest
    const digest = createRelationDigest()
    for (const relation of guide.relations) {
      if (!isTold(relation)) continue
      digest.add({
        userId: guide.userId,
        externalUserId: relation.customer.externalUserId,
        remark: relation.remark,
        tagIds: liveTagsOf(relation).map((tag) => tag.id),
      })
    }
    kept.set(guide, { version, epoch, settings, digest: digest.result() })
    return digest.result()
  }

  /** A million relations take seconds to hash: other calls get their turn in between. */
  async function* eachGuide() {
    let rows = 0
    for (const guide of world.directory.members.values()) {
      yield [guide, digestOf(guide)] as const
      rows += guide.relations.length
      if (rows < ROWS_AT_ONCE) continue
      rows = 0
      await setImmediate()
    }
  }

  return {
    async digest(): Promise<TruthDigest> {
      const total = createRelationDigest()
      for await (const [, digest] of eachGuide()) total.merge(digest)
      return total.result()
    },
    /** To find where two stores differ; guides without relations are left out. */
    async guideDigests(): Promise<GuideDigest[]> {
      const rows: GuideDigest[] = []
      for await (const [{ userId }, digest] of eachGuide()) if (digest.relations > 0) rows.push({ userId, ...digest })
      return rows
    },
    /** @param userId only this guide's */
    page(after: number, limit: number, userId?: string): { relations: RelationView[]; next: number | null } {
      const guides = [...world.directory.members.values()]
      const rows: RelationRecord[] = []
      const first = Math.floor(after / GUIDE_STEP)
      for (let place = first; place < guides.length; place += 1) {
        const guide = guides[place]
        if (!guide || (userId !== undefined && guide.userId !== userId)) continue
        const from = place === first ? indexAfter(guide.relations, after % GUIDE_STEP) : 0
        for (let index = from; index < guide.relations.length; index += 1) {
          const relation = guide.relations[index]
          if (!relation || !isTold(relation)) continue
          if (rows.push(relation) === limit)
            return { relations: rows.map(toRelationView), next: place * GUIDE_STEP + relation.seq }
        }
      }
      return { relations: rows.map(toRelationView), next: null }
    },
  }
}
