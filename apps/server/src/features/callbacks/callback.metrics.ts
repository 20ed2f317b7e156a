import type { Corps } from '../../platform/deps.ts'
import type { Metrics } from '../../platform/metrics/metrics.ts'
import type { CallbackService } from './callback.service.ts'
import type { WelcomeLane } from './welcome.lane.ts'

type Watched = { callbacks: CallbackService; welcomes: WelcomeLane; corps: Corps }

/** What monitoring should know of events: how many wait and for how long, what was given up, what was refused. */
export function watchCallbacks(metrics: Metrics, { callbacks, welcomes, corps }: Watched): void {
  const ofEach = (read: (gauges: Awaited<ReturnType<CallbackService['gauges']>>) => number) => () =>
    Promise.all(
      corps
        .all()
        .map(async ({ corpId }) => ({ labels: { corp: corpId }, value: read(await callbacks.gauges(corpId)) })),
    )
  metrics.gauge(
    'guidebar_callbacks_waiting',
    'Kept events that are not handled yet',
    ofEach(({ waiting }) => waiting),
  )
  metrics.gauge(
    'guidebar_callbacks_oldest_seconds',
    'Age of the oldest event that is not handled; alarm above 60',
    ofEach(({ oldestWaitingSec }) => oldestWaitingSec ?? 0),
  )
  metrics.gauge(
    'guidebar_callbacks_dead',
    'Events that were given up',
    ofEach(({ dead }) => dead),
  )
  metrics.counter('guidebar_callbacks_refused_total', 'Packets not accepted, by reason', () =>
    Object.entries(callbacks.ofThisProcess().refusals).map(([reason, value]) => ({ labels: { reason }, value })),
  )
  metrics.gauge(
    'guidebar_callbacks_skewed_share',
    'Share of genuine packets with a time far from ours; alarm above 0.01',
    () => callbacks.ofThisProcess().skew.share,
  )
  metrics.gauge(
    'guidebar_callbacks_lag_p99_seconds',
    'From receipt until handled, of the last events',
    () => callbacks.ofThisProcess().lag.p99Ms / 1_000,
  )
  metrics.gauge('guidebar_welcomes_last_day', 'Welcomes of the last day, by what became of them', async () => {
    const counts = await Promise.all(corps.all().map(({ corpId }) => welcomes.countByState(corpId)))
    const sums = Map.groupBy(counts.flat(), ({ state }) => state)
    return [...sums].map(([state, some]) => ({
      labels: { state },
      value: some.reduce((sum, { count }) => sum + count, 0),
    }))
  })
}
