import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Schema, trusted, type Connection } from 'mongoose'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { connectMongo, ensureIndexes, openMongo, type MongoHandle } from './index.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const customerSchema = new Schema(
  {
    externalUserId: { type: String, required: true },
    age: Number,
    orders: [new Schema({ orderNo: String }, { _id: false })],
  },
  { versionKey: false },
)
customerSchema.index({ externalUserId: 1 }, { unique: true })
const customerModel = (db: Connection) => db.model('Customer', customerSchema)

let folder: string
let mongo: MongoHandle
beforeAll(async () => {
  folder = await mkdtemp(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'guidebar-mongo-test-'))
  mongo = await openMongo({ dataDir: path.join(folder, 'db') })
})
afterAll(async () => {
  await mongo.close()
  await rm(folder, { recursive: true, force: true })
})

/** Keeps the database busy for seconds on each document it looks at. */
const slowExpression = { $lt: [{ $reduce: { input: { $range: [0, 5_000_000] }, initialValue: 0, in: '$$this' } }, 0] }

async function startConnection(dbName: string, options?: Parameters<typeof connectMongo>[2]) {
  const connection = await connectMongo(mongo.uri, dbName, options)
  return { connection, customers: customerModel(connection), close: () => connection.close() }
}

test('indexes are built when asked for, not by registering a model', async () => {
  const { connection, customers, close } = await startConnection('indexes')
  await customers.create({ externalUserId: 'wm-1' })
  const before = await customers.listIndexes()

  await ensureIndexes(connection)
  await ensureIndexes(connection)

  expect(before.map(({ name }) => name)).toEqual(['_id_'])
  expect((await customers.listIndexes()).map(({ name }) => name)).toEqual(['_id_', 'externalUserId_1'])
  await expect(customers.create({ externalUserId: 'wm-1' })).rejects.toMatchObject({ code: 11000 })
  await close()
})

test('a filter on a path no schema knows is refused, on every connection of a schema', async () => {
  const first = await startConnection('strict-1')
  const second = await startConnection('strict-2')

  for (const { customers } of [first, second])
    await expect(customers.find({ nickname: 'x' } as object)).rejects.toThrow(/strictQuery/)
  await first.close()
  await second.close()
})

test('a field that no schema knows is refused, inside a list as well', async () => {
  const { customers, close } = await startConnection('strict-3')
  const create = (more: object) => customers.create({ externalUserId: 'wm-1', ...more })

  await expect(create({ nickname: 'x' })).rejects.toThrow(/nickname/)
  await expect(create({ orders: [{ orderNo: '1', secret: 'x' }] })).rejects.toThrow(/secret/)
  await expect(
    customers.updateOne({ externalUserId: 'wm-1' }, { $push: { orders: { orderNo: '1', secret: 'x' } } }),
  ).rejects.toThrow(/secret/)
  await close()
})

test('an operator smuggled into a filter is taken as a value, not as an operator', async () => {
  const { customers, close } = await startConnection('sanitize')
  await customers.create({ externalUserId: 'wm-1' })

  const smuggled = { externalUserId: { $ne: null } } as object

  await expect(customers.findOne(smuggled)).rejects.toThrow(/Cast to string failed/)
  await close()
})

test('reads, aggregates and findOneAnd… end at the connection’s limit; a query may set its own', async () => {
  const { customers, close } = await startConnection('limit', { maxTimeMs: 50 })
  await customers.create({ externalUserId: 'wm-1' })
  const expired = { code: 50 }
  const slowFilter = { $expr: trusted(slowExpression) }

  await expect(customers.find(slowFilter)).rejects.toMatchObject(expired)
  await expect(customers.findOneAndUpdate(slowFilter, { $set: { age: 1 } })).rejects.toMatchObject(expired)
  await expect(customers.aggregate([{ $match: slowFilter }])).rejects.toMatchObject(expired)
  await expect(customers.find(slowFilter).maxTimeMS(0)).resolves.toEqual([])
  await close()
})

test('without another limit a read ends after two seconds', async () => {
  const { customers, close } = await startConnection('default-limit')
  await customers.insertMany(Array.from({ length: 40 }, (_, number) => ({ externalUserId: `wm-${number}` })))

  const reading = customers.find({ $expr: trusted(slowExpression) })

  await expect(reading).rejects.toMatchObject({ code: 50 })
  await close()
})

test('every write waits for the journal', async () => {
  const { connection, customers, close } = await startConnection('concern')

  expect(connection.getClient().options.writeConcern).toMatchObject({ w: 1, journal: true })
  await customers.create({ externalUserId: 'wm-2' })
  await close()
})

test('a MongoDB that is not there is reported within five seconds, without the password', async () => {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  const startedAt = Date.now()

  const opening = openMongo({ uri: `mongodb://guidebar:s3cret@127.0.0.1:${port}/guidebar?replicaSet=rs0` })

  await expect(opening).rejects.toMatchObject({
    code: 'MONGODB_UNREACHABLE',
    message: `MongoDB at 127.0.0.1:${port} does not answer: check that it runs, that its replica set has a primary, and MONGODB_URI.`,
  })
  expect(Date.now() - startedAt).toBeLessThan(5_000)
})

test.each(['postgres://guidebar:s3cret@127.0.0.1', 'mongodb://guidebar:s3cret@127.0.0.1/?w=1&unknown=2', 'rs0'])(
  'the address %s is refused in one sentence, without the password',
  async (uri) => {
    const error = await openMongo({ uri }).catch((reason: Error) => reason)

    expect(error).toMatchObject({ name: 'MongoUnavailable', code: 'MONGODB_URI_INVALID' })
    expect(JSON.stringify({ message: (error as Error).message, cause: String((error as Error).cause) })).not.toContain(
      's3cret',
    )
  },
)

test('an address given from outside is used as the replica set, and closing leaves it running', async () => {
  const outside = await openMongo({ uri: mongo.uri, dbName: 'outside' })
  await outside.connection.collection('guides').insertOne({ userId: 'li' })

  await outside.close()

  expect(outside.kind).toBe('external')
  expect(await mongo.connection.db?.command({ ping: 1 })).toMatchObject({ ok: 1 })
})
