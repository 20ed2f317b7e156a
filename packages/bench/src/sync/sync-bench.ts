import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { connectMongo, startEmbeddedEngine } from '@guidebar/mongo'
import { findFreePort } from '@guidebar/testkit/ports'
import { createEmulatorControl } from '@guidebar/wecom-emulator/control'

import { round } from '../figures.ts'
import type { BenchResult } from '../bench-result.ts'
import { measureCeiling } from './ceiling.ts'
import { cpuSecondsOf } from './cpu-time.ts'
import { startChild } from './child.ts'
import type { EmulatorAnswer, EmulatorQuestion } from './emulator-process.ts'
import { callFloor, sortCalls, type CallFloor } from './floor.ts'
import type { ServerAnswer, ServerQuestion } from './server-process.ts'

const corpId = 'ww5f2a9c31d7be4608'
const secret = 'bench-secret-of-the-pretend-app-0123456789'
/** As `npm start` begins the server: a heap that is tidied up before it grows. */
const serverFlags = ['--max-semi-space-size=8', '--heap-growing-percent=60']
const here = (file: string) => path.join(import.meta.dirname, file)
const say = (line: string) => process.stderr.write(`${line}\n`)

/**
 * A first full sync, one without any change, and the plain driver's speed for the same documents, all in one run.
 * Emulator, database, server and this program are four processes; `MONGODB_URI` takes the place of the embedded engine.
 */
export async function run(args: string[]): Promise<BenchResult> {
  const { values } = parseArgs({
    args,
    strict: false,
    allowPositionals: true,
    options: { relations: { type: 'string' }, guides: { type: 'string' }, seed: { type: 'string' } },
  })
  const relations = Number(values['relations'] ?? 100_000)
  const guides = Number(values['guides'] ?? 500)
  const seed = Number(values['seed'] ?? 1)
  const ends: (() => Promise<unknown>)[] = []
  try {
    const mongo = await openDatabase(ends)
    const emulator = startChild<EmulatorQuestion, EmulatorAnswer>(here('emulator-process.ts'), {})
    ends.unshift(emulator.close)
    const { url, agentId } = await emulator.ask({ guides, relations, seed, corpId, secret })
    say(`A corp of ${guides} guides and ${relations} relations is there.`)
    const server = startChild<ServerQuestion, ServerAnswer>(
      here('server-process.ts'),
      await toEnv(url, agentId, mongo),
      serverFlags,
    )
    ends.unshift(server.close)
    const idle = await server.ask({ do: 'idle' })

    const control = createEmulatorControl(url)
    const db = await connectMongo(mongo.uri, mongo.dbName)
    ends.unshift(() => db.close())
    const pids = { server: server.pid, emulator: emulator.pid, database: mongo.pid, bench: process.pid }
    const sync = async (name: string) => {
      await control.clearCalls()
      const { cpuSec, result } = await watchCpu(pids, () => server.ask({ do: 'sync' }))
      const calls = sortCalls(await control.callCounts())
      say(`${name}: ${result.seconds.toFixed(1)} s, ${result.relations} relations, CPU s ${JSON.stringify(cpuSec)}`)
      return { ...result, calls, cpuSec }
    }
    const first = await sync('First sync')
    const { cpuSec, result } = await watchCpu(pids, () => measureCeiling(db))
    const ceiling = { ...result, cpuSec }
    say(
      `Plain driver: ${ceiling.documents} documents in ${ceiling.seconds.toFixed(1)} s, CPU s ${JSON.stringify(cpuSec)}`,
    )
    const unchanged = await sync('Unchanged')
    const floor = await readFloor(control)
    const sizes = await readSizes(db)
    return report({ relations, guides, seed, floor, idle, first, unchanged, ceiling, sizes })
  } finally {
    for (const end of ends) await end()
  }
}

type Mongo = { uri: string; dbName: string; pid?: number }
type CpuSec = Record<string, number>
type Synced = ServerAnswer & { calls: CallFloor; cpuSec: CpuSec }

/** What each process spends on something: the machine may be busy with other things as well. */
async function watchCpu<T>(pids: Record<string, number | undefined>, work: () => Promise<T>) {
  const read = () => Object.entries(pids).map(([name, pid]) => [name, cpuSecondsOf(pid)] as const)
  const before = new Map(read())
  const result = await work()
  const cpuSec = Object.fromEntries(read().map(([name, sec]) => [name, round(sec - (before.get(name) ?? 0), 1)]))
  return { result, cpuSec }
}

async function openDatabase(ends: (() => Promise<unknown>)[]): Promise<Mongo> {
  const dbName = `bench-${process.pid}`
  const outside = process.env['MONGODB_URI']
  if (outside) {
    ends.push(async () => {
      const db = await connectMongo(outside, dbName)
      await db.dropDatabase()
      await db.close()
    })
    return { uri: outside, dbName }
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'guidebar-bench-'))
  const engine = await startEmbeddedEngine({ dataDir: path.join(folder, 'db') })
  ends.push(
    () => engine.close(),
    async () => rmSync(folder, { recursive: true, force: true }),
  )
  return { uri: engine.uri, dbName, pid: engine.pid }
}

