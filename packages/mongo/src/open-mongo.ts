import type { Connection } from 'mongoose'

import { connectMongo, type ConnectOptions } from './connection.ts'
import { startEmbeddedEngine, type EngineExit } from './engine/embedded-engine.ts'
import type { Platform } from './engine/platform.ts'
import { MongoUnavailable } from './mongo-unavailable.ts'

export type OpenMongoOptions = ConnectOptions & {
  /** Address of an outside MongoDB replica set; wins over `dataDir`. */
  uri?: string
  /** Folder in which the embedded engine keeps its files; made when missing. */
  dataDir?: string
  /** Defaults to the database named in `uri`, else `guidebar`. */
  dbName?: string
  /** Folder for the prepared engine files; defaults to GUIDEBAR_CACHE_DIR, then ~/.cache/guidebar. */
  cacheDir?: string
  /** Told each time the embedded engine ends by itself or a restart of it fails; it is being restarted. */
  onEngineExit?: (reason: EngineExit) => void
  /** Takes one line for a person at a time; no line carries a secret. */
  log?: (line: string) => void
  /** What this machine is; read from the machine itself unless given. */
  platform?: Platform
}

export type MongoHandle = {
  /** Address for further connections (`connectMongo`); an outside one contains its password: do not log it. */
  uri: string
  kind: 'external' | 'embedded'
  connection: Connection
  /** Process id of the embedded engine running now; changes when it is restarted. */
  readonly enginePid?: number
  /** Closes the connection, then the embedded engine. */
  close(): Promise<void>
}

/**
 * Opens MongoDB: the outside replica set in `uri`, or else the embedded engine keeping its files in `dataDir`.
 * The engine runs in a process of its own, is restarted when it dies, and ends with this process.
 * @throws MongoUnavailable with one sentence that says what to do
 */
export async function openMongo(options: OpenMongoOptions): Promise<MongoHandle> {
  const { uri, dataDir } = options
  if (uri) return openExternal(uri, options)
  if (dataDir) return openEmbedded(dataDir, options)
  throw new MongoUnavailable(
    'MONGODB_URI_MISSING',
    'No database is configured: put the address of a MongoDB replica set in MONGODB_URI, or a data folder in DATA_DIR.',
  )
}

async function openExternal(uri: string, options: OpenMongoOptions): Promise<MongoHandle> {
  const connection = await connectMongo(uri, options.dbName ?? databaseIn(uri) ?? 'guidebar', options)
  return { uri, kind: 'external', connection, close: () => connection.close() }
}

async function openEmbedded(dataDir: string, options: OpenMongoOptions): Promise<MongoHandle> {
  const { cacheDir, platform, log, onEngineExit } = options
  const engine = await startEmbeddedEngine({ dataDir, cacheDir, platform, log, onExit: onEngineExit })
  try {
    const connection = await connectMongo(engine.uri, options.dbName ?? 'guidebar', options)
    return {
      uri: engine.uri,
      kind: 'embedded',
      connection,
      get enginePid() {
        return engine.pid
      },
      async close() {
        await connection.close()
        await engine.close()
      },
    }
  } catch (error) {
    await engine.close()
    throw error
  }
}

function databaseIn(uri: string): string | undefined {
  const name = /^[^:]+:\/\/[^/?]+\/([^?]+)/.exec(uri)?.[1]
  return name && decodeURIComponent(name)
}
