import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

export type Sample = { labels: Record<string, string>; value: number }
/** Reads the present value, or one for each set of labels. What throws or takes too long is left out of that scrape. */
export type Collect = () => number | Sample[] | Promise<number | Sample[]>

export type Metrics = {
  /** Something that goes up and down. @param name in Prometheus' spelling, `guidebar_…`, with its unit */
  gauge(name: string, help: string, collect: Collect): void
  /** Something that only grows while the process lives; `collect` tells the whole sum. */
  counter(name: string, help: string, collect: Collect): void
  /** One answered request. */
  observeRequest(input: { method: string; route: string; status: number; ms: number }): void
  /** Everything in Prometheus' text form. */
  text(): Promise<string>
  readonly contentType: string
}

const collectTimeoutMs = 1_000
const secondBounds = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The figures of one process. Who offers a figure need not know who reads it. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const names = new Set<string>()
  const updates: ((scrape: Registry) => Promise<void>)[] = []
  let watchesProcess = false

  const requests = new Histogram({
    name: 'guidebar_http_request_seconds',
    help: 'Answered requests by route and class of status',
    labelNames: ['method', 'route', 'status'],
    buckets: secondBounds,
    registers: [registry],
  })

  function add(kind: 'gauge' | 'counter', name: string, help: string, collect: Collect): void {
    if (names.has(name)) throw new Error(`the metric ${name} is there already`)
    names.add(name)
    updates.push(async (scrape) => {
      const collected = await inTime(collect)
      if (collected === null) return
      const samples = typeof collected === 'number' ? [{ labels: {}, value: collected }] : collected
      const labelNames = [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))]
      const settings = { name, help, labelNames, registers: [scrape] }
      const metric = kind === 'gauge' ? new Gauge(settings) : new Counter(settings)
      for (const { labels, value } of samples) metric.inc(labels, value)
    })
  }

  return {
    gauge: (name, help, collect) => add('gauge', name, help, collect),
    counter: (name, help, collect) => add('counter', name, help, collect),

    observeRequest({ method, route, status, ms }) {
      requests.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, ms / 1_000)
    },

    async text() {
      // Begun by the first reader: it costs a little, and most tests never ask.
      if (!watchesProcess) collectDefaultMetrics({ register: registry })
      watchesProcess = true
      // New for each reader: what cannot be told now is missing, instead of what was true a scrape ago.
      const scrape = new Registry()
      await Promise.all(updates.map((update) => update(scrape)))
      return [await registry.metrics(), await scrape.metrics()].join('\n')
    },

    contentType: registry.contentType,
  }
}

async function inTime(collect: Collect): Promise<number | Sample[] | null> {
  const { promise, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(() => resolve(null), collectTimeoutMs)
  try {
    return await Promise.race([Promise.resolve(collect()), promise])
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}
