import { setImmediate as nextTurn } from 'node:timers/promises'

type Options<T, R> = {
  /** How much an item weighs. */
  sizeOf: (item: T) => number
  /** Worth writing at once. */
  enough: number
  /** Most weight of one write; one heavier item goes alone. */
  most: number
  /** Longest that less than enough waits for more. */
  lingerMs: number
  /** How many give items, each the next one only after the one before is written. */
  givers: () => number
  /** Writes side by side. */
  writers: number
  /** @returns one result for each item, in their order */
  write: (items: T[]) => Promise<R[]>
}

type Waiting<T, R> = { item: T; resolve: (result: R) => void; reject: (error: unknown) => void }

/**
 * Collects what many give and writes it together: each write costs a flush of the journal, however large it is. Nobody
 * waits when nothing more can come. Whoever gives an item waits for its result, so as much is held as there are givers.
 */
export function createBatcher<T, R>(options: Options<T, R>) {
  const { sizeOf, enough, most, lingerMs, givers, writers, write } = options
  const queue: Waiting<T, R>[] = []
  let size = 0
  let writing = 0
  let busy = 0
  let timer: NodeJS.Timeout | undefined

  function take(): Waiting<T, R>[] {
    let taken = 0
    const end = queue.findIndex(({ item }, index) => (taken += sizeOf(item)) > most && index > 0)
    const some = queue.splice(0, end < 0 ? queue.length : end)
    size -= some.reduce((sum, { item }) => sum + sizeOf(item), 0)
    return some
  }

  async function writeSome(some: Waiting<T, R>[]): Promise<void> {
    busy++
    writing += some.length
    try {
      const results = await write(some.map(({ item }) => item))
      for (const [index, { resolve }] of some.entries()) resolve(results[index] as R)
    } catch (error) {
      for (const { reject } of some) reject(error)
    }
    writing -= some.length
    busy--
    // Lets those who waited come back with their next item.
    await nextTurn()
    pump()
  }

  /** @param late those who wait have waited long enough */
  function pump(late = false): void {
    while (queue.length > 0 && busy < writers) {
      const isAll = queue.length + writing >= givers()
      if (size < enough && !isAll && !late) {
        timer ??= setTimeout(() => {
          timer = undefined
          pump(true)
        }, lingerMs)
        return
      }
      void writeSome(take())
    }
  }

  return {
    give: (item: T): Promise<R> =>
      new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject })
        size += sizeOf(item)
        pump()
      }),
  }
}

export type Batcher<T, R> = ReturnType<typeof createBatcher<T, R>>
