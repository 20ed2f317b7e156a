export type MongoUnavailableCode =
  | 'MONGODB_URI_MISSING'
  | 'MONGODB_URI_INVALID'
  | 'MONGODB_UNREACHABLE'
  | 'MONGODB_SIGN_IN_REFUSED'
  | 'ENGINE_UNSUPPORTED_PLATFORM'
  | 'ENGINE_NOT_INSTALLED'
  | 'ENGINE_NOT_LOADABLE'
  | 'ENGINE_CACHE_UNWRITABLE'
  | 'ENGINE_SOCKET_UNUSABLE'
  | 'ENGINE_FAILED'
  | 'DATA_DIR_IN_USE'
  | 'DATA_DIR_UNWRITABLE'
  | 'DISK_FULL'

/**
 * There is no database to work with. The message is one sentence for the person who started the program:
 * the cause and the next step, without credentials. `cause` keeps what the driver or the system said.
 */
export class MongoUnavailable extends Error {
  override name = 'MongoUnavailable'
  readonly code: MongoUnavailableCode

  constructor(code: MongoUnavailableCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
