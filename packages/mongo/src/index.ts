export { connectMongo, ensureIndexes, type ConnectOptions } from './connection.ts'
export {
  startEmbeddedEngine,
  type EmbeddedEngine,
  type EmbeddedEngineOptions,
  type EngineExit,
} from './engine/embedded-engine.ts'
export { MongoUnavailable, type MongoUnavailableCode } from './mongo-unavailable.ts'
export { openMongo, type MongoHandle, type OpenMongoOptions } from './open-mongo.ts'
