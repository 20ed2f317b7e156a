import type { Corps } from '../../platform/deps.ts'
import type { Jobs } from '../../platform/jobs/jobs.ts'
import type { SyncService } from './sync.service.ts'

const name = 'sync-reconcile'
/** At a minute past the full hour at which few other programs call. */
const hourly = '17 * * * *'

/** Lets one process an hour look whether what is known of a corp is due to be compared with WeCom. */
export function defineReconcileJob(
  jobs: Pick<Jobs, 'define' | 'schedule'>,
  { sync, corps }: { sync: Pick<SyncService, 'reconcile'>; corps: Corps },
): void {
  jobs.define(name, {
    async handler() {
      for (const corp of corps.all()) await sync.reconcile(corp, 'hourly')
    },
  })
  jobs.schedule(name, hourly)
}
