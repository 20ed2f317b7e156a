import type { RelationRecord } from './records.ts'

/** How long the lists of one path, or of all of them (`*`), do not yet know of a change. */
export interface ListLag {
  ms: number
  path: string
}

interface Waiting {
  untilMs: number
  path: string
}

const concerns = (lag: Waiting, path: string) => lag.path === '*' || lag.path === path

/**
 * Relations that the lists show too late or too long. Few at a time: the others pay one look at two empty maps.
 * @param drop takes a removed relation out of its guide's list, once the lists know of it
 */
export function createListLags(nowMs: () => number, drop: (relation: RelationRecord) => void) {
  const added = new Map<RelationRecord, Waiting>()
  const removed = new Map<RelationRecord, Waiting>()
  let nextMs = Infinity

  function wait(relations: Map<RelationRecord, Waiting>, relation: RelationRecord, lag: ListLag) {
    const untilMs = nowMs() + lag.ms
    relations.set(relation, { untilMs, path: lag.path })
    nextMs = Math.min(nextMs, untilMs)
  }

  /** Ends what is over. */
  function settle() {
    const now = nowMs()
    if (now < nextMs) return
    nextMs = Infinity
    for (const relations of [added, removed]) {
      for (const [relation, { untilMs }] of relations) {
        if (untilMs > now) nextMs = Math.min(nextMs, untilMs)
        else {
          relations.delete(relation)
          if (relations === removed) drop(relation)
        }
      }
    }
  }

  return {
    settle,
    showLate: (relation: RelationRecord, lag: ListLag) => wait(added, relation, lag),
    keepShowing(relation: RelationRecord, lag: ListLag) {
      // What the lists never showed they need not go on showing.
      if (added.delete(relation)) drop(relation)
      else wait(removed, relation, lag)
    },
    isRemoved: (relation: RelationRecord) => removed.size > 0 && removed.has(relation),
    isListed(relation: RelationRecord, path: string): boolean {
      if (added.size === 0 && removed.size === 0) return true
      const late = added.get(relation)
      if (late && concerns(late, path)) return false
      const gone = removed.get(relation)
      return !gone || concerns(gone, path)
    },
  }
}
