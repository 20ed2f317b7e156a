import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { connectMongo, openMongo, startEmbeddedEngine, type EngineExit, type MongoHandle } from './index.ts'

// Engines start and stop in these tests; a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let folder: string
const toClose: { close(): Promise<void> }[] = []

beforeEach(async () => {
  folder = await mkdtemp(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'guidebar-mongo-test-'))
})
afterEach(async () => {
  for (const each of toClose.splice(0).reverse()) await each.close()
  await rm(folder, { recursive: true, force: true })
})

type OpenOptions = Parameters<typeof openMongo>[0]

async function open(options: OpenOptions = {}): Promise<MongoHandle> {
  const mongo = await openMongo({ dataDir: path.join(folder, 'db'), ...options })
  toClose.push(mongo)
  return mongo
}

async function startEngine(options: Partial<Parameters<typeof startEmbeddedEngine>[0]> = {}) {
  const engine = await startEmbeddedEngine({ dataDir: path.join(folder, 'db'), ...options })
  toClose.push(engine)
  return engine
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('what was written is there after closing and opening again, and no process stays behind', async () => {
  const first = await open()
  await first.connection.collection('guides').insertOne({ userId: 'zhang' })
  const pid = first.enginePid ?? 0
  await first.close()

  const second = await open()

  expect(await second.connection.collection('guides').findOne({})).toMatchObject({ userId: 'zhang' })
  expect(second.kind).toBe('embedded')
  expect(second.uri).toBe(first.uri)
  expect(isAlive(pid)).toBe(false)
})

test('kill -9 under writes loses no acknowledged write, and the same connection goes on by itself', async () => {
  const ends: EngineExit[] = []
  const lines: string[] = []
  const mongo = await open({ onEngineExit: (end) => ends.push(end), log: (line) => lines.push(line) })
  const writes = mongo.connection.collection<{ _id: number }>('writes')
  const acknowledged: number[] = []
  let next = 0
  const done = new AbortController()
  const writer = async () => {
    while (!done.signal.aborted) {
      const some = Array.from({ length: 5 }, () => ({ _id: next++ }))
      await writes.insertMany(some).then(
        () => acknowledged.push(...some.map(({ _id }) => _id)),
        () => sleep(20),
      )
      // Pauses leave the journal to its own pace, which is too slow for what was acknowledged.
      await sleep(Math.random() * 10)
    }
  }
  const writers = Array.from({ length: 3 }, writer)
  await vi.waitUntil(() => acknowledged.length > 300, 10_000)
  const firstPid = mongo.enginePid ?? 0

  process.kill(firstPid, 'SIGKILL')
  await vi.waitUntil(() => ends.length === 1, 5_000)
  const beforeRecovery = acknowledged.length
  await vi.waitUntil(() => acknowledged.length > beforeRecovery + 300, 10_000)
  done.abort()
  await Promise.all(writers)

  const kept = new Set((await writes.find().toArray()).map(({ _id }) => _id))
  expect(acknowledged.filter((_id) => !kept.has(_id))).toEqual([])
  expect(ends).toMatchObject([{ pid: firstPid, code: null, signal: 'SIGKILL' }])
  expect(mongo.enginePid).not.toBe(firstPid)
  expect(lines).toEqual([
    `The embedded MongoDB (process ${firstPid}) ended by SIGKILL. Starting it again in 50 ms.`,
    `The embedded MongoDB runs again (process ${mongo.enginePid}).`,
  ])
})

test('an engine that dies again and again is started after ever longer pauses, and close ends that', async () => {
  const lines: string[] = []
  const engine = await startEngine({ log: (line) => lines.push(line) })
  for (let death = 0; death < 3; death++) {
    const { pid } = engine
    engine.kill('SIGKILL')
    await engine.exited
    await vi.waitUntil(() => engine.pid !== pid && lines.at(-1)?.includes('runs again'), 5_000)
  }
  engine.kill('SIGKILL')
  await engine.exited
  await engine.close()
  const linesAtClose = lines.length

  await sleep(600)

  const pauses = lines.flatMap((line) => /again in (\d+) ms/.exec(line)?.[1] ?? [])
  expect(pauses).toEqual(['50', '100', '200', '400'])
  expect(lines).toHaveLength(linesAtClose)
  expect(isAlive(engine.pid)).toBe(false)
})

test('a SIGTERM from outside ends the engine cleanly, and it is started again', async () => {
  const ends: EngineExit[] = []
  const engine = await startEngine({ onExit: (end) => ends.push(end) })
  const { pid } = engine

  process.kill(pid, 'SIGTERM')
  await engine.exited

  await vi.waitUntil(() => engine.pid !== pid, 5_000)
  expect(ends).toMatchObject([{ pid, code: 0, signal: null }])
})

test('the engine ends cleanly when the process that started it is killed', async () => {
  const program = path.join(folder, 'owner.ts')
  const dataDir = path.join(folder, 'db')
  const room = JSON.stringify(path.join(import.meta.dirname, 'index.ts'))
  await writeFile(
    program,
    `import { startEmbeddedEngine } from ${room}
    const engine = await startEmbeddedEngine({ dataDir: ${JSON.stringify(dataDir)} })
    process.send({ pid: engine.pid })`,
  )
  const owner = fork(program, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [{ pid }] = (await once(owner, 'message')) as [{ pid: number }]

  owner.kill('SIGKILL')

  await vi.waitUntil(() => !isAlive(pid), 5_000)
  // A clean close empties the lock file; a killed engine leaves its process id in it.
  expect((await stat(path.join(dataDir, 'mongod.lock'))).size).toBe(0)
})

test('a second opener of the data folder is refused in one sentence, and the first goes on', async () => {
  const dataDir = path.join(folder, 'db')
  const first = await open({ dataDir })

  const second = startEmbeddedEngine({ dataDir, lockWaitMs: 200 })

  await expect(second).rejects.toMatchObject({
    name: 'MongoUnavailable',
    code: 'DATA_DIR_IN_USE',
    message: `The data folder ${dataDir} is already open in another process: stop the other Guidebar, or choose another folder.`,
  })
  expect(await first.connection.db?.command({ ping: 1 })).toMatchObject({ ok: 1 })
})

test('an opener waits for another process that is still closing the folder', async () => {
  const dataDir = path.join(folder, 'db')
  const first = await startEngine({ dataDir })

  const opening = startEngine({ dataDir })
  await sleep(400)
  await first.close()

  expect((await opening).pid).not.toBe(first.pid)
})

test('a document of 15 MB comes back as it was', async () => {
  const { connection } = await open()
  const files = connection.collection<{ _id: string; content: Buffer }>('files')
  const content = Buffer.alloc(15_000_000, 'Guidebar')

  await files.insertOne({ _id: 'large', content })

  const found = await files.findOne({ _id: 'large' }, { promoteBuffers: true })
  expect(found?.content.equals(content)).toBe(true)
})

test('messages over one chunk from many clients at once are kept apart', async () => {
  const { connection } = await open()
  const pages = connection.collection<{ _id: number; text: string }>('pages')
  const textOf = (_id: number) => `${_id} `.repeat(40_000)

  await Promise.all(Array.from({ length: 20 }, (_, _id) => pages.insertOne({ _id, text: textOf(_id) })))

  const found = await pages.find().sort({ _id: 1 }).toArray()
  expect(found.map(({ _id, text }) => text === textOf(_id))).toEqual(Array(20).fill(true))
})

test('40 parallel upserts on one key make one document and count every one', async () => {
  const { connection } = await open()
  const counters = connection.collection<{ key: string; count: number }>('counters')
  await counters.createIndex({ key: 1 }, { unique: true })

  await Promise.all(
    Array.from({ length: 40 }, () => counters.updateOne({ key: 'sales' }, { $inc: { count: 1 } }, { upsert: true })),
  )

  expect(await counters.find({}, { projection: { _id: 0 } }).toArray()).toEqual([{ key: 'sales', count: 40 }])
})

test('a second connection works in a database of its own', async () => {
  const { uri, connection } = await open()
  await connection.collection('tags').insertOne({ name: '会员' })

  const other = await connectMongo(uri, 'another-file')
  toClose.unshift({ close: () => other.close() })

  expect(await other.collection('tags').countDocuments()).toBe(0)
})

test('only this user can reach the engine and its files', async () => {
  const { uri } = await open()

  const socketPath = decodeURIComponent(/^mongodb:\/\/([^/]+)\//.exec(uri)?.[1] ?? '')

  expect(Buffer.byteLength(socketPath)).toBeLessThanOrEqual(107)
  expect((await stat(path.dirname(socketPath))).mode & 0o777).toBe(0o700)
  expect((await stat(path.join(folder, 'db'))).mode & 0o777).toBe(0o700)
})

test('a data folder that cannot be made is named in one sentence', async () => {
  const file = path.join(folder, 'file')
  await writeFile(file, '')

  const opening = openMongo({ dataDir: path.join(file, 'db') })

  await expect(opening).rejects.toMatchObject({
    code: 'DATA_DIR_UNWRITABLE',
    message: `The data folder ${path.join(file, 'db')} cannot be made or written: check its path and rights, or choose another folder.`,
  })
})

test('a data folder with damaged files is named in one sentence, and they are left as they are', async () => {
  const dataDir = path.join(folder, 'db')
  await mkdir(dataDir)
  await writeFile(path.join(dataDir, 'WiredTiger'), 'x')
  await writeFile(path.join(dataDir, 'storage.bson'), 'y')

  const opening = openMongo({ dataDir })

  await expect(opening).rejects.toMatchObject({
    code: 'ENGINE_FAILED',
    message: `The embedded MongoDB cannot open the data folder ${dataDir}: its files are damaged or not its own; restore a back-up, or choose another folder.`,
  })
  expect(await readdir(dataDir)).toContain('storage.bson')
})

test('without an address and a folder the sentence asks for one', async () => {
  await expect(openMongo({})).rejects.toMatchObject({
    code: 'MONGODB_URI_MISSING',
    message: expect.stringContaining('MONGODB_URI'),
  })
})
