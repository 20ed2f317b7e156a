import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { connectMongo, startEmbeddedEngine, type EmbeddedEngine } from '@guidebar/mongo'
import { findFreePort } from '@guidebar/testkit/ports'
import { signIn } from '@guidebar/testkit/sign-in'
import { createEmulatorControl, type EmulatorControl, type SettingsPatch } from '@guidebar/wecom-emulator/control'

import { startPart, type Part } from './part.ts'
import { waitUntil } from './wait.ts'

export type BenchOptions = {
  seed: number
  /** Size of the generated corp. */
  guides: number
  relations: number
  sharedShare?: number
  emulator?: SettingsPatch
  /** Further settings of each server, as environment variables. */
  env?: Record<string, string>
}

/** A server process at an address that stays when the process is replaced. */
export type Server = {
  origin: string
  readonly part: Part
  /** Begins a new process at the same address and waits until it answers. @returns after how many ms it did */
  start(): Promise<number>
  kill(signal: NodeJS.Signals): Promise<void>
}

export type Bench = Awaited<ReturnType<typeof startBench>>

const adminUserId = 'DrillAdmin'
const mostStarts = 8
const hex = (bytes: number) => randomBytes(bytes).toString('hex')

/**
 * The stage of a drill: the database engine, the pretend WeCom and any number of servers, each in a process of its own
 * on this machine.
 * @param ends takes what has to be done to end it, in order
 */
