import { connectMongo } from '@guidebar/mongo'

import { createCorp } from '../corps.ts'
import { systemClock } from '../deps.ts'
import { createMongoTokenStore } from '../mongo-token-store.ts'
import { createSecretBox } from '../secret-box.ts'
import { createUpstreamShare } from './upstream-share.ts'

/** A server process reduced to its calls to WeCom; started by tests, and told by message what to call. */
export type CallerStart = {
  mongoUri: string
  dbName: string
  wecom: { corpId: string; agentId: string; secret: string; apiUrl: string }
}
export type CallerOrder = { call: 'token' | 'tickets'; callers: number }
/** How it ended, and after which time, for each caller. */
export type CallerResult = { failures: string[]; slowestMs: number; values: string[] }

async function run({ call, callers }: CallerOrder, corp: ReturnType<typeof createCorp>): Promise<CallerResult> {
  const began = performance.now()
  const results = await Promise.allSettled(
    Array.from({ length: callers }, async () => {
      if (call === 'token') return (await corp.wecom.callbacks.getIps({ lane: 'background' })).join()
      return (await Promise.all([corp.wecom.tickets.corp(), corp.wecom.tickets.agent()])).join()
    }),
  )
  return {
    failures: results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : [])),
    values: [...new Set(results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])))],
    slowestMs: performance.now() - began,
  }
}

const { mongoUri, dbName, wecom } = JSON.parse(process.argv[2] ?? '{}') as CallerStart
const db = await connectMongo(mongoUri, dbName)
const corp = createCorp(
  { ...wecom, callback: null, oauthUrl: wecom.apiUrl, loginUrl: wecom.apiUrl },
  {
    tokenStore: createMongoTokenStore(db, createSecretBox(wecom.secret)),
    share: createUpstreamShare(db),
    clock: systemClock,
    // The test counts fetches of tokens; waiting for the pace of the calls behind them would only take time.
    quotaOf: () => ({ perMinute: 1_000_000, perHour: 100_000_000 }),
  },
)
process.on('message', (order: CallerOrder) => {
  // Under a watcher other messages come along.
  if (order.call) void run(order, corp).then((result) => process.send?.(result))
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
