import type { SyncService } from './features/sync/sync.service.ts'
import type { Corps } from './platform/deps.ts'
import type { Jobs } from './platform/jobs/jobs.ts'
import type { Metrics } from './platform/metrics/metrics.ts'

type Watched = { sync: Pick<SyncService, 'progress'>; jobs: Pick<Jobs, 'stats'>; corps: Corps }

/** What monitoring should know of the work that no request waits for: the latest sync, and the job queue. */
export function watchWork(metrics: Metrics, { sync, jobs, corps }: Watched): void {
  const ofEach = (read: (progress: Awaited<ReturnType<SyncService['progress']>>) => number) => () =>
    Promise.all(
      corps.all().map(async ({ corpId }) => ({ labels: { corp: corpId }, value: read(await sync.progress(corpId)) })),
    )
  const isRunning = ({ startedAt, finishedAt }: { startedAt: string | null; finishedAt: string | null }) =>
    startedAt !== null && finishedAt === null

  metrics.gauge(
    'guidebar_sync_running',
    'Whether a sync is under way',
    ofEach((run) => (isRunning(run) ? 1 : 0)),
  )
  metrics.gauge(
    'guidebar_sync_done_items',
    'What the latest sync has done of its phase',
    ofEach(({ done }) => done),
  )
  metrics.gauge(
    'guidebar_sync_total_items',
    'What there is to do in that phase; 0 = not known',
    ofEach(({ total }) => total ?? 0),
  )
  metrics.gauge(
    'guidebar_sync_failed',
    'Whether the latest sync ended with a failure',
    ofEach(({ phase }) => (phase === 'failed' ? 1 : 0)),
  )
  metrics.gauge('guidebar_jobs', 'Jobs in the database, by name and state', async () =>
    (await jobs.stats()).flatMap(({ name, waiting, running, dead }) =>
      Object.entries({ waiting, running, dead }).map(([state, value]) => ({ labels: { job: name, state }, value })),
    ),
  )
  metrics.gauge('guidebar_jobs_late_seconds', 'How much later than planned the oldest waiting job is', async () =>
    (await jobs.stats()).map(({ name, oldestRunAt }) => ({
      labels: { job: name },
      value: oldestRunAt ? Math.max(0, (Date.now() - oldestRunAt.getTime()) / 1_000) : 0,
    })),
  )
}
