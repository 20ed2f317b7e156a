import {
  createConnection,
  type Connection,
  type ConnectOptions as DriverOptions,
  type mongo,
  type Schema,
} from 'mongoose'

import { MongoUnavailable } from './mongo-unavailable.ts'

export type ConnectOptions = {
  /** Longest a read, aggregate or findOneAnd… may run in the database, unless the query sets its own `maxTimeMS`. */
  maxTimeMs?: number
}

const defaultMaxTimeMs = 2_000

const driverOptions: DriverOptions = {
  appName: 'guidebar',
  // Requests fail soon and clearly while the database is away, instead of piling up in memory.
  serverSelectionTimeoutMS: 2_000,
  waitQueueTimeoutMS: 5_000,
  bufferCommands: false,
  // A database that accepts connections but never answers must not hold requests for ever.
  socketTimeoutMS: 60_000,
  // The embedded engine is saturated by about 20 commands in flight.
  maxPoolSize: 20,
  sanitizeFilter: true,
  // Collections and indexes are made by ensureIndexes, at a moment the program chooses.
  autoIndex: false,
  autoCreate: false,
}

/**
 * An acknowledged write must survive the death of the database process: anything weaker lost writes in our drills. The
 * embedded engine says in its own address what that takes.
 */
const durableOutside: DriverOptions = { w: 'majority', journal: true }
const isEmbedded = (uri: string) => /^mongodb:\/\/%2F[^/,]+\.sock\//i.test(uri)

/**
 * Opens one more connection to a running MongoDB: acknowledged writes are on disk, no buffering, filters sanitised, unknown paths refused in filters and writes, and `maxTimeMS` on reads, aggregates and findOneAnd…
 * operations.
 * A query that may take longer says so itself: `.maxTimeMS(30_000)`, or `.maxTimeMS(0)` for no limit.
 * Calls on `Model.collection` bypass Mongoose and with it this limit.
 * @throws MongoUnavailable with MONGODB_URI_INVALID, MONGODB_SIGN_IN_REFUSED or MONGODB_UNREACHABLE
 */
export async function connectMongo(uri: string, dbName: string, options: ConnectOptions = {}): Promise<Connection> {
  const connection = createConnection()
  connection.plugin(refuseUnknownPaths)
  connection.set('maxTimeMS', options.maxTimeMs ?? defaultMaxTimeMs)
  try {
    const durable = isEmbedded(uri) ? {} : durableOutside
    return await connection.openUri(uri, { ...driverOptions, ...durable, dbName })
  } catch (error) {
    await connection.destroy().catch(() => {})
    throw toMongoUnavailable(uri, error)
  }
}

/**
 * Builds the indexes of every model registered on the connection, one collection after another. Safe to repeat and
 * to run from several processes; indexes that no schema names any more are left alone.
 * @throws the driver's error, e.g. E11000 when existing documents break a unique index
 */
export async function ensureIndexes(connection: Connection): Promise<void> {
  for (const { schema, collection } of Object.values(connection.models)) {
    const indexes = schema
      .indexes()
      .map(([key, options]) => ({ ...(options as object), key }) as mongo.IndexDescription)
    // All of a collection in one command: an empty collection takes four times as long one by one.
    if (indexes.length > 0) await collection.createIndexes(indexes)
  }
}

/**
 * Mongoose knows these settings only per schema or for the whole process; a connection's plugin is in between, and
 * reaches the schemas inside a schema, which do not take them from the outer one.
 */
function refuseUnknownPaths(schema: Schema): void {
  schema.set('strict', 'throw')
  schema.set('strictQuery', 'throw')
}

function toMongoUnavailable(uri: string, cause: unknown): MongoUnavailable {
  const { name, code } = cause as { name?: string; code?: unknown }
  // Neither the address nor the driver's words about it may carry a password into a log.
  if (name === 'MongoParseError' || name === 'MongoInvalidArgumentError' || name === 'MongoAPIError')
    return new MongoUnavailable(
      'MONGODB_URI_INVALID',
      'MONGODB_URI is not a valid MongoDB address: write it as mongodb://user:password@host:27017/?replicaSet=rs0.',
    )
  const hosts = hostsOf(uri)
  // 18 AuthenticationFailed, 13 Unauthorized
  if (code === 18 || code === 13)
    return new MongoUnavailable(
      'MONGODB_SIGN_IN_REFUSED',
      `MongoDB at ${hosts} refused the sign-in: check the user, the password and authSource in MONGODB_URI.`,
      { cause },
    )
  return new MongoUnavailable(
    'MONGODB_UNREACHABLE',
    `MongoDB at ${hosts} does not answer: check that it runs, that its replica set has a primary, and MONGODB_URI.`,
    { cause },
  )
}

function hostsOf(uri: string): string {
  const authority = /^[^:]+:\/\/([^/?]*)/.exec(uri)?.[1] ?? ''
  return decodeURIComponent(authority.slice(authority.lastIndexOf('@') + 1))
}
