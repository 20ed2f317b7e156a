import { setImmediate as nextTurn } from 'node:timers/promises'

type Options<R> = {
  write: (rows: R[]) => Promise<void>
  /** For those who cannot wait for ever. */
  bounds?: {
    /** Rows waiting at one time; one more is refused with `tooMany`. */
    most: number
    tooMany: () => Error
    /** Behind another write and for one's own together; then `tooSlow` is thrown, and the row may be kept all the same. */
    patienceMs: number
    tooSlow: () => Error
  }
}

/**
 * Writes rows that arrive together with one write: one turn of the event loop is collected, and all that comes while a
 * write is under way goes with the next. One durable write per event would keep WeCom waiting for seconds in a storm.
 */
export function createGroupCommit<R extends { _id: string }>({ write, bounds }: Options<R>) {
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
    if (bounds && collecting.size >= bounds.most) return Promise.reject(bounds.tooMany())
    collecting.set(row._id, row)
    turn ??= last = commit(last)
    return bounds ? atMost(turn, bounds.patienceMs, bounds.tooSlow) : turn
  }
}

/** The work's own end, or a failure when that takes too long; the work goes on. */
function atMost(work: Promise<void>, ms: number, tooSlow: () => Error): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooSlow()), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
