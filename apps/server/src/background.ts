import type { FastifyBaseLogger } from 'fastify'

import { runFor } from './platform/upstream/call-purpose.ts'
import type { Services } from './services.ts'

/** Begins the work that no request waits for: full syncs, the handling of WeCom's events, jobs. @returns how to end it */
export function startBackgroundWork(
  { sync, callbacks, jobs, upstream }: Services,
  log: FastifyBaseLogger,
): { stop(): Promise<void> } {
  upstream.start()
  runFor('sync', () => sync.start())
  runFor('callback', () => callbacks.start())
  runFor('other', () => jobs.start())
  return {
    async stop() {
      const ends = await Promise.allSettled([sync.stop(), callbacks.stop(), jobs.stop()])
      // Last, so that what those have called is counted.
      ends.push(...(await Promise.allSettled([upstream.stop()])))
      for (const end of ends)
        if (end.status === 'rejected') log.warn({ err: end.reason }, 'background work did not end well')
    },
  }
}
