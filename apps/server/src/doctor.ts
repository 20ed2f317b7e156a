import { checkIds, type CheckReport, type CheckStatus, type Locale } from '@guidebar/contracts'
import { MongoUnavailable, openMongo } from '@guidebar/mongo'
import { createMemoryTokenStore, createWecomClient } from '@guidebar/wecom'
import { parseArgs } from 'node:util'

import { buildApp } from './app.ts'
import { examineAlone } from './features/doctor/doctor.alone.ts'
import { readCheckIds } from './features/doctor/doctor.service.ts'
import { ConfigError, loadConfig, type Config } from './platform/config.ts'
import { readDataKeys } from './platform/data-keys.ts'
import { systemClock } from './platform/deps.ts'
import { openCorps } from './open-corps.ts'

const usage = `usage: npm run doctor -- [--json] [--lang zh-CN|zh-TW|en] [--ids ID,ID]
  --json  prints what support wants to see; holds no secret
  --ids   only these checks, of: ${checkIds.join(', ')}`

const signs: Record<CheckStatus, string> = { ok: '✓', warn: '!', fail: '✗', skip: '–' }

function print({ status, id, title, cause, fix, link }: CheckReport): void {
  console.log(`${signs[status]} ${title} (${id})：${cause}`)
  if (fix) console.log(`  → ${fix}${link ? `\n    ${link}` : ''}`)
}

type Ask = { lang: Locale; ids: ReturnType<typeof readCheckIds> }

/** With the database, as the running server would; else as much as can be seen without one. */
async function examine(ask: Ask): Promise<CheckReport[]> {
  let config: Config
  try {
    config = loadConfig({ ...process.env, LOG_LEVEL: 'silent' })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return examineAlone({ config: null, wrongVariables: error.variables, database: { status: 'in-use' }, ...ask })
  }
  try {
    const mongo = await openMongo({ uri: config.mongodbUri ?? undefined, dataDir: config.dataDir ?? undefined })
    try {
      return await examineWith(mongo.connection, config, ask)
    } finally {
      await mongo.close()
    }
  } catch (error) {
    if (!(error instanceof MongoUnavailable)) throw error
    // A running server holds its embedded engine: that is as it should be.
    const database =
      error.code === 'DATA_DIR_IN_USE'
        ? ({ status: 'in-use' } as const)
        : ({ status: 'away', reason: error.message } as const)
    return examineAlone({ config, wrongVariables: [], database, connect, ...ask })
  }
}

async function examineWith(
  db: Parameters<typeof openCorps>[0]['db'],
  config: Config,
  ask: Ask,
): Promise<CheckReport[]> {
  const { corps, corpSettings } = await openCorps({ db, config, clock: systemClock, dataKeys: readDataKeys(config) })
  const app = await buildApp({
    db,
    corps,
    corpSettings,
    config,
    clock: systemClock,
    built: { sidebar: null, admin: null },
  })
  try {
    return (await app.services.doctor.examine(ask)).checks
  } finally {
    await app.close()
    await corps.close()
  }
}

/** A client that leaves nothing behind. */
const connect = (wecom: { corpId: string; agentId: string; secret: string; apiUrl: string }) =>
  createWecomClient({
    corpId: wecom.corpId,
    agentId: Number(wecom.agentId),
    secret: wecom.secret,
    baseUrl: wecom.apiUrl,
    tokenStore: createMemoryTokenStore(),
    // Whoever runs it can wait: a slow line is not a fault.
    callDefaults: () => ({ purpose: 'admin' }),
  })

try {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, lang: { type: 'string' }, ids: { type: 'string' } },
  })
  const lang = (['zh-CN', 'zh-TW', 'en'] as const).find((one) => one === (values.lang ?? 'zh-CN'))
  if (!lang) throw new TypeError('--lang takes zh-CN, zh-TW or en')
  const reports = await examine({ lang, ids: readCheckIds(values.ids) })
  if (values.json) console.log(JSON.stringify({ at: new Date().toISOString(), checks: reports }, null, 2))
  else for (const report of reports) print(report)
  process.exitCode = reports.some(({ status }) => status === 'fail') ? 1 : 0
} catch (error) {
  console.error(`${error instanceof Error ? error.message : 'the doctor failed'}\n${usage}`)
  process.exitCode = 1
}
