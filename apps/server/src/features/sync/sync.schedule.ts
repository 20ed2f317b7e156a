import type { Corps } from '../../platform/deps.ts'
import type { Jobs } from '../../platform/jobs/jobs.ts'
import type { SyncService } from './sync.service.ts'

/** At a minute past the full hour at which few other programs call. */
const hourly = '17 * * * *'

/** Lets one process an hour look whether a corp's knowledge is due to be compared with WeCom. */
export async function scheduleReconcile(
  jobs: Pick<Jobs, 'define' | 'schedule'>,
  { sync, corps }: { sync: SyncService; corps: Corps },
): Promise<void> {
  jobs.define('sync-reconcile', {
    async handler() {
      for (const corp of corps.all()) await sync.reconcile(corp, 'hourly')
    },
  })
  await jobs.schedule('sync-reconcile', hourly)
}
