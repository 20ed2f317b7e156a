import { randomBytes } from 'node:crypto'
import { connectMongo } from '@guidebar/mongo'
import { createWecomEmulator, type SettingsPatch } from '@guidebar/wecom-emulator'
import type { Quota } from '@guidebar/wecom'

import type { WecomConfig } from '../config.ts'
import { createCorp } from '../corps.ts'
import { systemClock, type Clock } from '../deps.ts'
import { createMongoTokenStore } from '../mongo-token-store.ts'
import { createSecretBox } from '../secret-box.ts'
import { createUpstreamShare } from './upstream-share.ts'

const corpId = 'ww5f2a9c31d7be4608'

export type ProcessOptions = { clock?: Clock; quotaOf?: (path: string) => Quota; secret?: string }

/** For tests of the platform alone: a database, an emulated WeCom, and as many «processes» of ours as wanted. */
export async function startUpstreamWorld(mongoUri: string, settings: SettingsPatch = {}) {
  const dbName = `upstream-${process.pid}-${randomBytes(4).toString('hex')}`
  const secret = randomBytes(24).toString('hex')
  const db = await connectMongo(mongoUri, dbName)
  const emulator = await createWecomEmulator({ settings: { corp: { corpId }, agent: { secret }, ...settings } })
  const { agent } = await emulator.control.settings()
  const ends: (() => Promise<unknown>)[] = []
  const wecomConfig: WecomConfig = {
    corpId,
    agentId: String(agent.agentId),
    secret,
    callback: null,
    apiUrl: emulator.url,
    oauthUrl: emulator.url,
    loginUrl: emulator.url,
  }

  return {
    corpId,
    db,
    dbName,
    mongoUri,
    wecomConfig,
    wecom: emulator.control,

    /** A corp as one process has it: own client, own queue, own share of the database's states. */
    startCorp({ clock = systemClock, quotaOf, secret: other }: ProcessOptions = {}) {
      const config = { ...wecomConfig, ...(other && { secret: other }) }
      const tokenStore = createMongoTokenStore(db, createSecretBox(config.secret))
      const corp = createCorp(config, { tokenStore, clock, quotaOf, share: createUpstreamShare(db) })
      ends.push(() => corp.wecom.close())
      return corp
    },

    /** How often WeCom was asked, by the end of the path. */
    async callsOf(name: string): Promise<number> {
      const counts = await emulator.control.callCounts()
      return Object.entries(counts).find(([path]) => path.endsWith(`/${name}`))?.[1] ?? 0
    },

    async close(): Promise<void> {
      for (const end of ends) await end()
      await emulator.close()
      // Some tests have taken it away.
      await db.dropDatabase().catch(() => undefined)
      await db.close()
    },
  }
}

export type UpstreamWorld = Awaited<ReturnType<typeof startUpstreamWorld>>
