import type { FastifyBaseLogger } from 'fastify'

import { defineDoctorJob } from './features/doctor/doctor.jobs.ts'
import { inTime } from './platform/in-time.ts'
import { runFor } from './platform/upstream/call-purpose.ts'
import type { Services } from './services.ts'

/** Longest that work at hand may take to end: what is left then comes back by itself when its lease is over. */
const patienceMs = 8_500

/** Begins the work that no request waits for: full syncs, the handling of WeCom's events, jobs. @returns how to end it */
export function startBackgroundWork(
  { sync, callbacks, jobs, upstream, corpSettings, doctor }: Services,
  log: FastifyBaseLogger,
): {
  /** Takes nothing new at once, and ends what is at hand while the last requests are answered. */
  stop(requests: Promise<unknown>): Promise<void>
} {
  upstream.start()
  corpSettings.start(log)
  runFor('sync', () => sync.start())
  runFor('callback', () => callbacks.start())
  defineDoctorJob(jobs, doctor).catch((error: unknown) => log.warn({ err: error }, 'no first look planned'))
  runFor('other', () => jobs.start())
  return {
    async stop(requests) {
      corpSettings.stop()
      const ends = await Promise.allSettled([
        endInTime('sync', sync.stop()),
        endInTime('callbacks', callbacks.stop()),
        endInTime('jobs', jobs.stop()),
        endInTime('requests', requests),
      ])
      // Last, so that what those have called is counted.
      ends.push(...(await Promise.allSettled([upstream.stop()])))
      for (const end of ends)
        if (end.status === 'rejected') log.warn({ err: end.reason }, 'background work did not end well')
    },
  }
}

async function endInTime(name: string, ending: Promise<unknown>): Promise<void> {
  if (!(await inTime(ending, patienceMs))) throw new Error(`${name} did not end in time`)
}
