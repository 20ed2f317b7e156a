/** One change of a chat's members, as an event tells it. */
export type MemberChange = { from: string; to: string }

const kept = 30

type Versions = { memberVersion: string | null; recentVersions: string[] }

/**
 * Follows the changes from the version we know, in whatever order they came.
 * @returns the versions after them, and whether a change in between is missing
 * @see https://developer.work.weixin.qq.com/document/path/92130
 */
export function followVersions(known: Versions, changes: MemberChange[]): Versions & { isMissing: boolean } {
  const seen = new Set(known.recentVersions)
  const left = new Map(changes.filter(({ to }) => !seen.has(to)).map((change) => [change.from, change.to]))
  let version = known.memberVersion ?? firstOf(changes)
  const passed = [...known.recentVersions]
  const walk = () => {
    for (let next = version === null ? undefined : left.get(version); next !== undefined; next = left.get(next)) {
      left.delete(version!)
      version = next
      passed.push(next)
    }
  }
  walk()
  const isMissing = left.size > 0
  while (left.size > 0) {
    version = firstOf([...left].map(([from, to]) => ({ from, to })))
    if (version === null) break
    walk()
  }
  return { memberVersion: version, recentVersions: passed.slice(-kept), isMissing }
}

/** Where a chain of changes begins; in a ring, anywhere. */
function firstOf(changes: MemberChange[]): string | null {
  const reached = new Set(changes.map(({ to }) => to))
  return (changes.find(({ from }) => !reached.has(from)) ?? changes[0])?.from ?? null
}
