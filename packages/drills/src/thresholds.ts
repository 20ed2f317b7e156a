/** Every bar that a drill measures against. Times are meant for two idle cores; the load stands beside the figures. */
export const thresholds = {
  acknowledge: { p99Ms: 1_000, mostMs: 4_000 },
  welcome: { calmP99Ms: 2_000, stormP99Ms: 10_000 },
  // The limiter gives background work 80 calls a second: 60 % of WeCom's 10,000 a minute, less the share for people.
  slowConsumer: { rssMiB: 400, drainPerSec: 72 },
  storm: { settledSec: 120, reconciledSec: 600 },
  forged: { p99Ms: 50, perSec: 2_000 },
  slowClients: { closedMs: 10_000, tooLargeMs: 50 },
  xml: { eachMs: 20, rssGrowthMiB: 20 },
  database: { refusedMs: 4_500, unreadyMs: 5_000, backMs: 10_000 },
  token: { allServedMs: 7_000 },
  rateLimit: { quietMs: 60_000 },
  busy: { retries: 3 },
  takeOverMs: 30_000,
  stopMs: 10_000,
  outage: { equalSec: 600, panelP95Ms: 300 },
  panel: { growthMiB: 5 },
  shapesMs: 100,
  guessMs: 5,
  hostileSearch: { searchMs: 300, othersMs: 50 },
} as const
