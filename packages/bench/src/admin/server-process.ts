import { connectMongo, ensureIndexes } from '@guidebar/mongo'
import { buildApp } from '@guidebar/server'
import { loadConfig, requireWecom } from '@guidebar/server/platform/config'
import { createCorp } from '@guidebar/server/platform/corps'
import { createCorps, systemClock } from '@guidebar/server/platform/deps'
import { createMongoTokenStore } from '@guidebar/server/platform/mongo-token-store'
import { createSecretBox } from '@guidebar/server/platform/secret-box'
import { createUpstreamShare } from '@guidebar/server/platform/upstream/upstream-share'

import { answerQuestions } from '../sync/child.ts'
import { guideIdOf, seedCorp } from './seed.ts'

/** One read of the database as the server makes it. */
export type RecordedRead = { collection: string; method: string; args: unknown[] }
export type AdminQuestion =
  | { do: 'seed'; customers: number }
  | { do: 'sign-in'; guides: number }
  | { do: 'record'; on: boolean }
export type AdminAnswer = {
  seedSec?: number
  entriesSec?: number
  guides?: number
  cookies?: { admin: string; guides: string[] }
  reads?: RecordedRead[]
}

const config = requireWecom(loadConfig(process.env))
const db = await connectMongo(config.mongodbUri ?? '', process.env['BENCH_DB'] ?? 'bench')
const corp = createCorp(config.wecom, {
  tokenStore: createMongoTokenStore(db, createSecretBox(config.wecom.secret)),
  clock: systemClock,
  share: createUpstreamShare(db),
})
const app = await buildApp({
  db,
  corps: createCorps(corp),
  config,
  clock: systemClock,
  built: { sidebar: null, admin: null },
})
await app.listen({ port: config.port, host: config.host })

let recorded: RecordedRead[] = []
const reading = new Set(['find', 'findOne', 'aggregate', 'countDocuments'])
const record = (collection: string, method: string, ...args: unknown[]) => {
  if (reading.has(method)) recorded.push({ collection, method, args })
}

answerQuestions<AdminQuestion>(
  async (question): Promise<AdminAnswer> => {
    const { corpId } = corp
    if (question.do === 'seed') {
      const began = performance.now()
      const { guides } = await seedCorp(db, { corpId, customers: question.customers, now: new Date() })
      // As after a restored dump: indexes are built over what lies there, not row by row.
      await ensureIndexes(db)
      const seeded = performance.now()
      await app.services.entryJobs.refreshAll(corpId)
      return { seedSec: (seeded - began) / 1_000, entriesSec: (performance.now() - seeded) / 1_000, guides }
    }
    if (question.do === 'record') {
      db.set('debug', question.on ? record : false)
      const reads = recorded
      recorded = []
      return { reads }
    }
    const { sessions } = app.services
    const admin = await sessions.begin('admin', { corpId, userId: guideIdOf(0) }, 0)
    const guides: string[] = []
    for (let at = 0; at < question.guides; at++)
      guides.push(await sessions.begin('guide', { corpId, userId: guideIdOf(at) }, 0))
    return { cookies: { admin, guides } }
  },
  async () => {
    await app.close()
    await corp.wecom.close()
    await db.close()
  },
)
