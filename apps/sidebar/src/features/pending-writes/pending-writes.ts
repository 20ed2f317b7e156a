import { ApiError } from '@guidebar/api-client'
import type { MarkTags, WriteNote } from '@guidebar/contracts'

import type { Memory } from '../../platform/memory-writer.ts'

/** A tag or a note that could not reach the server yet. Messages are never among them: nothing is sent unseen. */
export type PendingWrite = { externalUserId: string; /** What it is, in the guide's words. */ what: string } & (
  | { kind: 'tags'; change: MarkTags }
  | { kind: 'note'; note: WriteNote }
)
type Options = {
  memory: Pick<Memory, 'readNamed' | 'keepNamed'>
  send: (write: PendingWrite) => Promise<unknown>
  /** Called with each change of the list. */
  onChange: (waiting: readonly PendingWrite[]) => void
  onDone: (write: PendingWrite) => void
  /** The server said no: the write is gone from the list. */
  onRefused: (write: PendingWrite, error: unknown) => void
  retryMs?: number
}
const name = 'pending-writes'

/**
 * Writes that wait for the network, sealed in this browser and in the order they were made. Tried again when the network
 * returns, when the guide comes back, and every ten seconds. Trying twice does no harm: a tag is on or off, a note has a
 * key of its own.
 */
export function createPendingWrites({ memory, send, onChange, onDone, onRefused, retryMs = 10_000 }: Options) {
  let waiting: readonly PendingWrite[] = []
  let flushing: Promise<void> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const opened = memory.readNamed<PendingWrite[]>(name).then((kept) => {
    if (kept && kept.length > 0) change([...kept, ...waiting])
  })

  function change(next: readonly PendingWrite[]): void {
    waiting = next
    onChange(next)
    void memory.keepNamed(name, next)
  }
  async function run(): Promise<void> {
    await opened
    clearTimeout(timer)
    for (let first = waiting[0]; first; first = waiting[0]) {
      const write = first
      try {
        await send(write)
        onDone(write)
      } catch (error) {
        if (!(error instanceof ApiError) || error.retry) break
        onRefused(write, error)
      }
      change(waiting.filter((other) => other !== write))
    }
    if (waiting.length > 0) timer = setTimeout(() => void flush(), retryMs)
  }
  function flush(): Promise<void> {
    flushing ??= run().finally(() => {
      flushing = undefined
    })
    return flushing
  }
  return {
    /** Resolves when it is kept; it is tried after that. */
    async add(write: PendingWrite): Promise<void> {
      await opened
      waiting = [...waiting, write]
      onChange(waiting)
      await memory.keepNamed(name, waiting)
      clearTimeout(timer)
      timer = setTimeout(() => void flush(), retryMs)
    },
    flush,
  }
}
export type PendingWrites = ReturnType<typeof createPendingWrites>
