import type { ApiError } from '@guidebar/api-client'
import type { SendOutcome } from '@guidebar/contracts'

type Waiting = { sendId: string; outcome: SendOutcome }
type Options = {
  report: (sendId: string, outcome: SendOutcome) => Promise<unknown>
  /** Whose outcomes these are; what another session left behind is dropped. */
  owner: string
  storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  retryMs?: number
}
const storedName = 'guidebar.outcomes'

/**
 * Tells the server what came of each send. The message is out already, so a report that fails is kept (ids and states
 * only) and tried again: when the network returns, when the page is opened, and every half minute.
 */
export function createOutcomeOutbox({ report, owner, storage = window.localStorage, retryMs = 30_000 }: Options) {
  let waiting = load(storage, owner)
  let flushing: Promise<void> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function save() {
    try {
      if (waiting.length === 0) storage.removeItem(storedName)
      else storage.setItem(storedName, JSON.stringify({ owner, waiting }))
    } catch {
      // Without storage the list lives as long as the page.
    }
  }
  async function run() {
    // `waiting` is replaced, never changed in place, while this goes through it.
    for (const entry of waiting) {
      try {
        await report(entry.sendId, entry.outcome)
      } catch (error) {
        // A refusal will not change its mind; only what may be tried again stays.
        if ((error as Partial<ApiError>).retry) continue
      }
      waiting = waiting.filter((other) => other !== entry)
      save()
    }
    clearTimeout(timer)
    if (waiting.length > 0) timer = setTimeout(() => void flush(), retryMs)
  }
  function flush(): Promise<void> {
    flushing ??= run().finally(() => {
      flushing = undefined
    })
    return flushing
  }
  return {
    /** Resolves after the first try, whether or not it succeeded. */
    async report(sendId: string, outcome: SendOutcome): Promise<void> {
      waiting = [...waiting, { sendId, outcome }]
      save()
      // One under way may have passed the end of the list already.
      await flushing
      await flush()
    },
    flush,
    get size() {
      return waiting.length
    },
  }
}
export type OutcomeOutbox = ReturnType<typeof createOutcomeOutbox>

function load(storage: Pick<Storage, 'getItem'>, owner: string): Waiting[] {
  try {
    const stored = JSON.parse(storage.getItem(storedName) ?? 'null') as { owner: string; waiting: Waiting[] } | null
    return stored?.owner === owner ? stored.waiting : []
  } catch {
    return []
  }
}
