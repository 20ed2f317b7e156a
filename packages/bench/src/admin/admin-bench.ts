import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { connectMongo, startEmbeddedEngine } from '@guidebar/mongo'
import { findFreePort } from '@guidebar/testkit/ports'

import type { BenchResult } from '../bench-result.ts'
import { quantile, round } from '../figures.ts'
import { startChild } from '../sync/child.ts'
import { createCaller, drive } from './load.ts'
import { definitions, typed } from './questions.ts'
import { createRandom, guideIdOf, tagIdOf } from './seed.ts'
import type { AdminAnswer, AdminQuestion, RecordedRead } from './server-process.ts'

const corpId = 'ww5f2a9c31d7be4608'
const bars = { listMs: 100, searchMs: 100, countMs: 500, ofCeiling: 0.5 }
const width = 10
const loadSec = 10
const recordedCustomers = 200
const adminCookie = '__Host-guidebar-admin'
const guideCookie = '__Host-guidebar-guide'
const say = (line: string) => process.stderr.write(`${line}\n`)

/**
 * The admin's lists and counts over HTTP, and the sidebar's one call against the same reads made with the bare driver,
 * in one run. Database, server and this program are three processes; `MONGODB_URI` takes the place of the embedded
 * engine.
 */
export async function run(args: string[]): Promise<BenchResult> {
  const options = { customers: { type: 'string' } } as const
  const { values } = parseArgs({ args, strict: false, allowPositionals: true, options })
  const customers = Number(values['customers'] ?? 100_000)
  const ends: (() => Promise<unknown>)[] = []
  try {
    const { uri, dbName } = await openDatabase(ends)
    const port = await findFreePort()
    const origin = `http://127.0.0.1:${port}`
    const server = startChild<AdminQuestion, AdminAnswer>(
      path.join(import.meta.dirname, 'server-process.ts'),
      toEnv(origin, port, uri, dbName),
    )
    ends.unshift(server.close)
    const { seedSec = 0, entriesSec = 0, guides = 0 } = await server.ask({ do: 'seed', customers })
    const took = `${seedSec.toFixed(1)} s, their entries ${entriesSec.toFixed(1)} s`
    say(`${customers} customers of ${guides} guides are there: ${took}.`)
    const { cookies } = await server.ask({ do: 'sign-in', guides })
    if (!cookies) throw new Error('nobody is signed in')
    const caller = createCaller(origin, width)
    const admin = `${adminCookie}=${cookies.admin}`

    const list = await measureList((query) => timed(caller, `/api/admin/customers?${query}`, admin))
    const search = await measureEach(typed, 6, (q) =>
      timed(caller, `/api/admin/customers?limit=50&q=${encodeURIComponent(q)}`, admin),
    )
    const counts = await measureEach(definitions, 8, (definition) =>
      timed(caller, '/api/admin/segments/preview', admin, { definition }),
    )
    const context = await measureContext({ caller, server, cookies: cookies.guides, uri, dbName })
    caller.close()
    return report({ customers, guides, list, search, counts, ...context })
  } finally {
    for (const end of ends) await end()
  }
}

type Caller = ReturnType<typeof createCaller>

async function timed(caller: Caller, address: string, cookie: string, body?: unknown) {
  const answer = await caller.call(address, { cookie, body })
  if (answer.status !== 200) throw new Error(`${address} answered ${answer.status}: ${answer.body.slice(0, 200)}`)
  return { ms: answer.ms, body: JSON.parse(answer.body) as { next?: string | null } }
}

/** First pages and the pages after them, of everybody and filtered. */
async function measureList(load: (query: string) => ReturnType<typeof timed>): Promise<number[]> {
  const random = createRandom(7)
  const ms: number[] = []
  for (let turn = 0; turn < 60; turn++) {
    const filter = [
      '',
      `&tagId=${tagIdOf(random.below(60))}`,
      `&storeId=${10 + random.below(20)}`,
      `&userId=${guideIdOf(random.below(10))}`,
    ][turn % 4]
    let next: string | null | undefined
    for (let page = 0; page < 4 && next !== null; page++) {
      const read = await load(`limit=50${filter}${next ? `&before=${next}` : ''}`)
      ms.push(read.ms)
      next = read.body.next
    }
  }
  return ms
}

async function measureEach<T>(questions: T[], times: number, ask: (question: T) => ReturnType<typeof timed>) {
  const ms: number[] = []
  for (let time = 0; time < times; time++) for (const question of questions) ms.push((await ask(question)).ms)
  return ms
}

type ContextSetting = {
  caller: Caller
  server: { ask: (question: AdminQuestion) => Promise<AdminAnswer> }
  cookies: string[]
  uri: string
  dbName: string
}

/**
 * The sidebar's one call, and as the ceiling the very reads that it makes, recorded call by call and made once more with
 * the bare driver, those of one call side by side.
 */
