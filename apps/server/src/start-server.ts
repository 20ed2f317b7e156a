import { ensureIndexes, openMongo } from '@guidebar/mongo'
import type { FastifyInstance } from 'fastify'

import { buildApp, type AppDeps } from './app.ts'
import { startBackgroundWork } from './background.ts'
import { buildDirs, readBuiltApp } from './platform/built-app.ts'
import type { Config } from './platform/config.ts'
import { readDataKeys } from './platform/data-keys.ts'
import { systemClock } from './platform/deps.ts'
import { installationId } from './platform/rights/first-admin.rights.ts'
import { openCorps } from './open-corps.ts'

type Options = {
  log: (line: string) => void
  /** The built front ends; those of this workspace unless given. */
  built?: AppDeps['built']
}

const readBuilt = () => ({ sidebar: readBuiltApp(buildDirs.sidebar), admin: readBuiltApp(buildDirs.admin) })

export interface RunningServer {
  app: FastifyInstance
  /** Answers what is in flight, stops the background work, then closes MongoDB. */
  close: () => Promise<void>
}

/**
 * Opens MongoDB, builds the app and listens: the whole server in this process.
 * @param log takes single lines for a person while the database starts
 * @throws MongoUnavailable, DataKeyError, or the system's own error when the port cannot be taken; nothing is left open then
 */
export async function startServer(config: Config, { log, built = readBuilt() }: Options): Promise<RunningServer> {
  const dataKeys = readDataKeys(config)
  const mongo = await openMongo({ uri: config.mongodbUri ?? undefined, dataDir: config.dataDir ?? undefined, log })
  const ends: (() => Promise<unknown>)[] = [() => mongo.close()]
  const close = async () => {
    for (const end of ends.splice(0)) await end()
  }
  try {
    const db = mongo.connection
    const { corps, corpSettings } = await openCorps({ db, config, clock: systemClock, dataKeys })
    ends.unshift(() => corps.close())
    const app = await buildApp({ db, corps, corpSettings, config, clock: systemClock, built })
    ends.unshift(() => app.close())
    await ensureIndexes(db)
    await app.listen({ port: config.port, host: config.host })
    const code = await app.services.firstAdmin.issue(corps.default?.corpId ?? installationId)
    if (code)
      log(
        `还没有管理员。请在 15 分钟内打开 ${config.publicUrl}/admin/ ，输入一次性代码 ${code}（只显示这一次）。` +
          `\nNo admin yet: open the address within 15 minutes and enter this one-time code.`,
      )
    const background = startBackgroundWork(app.services, app.log)
    // At once, so that both fit into the time there is; what a last request asks for lies in the database.
    ends[0] = () => background.stop(app.close())
    return { app, close }
  } catch (error) {
    await close()
    throw error
  }
}
