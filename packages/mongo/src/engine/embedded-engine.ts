import { access, constants, mkdir, realpath } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { MongoUnavailable } from '../mongo-unavailable.ts'
import { diskFull, isNearlyFull, launchEngine, type EngineExit, type EngineProcess } from './engine-process.ts'
import { ensureSocketPath, toUri } from './engine-socket.ts'
import { prepareNativeLibrary } from './native-library.ts'
import { readPlatform, type Platform } from './platform.ts'

export type { EngineExit } from './engine-process.ts'

export type EmbeddedEngineOptions = {
  /** Folder of the engine's files; made when missing. */
  dataDir: string
  /** Unix socket to listen on; by default one in the temporary folder that follows from `dataDir`. */
  socketPath?: string
  /** Folder for the prepared engine files; defaults to GUIDEBAR_CACHE_DIR, then ~/.cache/guidebar. */
  cacheDir?: string
  /** How long to wait for another process that is still closing the folder. */
  lockWaitMs?: number
  /** Told each time the engine ends without being asked to, or a restart fails; it is started again after a pause. */
  onExit?: (reason: EngineExit) => void
  /** Takes one line for a person at a time. */
  log?: (line: string) => void
  platform?: Platform
}

export type EmbeddedEngine = {
  uri: string
  /** The process running now, or the last one while a restart is under way. */
  readonly pid: number
  /** The end of that process; a later process has its own promise. */
  readonly exited: Promise<EngineExit>
  /** Sends a signal to the process; one that ends it is followed by a restart, as after any other death. */
  kill(signal: NodeJS.Signals): void
  /** Stops supervision and closes the engine cleanly; resolves when its process is gone. */
  close(): Promise<void>
}

const firstPauseMs = 50
const longestPauseMs = 5_000
/** After running this long an engine counts as healthy, and the next death starts with the shortest pause again. */
const healthyAfterMs = 30_000
const killAfterMs = 15_000

/**
 * Starts the embedded engine in a process of its own and keeps it running: when it dies it is started again on the
 * same files and address, and the driver reconnects by itself. It ends with this process, however that ends.
 * @throws MongoUnavailable when the engine does not exist for this machine or cannot open the folder
 */
export async function startEmbeddedEngine(options: EmbeddedEngineOptions): Promise<EmbeddedEngine> {
  const cacheDir = options.cacheDir ?? process.env.GUIDEBAR_CACHE_DIR
  const libraryPath = await prepareNativeLibrary(options.platform ?? readPlatform(), cacheDir)
  const dataDir = await prepareDataDir(options.dataDir)
  const socketPath = options.socketPath ?? (await ensureSocketPath(dataDir))
  const launch = () => launchEngine({ libraryPath, dataDir, socketPath, lockWaitMs: options.lockWaitMs ?? 5_000 })

  const first = launch()
  await first.ready
  const supervisor = supervise(first, launch, options)
  return {
    uri: toUri(socketPath),
    get pid() {
      return supervisor.current().pid
    },
    get exited() {
      return supervisor.current().exited
    },
    kill: (signal) => supervisor.current().kill(signal),
    close: supervisor.close,
  }
}

function supervise(first: EngineProcess, launch: () => EngineProcess, { onExit, log }: EmbeddedEngineOptions) {
  const closing = new AbortController()
  let current = first
  const watching = keepRunning()

  async function keepRunning() {
    let failures = 0
    let startedAt = Date.now()
    while (true) {
      const exit = await current.exited
      if (closing.signal.aborted) return
      if (Date.now() - startedAt >= healthyAfterMs) failures = 0
      const pauseMs = Math.min(firstPauseMs * 2 ** failures++, longestPauseMs)
      log?.(`${exit.message} Starting it again in ${pauseMs} ms.`)
      onExit?.(exit)
      await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => {})
      if (closing.signal.aborted) return

      startedAt = Date.now()
      current = launch()
      await current.ready.then(
        () => log?.(`The embedded MongoDB runs again (process ${current.pid}).`),
        (error: MongoUnavailable) => closing.signal.aborted || log?.(error.message),
      )
    }
  }

  async function close() {
    closing.abort()
    current.kill('SIGTERM')
    const lastResort = setTimeout(() => current.kill('SIGKILL'), killAfterMs)
    await current.exited
    await watching
    clearTimeout(lastResort)
  }

  return { current: () => current, close }
}

async function prepareDataDir(folder: string): Promise<string> {
  const dataDir = path.resolve(folder)
  try {
    // Customers' data is for this user's eyes only.
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOSPC') throw diskFull(dataDir, cause)
    throw new MongoUnavailable(
      'DATA_DIR_UNWRITABLE',
      `The data folder ${dataDir} cannot be made or written: check its path and rights, or choose another folder.`,
      { cause },
    )
  }
  if (await isNearlyFull(dataDir)) throw diskFull(dataDir)
  // One folder has one address, whichever way its path is written.
  return realpath(dataDir)
}