async function startBench(options: BenchOptions, ends: (() => Promise<unknown>)[]) {
  const folder = await mkdtemp(path.join(tmpdir(), 'guidebar-drill-'))
  const dbFolder = path.join(folder, 'db')
  const socketPath = path.join(folder, 'db.sock')
  const corpId = 'ww5f2a9c31d7be4608'
  const callback = { token: hex(8), aesKey: hex(22).slice(0, 43) }
  const secret = hex(24)
  const opsToken = hex(16)
  ends.push(() => rm(folder, { recursive: true, force: true }))

  const startEngine = () => startEmbeddedEngine({ dataDir: dbFolder, socketPath })
  let engine: EmbeddedEngine = await startEngine()
  ends.unshift(() => engine.close())
  const db = await connectMongo(engine.uri, 'guidebar', { maxTimeMs: 60_000 })
  ends.unshift(() => db.close())

  const settings: SettingsPatch = {
    ...options.emulator,
    corp: { corpId },
    agent: { secret },
    callback: { ...options.emulator?.callback, ...callback },
  }
  const emulatorPart = startPart({
    program: 'packages/wecom-emulator/src/main.ts',
    args: emulatorArguments(options, settings),
    logFile: path.join(folder, 'emulator.log'),
  })
  ends.unshift(async () => {
    emulatorPart.kill('SIGKILL')
    await emulatorPart.exited
  })
  const { url } = JSON.parse(await emulatorPart.lineWith('EMULATOR_READY')) as { url: string }
  const wecom: EmulatorControl = createEmulatorControl(url)
  await wecom.load({
    members: [{ userId: adminUserId, name: '管理员', departmentIds: [1], customerContact: false }],
  })
  const { agent } = await wecom.settings()

  /** What processes that call WeCom themselves have to know. */
  const credentials = { corpId, agentId: String(agent.agentId), secret, apiUrl: url }

  async function addServer(): Promise<Server> {
    const port = await findFreePort()
    const origin = `http://127.0.0.1:${port}`
    const env = {
      PUBLIC_URL: origin,
      PORT: String(port),
      MONGODB_URI: engine.uri,
      WECOM_CORP_ID: corpId,
      WECOM_AGENT_ID: credentials.agentId,
      WECOM_SECRET: secret,
      WECOM_CALLBACK_TOKEN: callback.token,
      WECOM_CALLBACK_AES_KEY: callback.aesKey,
      WECOM_API_URL: url,
      WECOM_OAUTH_URL: url,
      WECOM_LOGIN_URL: url,
      ADMIN_USER_IDS: adminUserId,
      OPS_TOKEN: opsToken,
      LOG_LEVEL: 'warn',
      RATE_LIMIT_SCALE: '1000',
      ...options.env,
    }
    let part: Part
    const server: Server = {
      origin,
      get part() {
        return part
      },
      async start() {
        const startedAt = performance.now()
        // As a supervisor would: a server that finds no database ends, and is started again.
        for (let tries = 1; ; tries++) {
          part = startPart({
            program: 'apps/server/src/main.ts',
            env,
            logFile: path.join(folder, `server-${port}.log`),
          })
          if (await becomesAlive(origin, part)) return performance.now() - startedAt
          if (tries === mostStarts) throw new Error(`the server did not start: ${part.lastLines()}`)
        }
      },
      async kill(signal) {
        part.kill(signal)
        await part.exited
      },
    }
    const { trustedDomains } = await wecom.settings()
    await wecom.changeSettings({ trustedDomains: [...trustedDomains, new URL(origin).host] })
    await server.start()
    ends.unshift(async () => {
      part.kill('SIGCONT')
      part.kill('SIGKILL')
      await part.exited
    })
    return server
  }

  /** Waits until no full read is open any more. */
  async function synced(mostMs = 300_000): Promise<void> {
    const runs = db.collection('syncRuns')
    const isDone = async () =>
      (await runs.countDocuments({})) > 0 && (await runs.countDocuments({ isOpen: true })) === 0
    if ((await waitUntil(isDone, { mostMs, everyMs: 200 })) === null) throw new Error('the first full sync did not end')
  }

  return {
    folder,
    corpId,
    callback,
    opsToken,
    credentials,
    db,
    wecom,
    emulatorPid: emulatorPart.pid,
    get mongoUri() {
      return engine.uri
    },
    addServer,
    synced,

    /** Lets WeCom send its events to this server. */
    hear: ({ origin }: Server) => wecom.changeSettings({ callback: { url: `${origin}/wecom/callback/${corpId}` } }),
    callbackUrl: ({ origin }: Server) => `${origin}/wecom/callback/${corpId}`,

    /** kill -9 of the database; it comes back by itself at once. */
    killDatabase: () => engine.kill('SIGKILL'),
    /** The database goes and stays away until `startDatabase`. */
    stopDatabase: () => engine.close(),
    async startDatabase() {
      engine = await startEngine()
    },

    /** A part of the drill with the bench's addresses. */
    startPart: (program: string, input: object): Part =>
      startPart({
        program: `packages/drills/src/${program}`,
        args: [JSON.stringify(input)],
        logFile: path.join(folder, `${path.basename(program)}.log`),
      }),

    /** A signed-in admin at this server. */
    asAdmin: ({ origin }: Server) => signIn(origin, 'admin', adminUserId),
    asGuide: ({ origin }: Server, userId: string) => signIn(origin, 'guide', userId),
  }
}

/** Runs with a bench, and ends the bench whatever happens, half-built too. */
export async function withBench<T>(options: BenchOptions, work: (bench: Bench) => Promise<T>): Promise<T> {
  const ends: (() => Promise<unknown>)[] = []
  try {
    return await work(await startBench(options, ends))
  } finally {
    for (const end of ends) await end()
  }
}

function emulatorArguments({ seed, guides, relations, sharedShare }: BenchOptions, settings: SettingsPatch): string[] {
  const args = {
    port: 0,
    seed,
    settings: JSON.stringify(settings),
    guides,
    relations,
    ...(sharedShare !== undefined && { 'shared-share': sharedShare }),
  }
  return Object.entries(args).flatMap(([name, value]) => [`--${name}`, String(value)])
}

/** @returns false when the process ended before it answered */
async function becomesAlive(origin: string, part: Part): Promise<boolean> {
  let isGone = false
  void part.exited.then(() => (isGone = true))
  const answers = () =>
    fetch(`${origin}/livez`).then(
      ({ ok }) => ok,
      () => false,
    )
  const ms = await waitUntil(async () => isGone || (await answers()), { mostMs: 60_000, everyMs: 50 })
  return ms !== null && !isGone
}
