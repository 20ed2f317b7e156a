import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** In the data folder; by it a folder is known to be a demo's. */
export const secretsFile = 'demo.json'

/** The pretend corp's public facts. */
export const corpFacts = {
  corpId: 'wwdemo0a1b2c3d4e5f',
  agent: { agentId: 1000002, name: '导购侧边栏', description: '聊天侧边栏里的客户、话术与小程序卡片' },
  miniProgram: { appId: 'wx0a1b2c3d4e5f6789', name: '星河通讯商城' },
} as const

export interface DemoSecrets {
  wecomSecret: string
  callbackToken: string
  callbackAesKey: string
  /** The day the stories happen on: kept, so that a second start shows the same dates. */
  firstStart: Date
}

/** Secrets of this demo alone: made at its first start, kept in its data folder, thrown away with it. */
export function readDemoSecrets(dataDir: string): DemoSecrets {
  const file = path.join(dataDir, secretsFile)
  if (!existsSync(file)) {
    const letters = (count: number) =>
      randomBytes(count * 2)
        .toString('base64')
        .replace(/[^A-Za-z0-9]/g, '')
        .slice(0, count)
    const made = {
      wecomSecret: letters(43),
      callbackToken: letters(24),
      callbackAesKey: letters(43),
      firstStart: new Date(),
    }
    writeFileSync(file, JSON.stringify(made), { mode: 0o600 })
  }
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Omit<DemoSecrets, 'firstStart'> & { firstStart: string }
  return { ...kept, firstStart: new Date(kept.firstStart) }
}
