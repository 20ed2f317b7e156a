import { existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'

import { secretsFile } from './secrets.ts'

/** The folder holds something that no demo has put there; the message says what to do. */
export class NotADemoFolder extends Error {}

/**
 * Throws away what an earlier demo kept. A folder that is not a demo's own is left alone: its name may be a slip.
 * @throws NotADemoFolder
 */
export function clearDemoData(dataDir: string): void {
  if (!existsSync(dataDir)) return
  if (!existsSync(path.join(dataDir, secretsFile)) && readdirSync(dataDir).length > 0)
    throw new NotADemoFolder(`${dataDir} holds no demo, so --fresh does not empty it: name another folder.`)
  rmSync(dataDir, { recursive: true, force: true })
}