async function toEnv(wecomUrl: string, agentId: number, { uri, dbName }: Mongo): Promise<Record<string, string>> {
  const port = await findFreePort()
  return {
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    PORT: String(port),
    MONGODB_URI: uri,
    BENCH_DB: dbName,
    WECOM_CORP_ID: corpId,
    WECOM_AGENT_ID: String(agentId),
    WECOM_SECRET: secret,
    WECOM_CALLBACK_TOKEN: 'benchtoken',
    WECOM_CALLBACK_AES_KEY: 'A'.repeat(43),
    WECOM_API_URL: wecomUrl,
    WECOM_OAUTH_URL: wecomUrl,
    WECOM_LOGIN_URL: wecomUrl,
    ADMIN_USER_IDS: 'guide00001',
    BRAND_NAME: 'Bench',
    LOG_LEVEL: 'error',
  }
}

async function readFloor(control: ReturnType<typeof createEmulatorControl>): Promise<CallFloor> {
  const [{ counts }, digests] = await Promise.all([control.corp(), control.guideDigests()])
  const known = new Map(digests.map(({ userId, relations }) => [userId, relations]))
  const members = await control.members(counts.members)
  const perGuide = members
    .filter(({ customerContact, visible }) => customerContact && visible)
    .map(({ userId }) => userId)
    .sort()
    .map((userId) => known.get(userId) ?? 0)
  return callFloor(perGuide, counts.departments)
}

/** Bytes in the database, by collection and index. */
async function readSizes(db: Awaited<ReturnType<typeof connectMongo>>) {
  const sizes: Record<string, unknown> = {}
  for (const name of ['relations', 'customers', 'relationEvents', 'guides']) {
    try {
      const stats = await db.db?.command({ collStats: name })
      sizes[name] = {
        documents: stats?.['count'],
        dataMiB: round(Number(stats?.['size']) / 2 ** 20, 1),
        storageMiB: round(Number(stats?.['storageSize']) / 2 ** 20, 1),
        indexMiB: Object.fromEntries(
          Object.entries((stats?.['indexSizes'] ?? {}) as Record<string, number>).map(([index, bytes]) => [
            index,
            round(bytes / 2 ** 20, 1),
          ]),
        ),
      }
    } catch {
      sizes[name] = 'not told by this database'
    }
  }
  return sizes
}

type Measured = {
  relations: number
  guides: number
  seed: number
  floor: CallFloor
  idle: ServerAnswer
  first: Synced
  unchanged: Synced
  ceiling: { seconds: number; documents: number; cpuSec: CpuSec }
  sizes: Record<string, unknown>
}

function report({ relations, guides, seed, floor, idle, first, unchanged, ceiling, sizes }: Measured): BenchResult {
  const perSec = first.relations / first.seconds
  const ceilingPerSec = first.relations / ceiling.seconds
  const ratio = perSec / ceilingPerSec
  const faster = first.seconds / unchanged.seconds
  const rssMiB = Math.max(first.peakRssMiB, unchanged.peakRssMiB)
  const figures = {
    relations: first.relations,
    guides,
    wecomCalls: first.calls.all,
    floorCalls: floor.all,
    secondsFirst: round(first.seconds, 2),
    secondsUnchanged: round(unchanged.seconds, 2),
    relationsPerSecond: round(perSec),
    ceilingPerSecond: round(ceilingPerSec),
    ratio: round(ratio, 3),
    rssMiB: round(rssMiB),
    // What the figures above are made of.
    details: {
      seed,
      rssIdleMiB: round(idle.peakRssMiB),
      unchangedFaster: round(faster, 2),
      wecomCallsUnchanged: unchanged.calls.all,
      calls: first.calls,
      floor,
      cpuSec: { first: first.cpuSec, ceiling: ceiling.cpuSec, unchanged: unchanged.cpuSec },
      ceiling: { documents: ceiling.documents, seconds: round(ceiling.seconds, 2) },
      sizes,
      machine: { cores: cpus().length, load: loadavg().map((load) => round(load, 1)) },
    },
  }
  const sameCalls = first.calls.all === floor.all && unchanged.calls.all === floor.all
  return {
    figures,
    bars: [
      { bar: 'every relation is read', got: String(first.relations), held: first.relations === relations },
      { bar: 'WeCom calls = floor', got: `${first.calls.all} of ${floor.all}`, held: sameCalls },
      { bar: 'first sync >= 0.7 x plain driver', got: ratio.toFixed(2), held: ratio >= 0.7 },
      { bar: 'unchanged >= 4 x faster', got: `${faster.toFixed(1)} x`, held: faster >= 4 },
      { bar: 'unchanged writes no relation', got: String(unchanged.changed), held: unchanged.changed === 0 },
      { bar: 'server RSS <= 300 MiB', got: `${rssMiB.toFixed(0)} MiB`, held: rssMiB <= 300 },
    ],
  }
}
