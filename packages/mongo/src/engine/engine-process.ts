import { fork, type ChildProcess } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { MongoUnavailable } from '../mongo-unavailable.ts'
import { isHostMessage, saysInUse, type HostArguments, type HostMessage } from './engine-host.messages.ts'

export type EngineExit = {
  pid: number
  code: number | null
  signal: NodeJS.Signals | null
  /** One sentence for a person's log. */
  message: string
}

export type EngineProcess = {
  pid: number
  /** Settles once the engine answers, or rejects with MongoUnavailable and the process gone. */
  ready: Promise<void>
  exited: Promise<EngineExit>
  kill(signal: NodeJS.Signals): void
}

export type Launch = { libraryPath: string; dataDir: string; socketPath: string; lockWaitMs: number }

type Failure = Extract<HostMessage, { type: 'failed' }>

const hostProgram = fileURLToPath(new URL('./engine-host.ts', import.meta.url))
const lowDiskBytes = 16 * 1024 * 1024
const keptErrorChars = 2_000

/** Starts the engine in a process of its own. */
export function launchEngine(launch: Launch): EngineProcess {
  const args: HostArguments = [launch.libraryPath, launch.dataDir, launch.socketPath, String(launch.lockWaitMs)]
  const child = fork(hostProgram, args, {
    // Flags and variables of this process (a test runner's, or secrets) are none of the engine's business.
    execArgv: [],
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const lastWords = collectErrors(child)
  const exited = watchExit(child)
  return {
    pid: child.pid ?? 0,
    exited,
    ready: whenReady(child, exited, launch, lastWords),
    kill: (signal) => void child.kill(signal),
  }
}

function whenReady(child: ChildProcess, exited: Promise<EngineExit>, launch: Launch, lastWords: () => string) {
  return new Promise<void>((resolve, reject) => {
    let failure: Failure | undefined
    child.on('message', (message) => {
      if (!isHostMessage(message)) return
      if (message.type === 'ready') resolve()
      else failure = message
    })
    void exited.then(async (exit) => reject(await explainFailure(launch, exit, failure, lastWords())))
  })
}

function watchExit(child: ChildProcess): Promise<EngineExit> {
  return new Promise((resolve) => {
    const pid = child.pid ?? 0
    child.once('exit', (code, signal) => {
      const how = signal ? `by ${signal}` : `with exit code ${code}`
      resolve({ pid, code, signal, message: `The embedded MongoDB (process ${pid}) ended ${how}.` })
    })
    child.on('error', (error) => {
      if (child.pid === undefined)
        resolve({ pid, code: null, signal: null, message: `The embedded MongoDB cannot be started: ${error.message}.` })
    })
  })
}

function collectErrors(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-keptErrorChars)
  })
  return () => text.trim()
}

async function explainFailure(launch: Launch, exit: EngineExit, failure: Failure | undefined, lastWords: string) {
  const words = failure?.message ?? lastWords
  const cause = new Error(words || exit.message)
  const { dataDir } = launch
  if (saysInUse(words))
    return new MongoUnavailable(
      'DATA_DIR_IN_USE',
      `The data folder ${dataDir} is already open in another process: stop the other Guidebar, or choose another folder.`,
      { cause },
    )
  if (/ENOSPC|No space left/i.test(words) || (await isNearlyFull(dataDir))) return diskFull(dataDir, cause)
  if (failure?.step === 'load')
    return new MongoUnavailable(
      'ENGINE_NOT_LOADABLE',
      `The embedded MongoDB cannot be loaded from ${launch.libraryPath}: delete that folder and start again, ` +
        'or put the address of a MongoDB replica set in MONGODB_URI.',
      { cause },
    )
  if (failure?.step === 'listen')
    return new MongoUnavailable(
      'ENGINE_SOCKET_UNUSABLE',
      `The embedded MongoDB cannot listen on ${launch.socketPath}: check that this folder is writable.`,
      { cause },
    )
  return new MongoUnavailable(
    'ENGINE_FAILED',
    `The embedded MongoDB cannot open the data folder ${dataDir}: its files are damaged or not its own; ` +
      'restore a back-up, or choose another folder.',
    { cause },
  )
}

export function diskFull(dataDir: string, cause?: unknown): MongoUnavailable {
  return new MongoUnavailable(
    'DISK_FULL',
    `The disk that holds the data folder ${dataDir} is full: free some space, or choose another folder.`,
    { cause },
  )
}

/** Whether the disk has too little room left for the engine to open its files and its journal. */
export async function isNearlyFull(dataDir: string): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(dataDir)
    return bavail * bsize < lowDiskBytes
  } catch {
    return false
  }
}
