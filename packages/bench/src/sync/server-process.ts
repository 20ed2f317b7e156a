import { connectMongo, ensureIndexes } from '@guidebar/mongo'
import { buildApp } from '@guidebar/server'
import { loadConfig, requireWecom } from '@guidebar/server/platform/config'
import { createCorp } from '@guidebar/server/platform/corps'
import { createCorps, systemClock } from '@guidebar/server/platform/deps'
import { createMongoTokenStore } from '@guidebar/server/platform/mongo-token-store'
import { createSecretBox } from '@guidebar/server/platform/secret-box'
import { createUpstreamShare } from '@guidebar/server/platform/upstream/upstream-share'

import { answerQuestions } from './child.ts'

export type ServerQuestion = { do: 'sync' | 'dry-run' | 'idle' }
export type ServerAnswer = { seconds: number; relations: number; changed: number; peakRssMiB: number }

const config = requireWecom(loadConfig(process.env))
const db = await connectMongo(config.mongodbUri ?? '', process.env['BENCH_DB'] ?? 'bench')
const corp = createCorp(config.wecom, {
  tokenStore: createMongoTokenStore(db, createSecretBox(config.wecom.secret)),
  clock: systemClock,
  share: createUpstreamShare(db),
  // What is measured is how fast we are, not how much WeCom grants: by its quota 80 pages a second would be the end.
  quotaOf: () => ({ perMinute: 10_000_000, perHour: 100_000_000 }),
})
const app = await buildApp({
  db,
  corps: createCorps(corp),
  config,
  clock: systemClock,
  built: { sidebar: null, admin: null },
})
await ensureIndexes(db)
await app.listen({ port: config.port, host: config.host })

answerQuestions<ServerQuestion>(
  async ({ do: what }) => {
    const began = performance.now()
    const progress = what === 'idle' ? null : await app.services.sync.runNow(corp, { dryRun: what === 'dry-run' })
    const seconds = (performance.now() - began) / 1_000
    if (progress && progress.phase !== 'done') throw new Error(`the sync ended as ${progress.phase} ${progress.error}`)
    const { added = 0, changed = 0, restored = 0 } = progress?.changes ?? {}
    return {
      seconds,
      relations: progress?.done ?? 0,
      changed: added + changed + restored,
      // The highest there ever was since the process began.
      peakRssMiB: process.resourceUsage().maxRSS / 1_024,
    } satisfies ServerAnswer
  },
  async () => {
    await app.close()
    await corp.wecom.close()
    await db.close()
  },
)
