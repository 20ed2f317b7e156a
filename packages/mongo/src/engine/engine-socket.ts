import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { MongoUnavailable } from '../mongo-unavailable.ts'
import { ensurePrivateFolder, perUserFolderName } from './private-folder.ts'

/** The address of a unix socket may have 107 bytes on Linux and 103 on macOS. */
const maxPathBytes = 103

/**
 * A socket path for a data folder, always the same for the same folder, so that the driver finds a restarted engine.
 * It lies in the temporary folder, in a folder only this user can enter: the engine knows no passwords.
 * @throws MongoUnavailable ENGINE_SOCKET_UNUSABLE
 */
export async function ensureSocketPath(dataDir: string): Promise<string> {
  const name = `${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}.sock`
  const inFolder = (base: string) => path.join(base, perUserFolderName(), name)
  const socketPath = [tmpdir(), '/tmp'].map(inFolder).find((each) => Buffer.byteLength(each) <= maxPathBytes) ?? ''
  try {
    await ensurePrivateFolder(path.dirname(socketPath))
    return socketPath
  } catch (cause) {
    throw new MongoUnavailable(
      'ENGINE_SOCKET_UNUSABLE',
      `The embedded MongoDB needs the folder ${path.dirname(socketPath)} for itself: remove it, or set TMPDIR to a folder of your own.`,
      { cause },
    )
  }
}

/**
 * The address the driver takes; writes acknowledged through it are on disk. Asked for the majority the engine answers
 * before its journal is written, whatever else is asked for; asked for itself alone it waits.
 */
export function toUri(socketPath: string): string {
  return `mongodb://${encodeURIComponent(socketPath)}/?directConnection=true&w=1&journal=true`
}
