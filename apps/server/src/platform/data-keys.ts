import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'

import { isDataKey, type Config } from './config.ts'

/** The file of the keys cannot be used; the message says why, and holds no key. */
export class DataKeyError extends Error {
  override readonly name = 'DataKeyError'
}

const onlyOwner = 0o600

/**
 * The keys for what is sealed in the database, the sealing one first: from the environment, else from a file, which is
 * made at the first start.
 * @returns none when neither is there: then nothing can be sealed for good
 * @throws DataKeyError when others may read the file, or it holds no keys
 */
export function readDataKeys({ dataKeys: { given, file } }: Pick<Config, 'dataKeys'>): string[] {
  if (given.length > 0 || !file) return [...given]
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: onlyOwner, flag: 'wx' })
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
    throw new DataKeyError(`Others may read ${file}: change that with "chmod 600 ${file}" and start again.`)
  const keys = readFileSync(file, 'utf8').split(/\s+/).filter(Boolean)
  if (keys.length === 0 || !keys.every(isDataKey))
    throw new DataKeyError(`${file} holds something that is no key: each line is 32 bytes in base64.`)
  return keys
}