async function measureContext({ caller, server, cookies, uri, dbName }: ContextSetting) {
  const db = await connectMongo(uri, dbName)
  try {
    const pairs = (await db
      .collection('relations')
      .find({ status: 'active' }, { projection: { userId: 1, externalUserId: 1 }, limit: 2_000 })
      .toArray()) as unknown as { userId: string; externalUserId: string }[]
    const ask = async (turn: number) => {
      const { userId, externalUserId } = pairs[turn % pairs.length]!
      const cookie = `${guideCookie}=${cookies[Number(userId.slice(5))]}`
      return timed(caller, `/api/sidebar/context?externalUserId=${externalUserId}`, cookie)
    }
    await drive(ask, { width, seconds: 2 })
    const calls: RecordedRead[][] = []
    await server.ask({ do: 'record', on: true })
    for (let turn = 0; turn < recordedCustomers; turn++) {
      await ask(turn)
      calls.push((await server.ask({ do: 'record', on: true })).reads ?? [])
    }
    await server.ask({ do: 'record', on: false })
    const reads = round(calls.reduce((sum, { length }) => sum + length, 0) / calls.length, 1)

    const replay = (turn: number) => Promise.all(calls[turn % calls.length]!.map((read) => readAgain(db, read)))
    await drive(replay, { width, seconds: 1 })
    // Twice in turn: a machine that is busy with other things meets both alike.
    const contexts = [await drive(ask, { width, seconds: loadSec / 2 })]
    const ceilings = [await drive(replay, { width, seconds: loadSec / 2 })]
    contexts.push(await drive(ask, { width, seconds: loadSec / 2 }))
    ceilings.push(await drive(replay, { width, seconds: loadSec / 2 }))
    const mean = (rounds: { perSecond: number }[]) => rounds.reduce((sum, { perSecond }) => sum + perSecond, 0) / 2
    return {
      contextMs: contexts.flatMap(({ ms }) => ms),
      contextRps: mean(contexts),
      ceilingRps: mean(ceilings),
      reads,
    }
  } finally {
    await db.close()
  }
}

type Db = Awaited<ReturnType<typeof connectMongo>>

/** What went between processes has lost its dates: they are told apart by their form. */
function revive(value: unknown): unknown {
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? new Date(value) : value
  if (Array.isArray(value)) return value.map(revive)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, revive(inner)]))
}

const revived = new WeakMap<RecordedRead, unknown[]>()

async function readAgain(db: Db, read: RecordedRead): Promise<unknown> {
  const args = revived.get(read) ?? read.args.map(revive)
  revived.set(read, args)
  const source = db.collection(read.collection) as unknown as Record<string, (...given: unknown[]) => unknown>
  const found = source[read.method]!(...args)
  return read.method === 'find' || read.method === 'aggregate'
    ? (found as { toArray(): Promise<unknown[]> }).toArray()
    : found
}

async function openDatabase(ends: (() => Promise<unknown>)[]) {
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
  return { uri: engine.uri, dbName }
}

const toEnv = (origin: string, port: number, uri: string, dbName: string): Record<string, string> => ({
  PUBLIC_URL: origin,
  PORT: String(port),
  MONGODB_URI: uri,
  BENCH_DB: dbName,
  WECOM_CORP_ID: corpId,
  WECOM_AGENT_ID: '1000002',
  WECOM_SECRET: 'bench-secret-of-the-pretend-app-0123456789',
  WECOM_CALLBACK_TOKEN: 'benchtoken',
  WECOM_CALLBACK_AES_KEY: 'A'.repeat(43),
  // Nothing that is measured here asks WeCom.
  WECOM_API_URL: 'http://127.0.0.1:9',
  WECOM_OAUTH_URL: 'http://127.0.0.1:9',
  WECOM_LOGIN_URL: 'http://127.0.0.1:9',
  ADMIN_USER_IDS: guideIdOf(0),
  BRAND_NAME: 'Bench',
  LOG_LEVEL: 'error',
  RATE_LIMIT_SCALE: '10000',
})

type Measured = {
  customers: number
  guides: number
  list: number[]
  search: number[]
  counts: number[]
  contextMs: number[]
  contextRps: number
  ceilingRps: number
  reads: number
}

function report(of: Measured): BenchResult {
  const p95 = (ms: number[]) => round(quantile(ms, 0.95), 1)
  const figures = {
    listP95Ms: p95(of.list),
    searchP95Ms: p95(of.search),
    segmentCountP95Ms: p95(of.counts),
    contextP99Ms: round(quantile(of.contextMs, 0.99), 1),
    contextRps: round(of.contextRps),
    ceilingRps: round(of.ceilingRps),
  }
  const share = of.contextRps / of.ceilingRps
  const p50 = (ms: number[]) => quantile(ms, 0.5).toFixed(1)
  say(`p50: list ${p50(of.list)}, search ${p50(of.search)}, count ${p50(of.counts)} ms; ${of.reads} reads a context`)
  say(`${of.customers} customers, ${of.guides} guides, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`)
  const atMost = (name: string, got: number, most: number) => ({
    bar: `${name} p95 at most ${most} ms`,
    got: `${got} ms`,
    held: got <= most,
  })
  return {
    figures,
    bars: [
      atMost('list', figures.listP95Ms, bars.listMs),
      atMost('search', figures.searchP95Ms, bars.searchMs),
      atMost('segment count', figures.segmentCountP95Ms, bars.countMs),
      {
        bar: `the sidebar's context at least ${bars.ofCeiling} of the bare driver`,
        got: share.toFixed(2),
        held: share >= bars.ofCeiling,
      },
    ],
  }
}
