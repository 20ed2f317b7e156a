import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { ensureIndexes, openMongo } from '@guidebar/mongo'

import { buildApp } from './app.ts'
import { loadConfig } from './platform/config.ts'
import { readDataKeys } from './platform/data-keys.ts'
import { systemClock } from './platform/deps.ts'
import { openCorps } from './open-corps.ts'

const usage = `usage: npm run sync -- [--dry-run] [--json FILE]
  --dry-run  compares WeCom with the database and says what a sync would change; changes nothing
  --json     writes what was found or done to this file as well`

const tellEveryMs = 2_000

/** One full sync, or a comparison, from the command line; shares the work with servers that run on the same database. */
async function run(): Promise<boolean> {
  const { values } = parseArgs({
    options: { 'dry-run': { type: 'boolean', default: false }, json: { type: 'string' } },
  })
  const dryRun = values['dry-run']
  const config = loadConfig({ ...process.env, LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn' })
  const mongo = await openMongo({ uri: config.mongodbUri ?? undefined, dataDir: config.dataDir ?? undefined })
  const db = mongo.connection
  const { corps, corpSettings } = await openCorps({ db, config, clock: systemClock, dataKeys: readDataKeys(config) })
  const corp = corps.default
  if (!corp) throw new Error('No corp is set up yet: open the admin panel and follow the set-up.')
  const built = { sidebar: null, admin: null }
  const app = await buildApp({ db, corps, corpSettings, config, clock: systemClock, built, logStream: process.stderr })
  const { sync } = app.services
  const { corpId } = corp
  try {
    await ensureIndexes(db)
    const telling = setInterval(() => void tell(), tellEveryMs)
    let progress = await sync.runNow(corp, { dryRun })
    // Another process may be at it, with the last lists in its hands.
    while (!['done', 'failed'].includes(progress.phase)) {
      await new Promise((resolve) => setTimeout(resolve, tellEveryMs))
      progress = await sync.runNow(corp, { dryRun })
    }
    clearInterval(telling)
    const { dryRun: found, guides } = await sync.report(corpId, { limit: 200 })
    const asked = guides.filter(({ state }) => state === 'open')
    const result = { progress, ...(dryRun ? { dryRun: found } : { waitingForAdmin: asked }) }
    console.log(JSON.stringify(result, null, 2))
    if (values.json) {
      mkdirSync(path.dirname(path.resolve(values.json)), { recursive: true })
      writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`)
    }
    return progress.phase === 'done'
  } finally {
    await sync.stop()
    await app.close()
    await corps.close()
    await mongo.close()
  }

  async function tell(): Promise<void> {
    const { phase, done, total, perSec, etaSec } = await sync.progress(corpId)
    const eta = etaSec === null ? '' : `, about ${etaSec} s left`
    console.error(`${phase}: ${done}${total === null ? '' : ` of ${total}`}, ${perSec}/s${eta}`)
  }
}

try {
  process.exitCode = (await run()) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : 'the sync failed')
  console.error(usage)
  process.exitCode = 1
}
