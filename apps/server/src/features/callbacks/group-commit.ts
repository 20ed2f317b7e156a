import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * Writes rows that arrive together with one write: one turn of the event loop is collected, and all that comes while a
 * write is under way goes with the next. One durable write per event would keep WeCom waiting for seconds in a storm.
 * @param most rows waiting at one time; `tooMany` is thrown beyond
 */
export function createGroupCommit<R extends { _id: string }>(options: {
  write: (rows: R[]) => Promise<void>
  most: number
  tooMany: () => Error
}) {
  const { write, most, tooMany } = options
  let collecting = new Map<string, R>()
  let turn: Promise<void> | null = null
  let last: Promise<void> = Promise.resolve()

  async function commit(before: Promise<void>): Promise<void> {
    await nextTurn()
    // A failed write is told to those who wait for it, not to those behind it.
    await before.catch(() => undefined)
    const rows = [...collecting.values()]
    collecting = new Map()
    turn = null
    await write(rows)
  }

  /** Answers when the row is kept for good. */
  return function add(row: R): Promise<void> {
    if (collecting.size >= most) return Promise.reject(tooMany())
    collecting.set(row._id, row)
    turn ??= last = commit(last)
    return turn
  }
}
