import type { Corps } from '../deps.ts'
import type { Metrics } from '../metrics/metrics.ts'

/** What this process has seen of WeCom. Sums over processes are the scraper's work. */
export function watchUpstream(metrics: Metrics, corps: Corps): void {
  const totals = () => corps.all().flatMap(({ upstream }) => upstream.meter.totals())

  metrics.counter('guidebar_wecom_calls_total', 'Calls sent to WeCom, by API, lane and purpose', () =>
    totals().flatMap(({ path, spent }) =>
      spent.map(({ lane, purpose, count }) => ({ labels: { path, lane, purpose }, value: count })),
    ),
  )
  metrics.counter('guidebar_wecom_refusals_total', 'Refusals by WeCom, by API and errcode', () =>
    totals().flatMap(({ path, refusals }) =>
      refusals.map(({ errcode, count }) => ({ labels: { path, errcode: String(errcode) }, value: count })),
    ),
  )
  metrics.counter('guidebar_wecom_rate_limited_total', 'Answers 45009: too many calls', () =>
    totals().map(({ path, refusals }) => ({
      labels: { path },
      value: refusals.find(({ errcode }) => errcode === 45009)?.count ?? 0,
    })),
  )
  metrics.counter('guidebar_wecom_no_answer_total', 'Calls without a usable answer, by API and reason', () =>
    totals().flatMap(({ path, noAnswer }) =>
      noAnswer.map(({ reason, count }) => ({ labels: { path, reason }, value: count })),
    ),
  )
  metrics.counter('guidebar_wecom_seconds_total', 'Seconds spent waiting for answers, by API', () =>
    totals().map(({ path, ms }) => ({ labels: { path }, value: ms.sum / 1_000 })),
  )
  metrics.counter('guidebar_wecom_token_refreshes_total', 'Tokens and tickets fetched', () =>
    totals()
      .filter(({ path }) => /^(gettoken|get_jsapi_ticket|ticket\/get)$/.test(path))
      .map(({ path, calls }) => ({ labels: { path }, value: calls })),
  )
  metrics.counter('guidebar_wecom_held_back_total', 'Calls not sent because of a limit, by API', () =>
    corps
      .all()
      .flatMap(({ upstream }) =>
        upstream.limiter.figures().map(({ path, heldBack }) => ({ labels: { path }, value: heldBack })),
      ),
  )
  metrics.gauge('guidebar_wecom_waiting_calls', 'Calls waiting for their turn, by API', () =>
    corps
      .all()
      .flatMap(({ upstream }) =>
        upstream.limiter.figures().map(({ path, waiting }) => ({ labels: { path }, value: waiting })),
      ),
  )
  metrics.gauge('guidebar_wecom_budget_left', 'Calls left of our part of the quota, all processes', async () => {
    const rows = corps.all().flatMap(({ upstream }) =>
      upstream.limiter.figures().map(async ({ path }) => {
        const left = await upstream.limiter.left(path)
        return [
          { labels: { path, window: 'minute' }, value: left.minute },
          { labels: { path, window: 'hour' }, value: left.hour },
        ]
      }),
    )
    return (await Promise.all(rows)).flat()
  })
  metrics.gauge('guidebar_wecom_breaker', 'Circuit breakers: 0 closed, 0.5 half-open, 1 open', () =>
    corps
      .all()
      .flatMap(({ wecom }) =>
        wecom.breakers().map(({ family, state }) => ({ labels: { family }, value: breakerValue[state] })),
      ),
  )
  metrics.gauge('guidebar_wecom_clock_offset_seconds', "What WeCom's clock shows more than ours", () =>
    corps
      .all()
      .map(({ corpId, upstream }) => ({ labels: { corp: corpId }, value: upstream.clockOffset.offsetMs() / 1_000 })),
  )
  metrics.gauge('guidebar_wecom_configuration_fault', 'The errcode of a set-up fault that stands, else 0', () =>
    corps
      .all()
      .map(({ corpId, upstream }) => ({ labels: { corp: corpId }, value: upstream.faults()[0]?.errcode ?? 0 })),
  )
}

const breakerValue = { closed: 0, 'half-open': 0.5, open: 1 }
