import type { FastifyBaseLogger } from 'fastify'

import type { Clock, Corp, Corps } from '../../platform/deps.ts'
import type { CallbackAddressRepository } from './callback-address.repository.ts'

export type PresenceSettings = {
  /** How often a process leaves a mark that events can be taken in. */
  beatMs: number
  /** Longer than this without a mark, and events may be lost: WeCom gives up after about four tries. */
  gapMs: number
}

export const defaultPresenceSettings: PresenceSettings = { beatMs: 5_000, gapMs: 12_000 }

type Deps = {
  addresses: CallbackAddressRepository
  corps: Corps
  clock: Clock
  log: FastifyBaseLogger
  /** Asks for a comparison with all that WeCom holds; must be durable when it returns. */
  reconcile: (corp: Corp) => Promise<unknown>
  settings?: Partial<PresenceSettings>
}

/**
 * Knows when nobody was there to take events in. WeCom drops what it could not deliver and does not say so, hence after
 * each gap everything is compared. That WeCom itself is silent is no gap.
 */
export function createCallbackPresence({ addresses, corps, clock, log, reconcile, settings }: Deps) {
  const { beatMs, gapMs } = { ...defaultPresenceSettings, ...settings }
  const notKeptSince = new Map<string, Date>()
  let timer: NodeJS.Timeout | undefined
  let last: Promise<void> = Promise.resolve()

  async function beatFor(corp: Corp): Promise<void> {
    const { corpId } = corp
    const now = clock.now()
    const { aliveAt } = (await addresses.find(corpId)) ?? {}
    const failedSince = notKeptSince.get(corpId)
    // The gap is written before the mark that ends it: a crash in between finds it again.
    if (aliveAt && now.getTime() - aliveAt.getTime() > gapMs) {
      await addresses.noteGap(corpId, { cause: 'silence', startAt: aliveAt, endAt: now })
      log.warn({ corpId, sinceMs: now.getTime() - aliveAt.getTime() }, 'nobody was there to take callbacks in')
    } else if (failedSince) {
      await addresses.noteGap(corpId, { cause: 'not-kept', startAt: failedSince, endAt: now })
      log.warn({ corpId }, 'callbacks could not be kept for a while')
    }
    await addresses.markAlive(corpId, now)
    if (notKeptSince.get(corpId) === failedSince) notKeptSince.delete(corpId)
    const open = await addresses.listOpenGaps(corpId)
    if (open.length === 0) return
    await reconcile(corp)
    await addresses.closeGaps(
      open.map(({ _id }) => _id),
      clock.now(),
    )
  }

  function beat(): Promise<void> {
    last = last.then(async () => {
      for (const corp of corps.all()) {
        await beatFor(corp).catch((error: unknown) =>
          log.warn({ corpId: corp.corpId, err: error }, 'no sign of life left'),
        )
      }
    })
    return last
  }

  return {
    /** A genuine event came and could not be kept. WeCom tries again, but not for long. */
    noteNotKept(corpId: string): void {
      if (!notKeptSince.has(corpId)) notKeptSince.set(corpId, clock.now())
    },

    /** Leaves a mark now, and looks whether there was a gap before it. */
    beat,

    start(): void {
      if (timer) return
      void beat()
      timer = setInterval(() => void beat(), beatMs)
      timer.unref()
    },

    /** The last mark makes an orderly restart no gap. */
    async stop(): Promise<void> {
      if (!timer) return
      clearInterval(timer)
      await beat()
    },
  }
}

export type CallbackPresence = ReturnType<typeof createCallbackPresence>
