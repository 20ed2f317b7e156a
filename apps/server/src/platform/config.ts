import { isIP } from 'node:net'
import path from 'node:path'

import { CorpId, UserId } from '@guidebar/contracts'
import { Value } from 'typebox/value'

/** The settings are wrong. The message names every wrong variable and prints no value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly variables: string[]

  constructor(variables: string[]) {
    super(`Missing or wrong settings: ${variables.join(', ')}`)
    this.variables = variables
  }
}

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof levels)[number]

/** The self-built app as WeCom's admin console shows it, without what is not known yet. */
export type GivenWecom = Readonly<{
  corpId: string | null
  agentId: string | null
  secret: string | null
  callback: Readonly<{ token: string; aesKey: string }> | null
}>
export type WecomOrigins = Readonly<{ apiUrl: string; oauthUrl: string; loginUrl: string }>
/** Enough to speak for a corp. */
export type WecomConfig = WecomOrigins &
  Readonly<{ corpId: string; agentId: string; secret: string; callback: GivenWecom['callback'] }>

/** What an address of the environment means to the program; frozen. */
export type Config = Readonly<{
  /** The one origin people and WeCom use, without a trailing slash. */
  publicUrl: string
  port: number
  host: string
  mongodbUri: string | null
  dataDir: string | null
  /** What is missing here can be set in the admin panel; what is given here wins over it. */
  wecom: WecomOrigins & GivenWecom
  /**
   * Keys for what is sealed in the database: the first seals, the others only open. From the environment, or from a
   * file; neither when an outside database is used and no file is named.
   */
  dataKeys: Readonly<{ given: readonly string[]; file: string | null }>
  /** The domain proof: served at `/NAME` with exactly this content. */
  verifyFile: Readonly<{ name: string; content: string }> | null
  adminUserIds: readonly string[]
  brand: string
  apiReference: boolean
  opsToken: string | null
  logLevel: LogLevel
  /** Addresses of the proxies in front, as CIDR or single addresses; false when there is none. */
  trustProxy: readonly string[] | false
  /** Multiplies all request limits: for shops behind one address, and for load tests. */
  rateLimitScale: number
}>

type Env = Readonly<Record<string, string | undefined>>

/**
 * Reads the settings. The only place that knows the names of environment variables.
 * @throws ConfigError with the names of all missing and wrong variables
 */
export function loadConfig(env: Env): Config {
  const wrong = new Set<string>()

  function read<T>(name: string, parse: (text: string) => T | undefined, fallback?: T): T {
    const text = env[name]?.trim()
    const value = text ? parse(text) : fallback
    if (value === undefined) wrong.add(name)
    return value as T
  }

  const text = (check: (value: string) => boolean) => (value: string) => (check(value) ? value : undefined)
  const callbackToken = read('WECOM_CALLBACK_TOKEN', text(wecomForms.callbackToken), null)
  const callbackAesKey = read('WECOM_CALLBACK_AES_KEY', text(wecomForms.callbackAesKey), null)
  if (callbackToken && !callbackAesKey) wrong.add('WECOM_CALLBACK_AES_KEY')
  if (callbackAesKey && !callbackToken) wrong.add('WECOM_CALLBACK_TOKEN')
  const mongodbUri = read(
    'MONGODB_URI',
    text((value) => /^mongodb(\+srv)?:\/\//.test(value)),
    null,
  )
  const dataDir = read<string | null>('DATA_DIR', (value) => value, null)
  if (!mongodbUri && !dataDir) wrong.add('MONGODB_URI')

  const config: Config = {
    publicUrl: read('PUBLIC_URL', parsePublicUrl),
    port: read('PORT', (value) => parseInteger(value, 0, 65_535), 4600),
    host: read<string>('HOST', (value) => value, '127.0.0.1'),
    mongodbUri,
    dataDir,
    wecom: {
      corpId: read('WECOM_CORP_ID', text(wecomForms.corpId), null),
      agentId: read('WECOM_AGENT_ID', text(wecomForms.agentId), null),
      secret: read('WECOM_SECRET', text(wecomForms.secret), null),
      callback: callbackToken && callbackAesKey ? { token: callbackToken, aesKey: callbackAesKey } : null,
      apiUrl: read('WECOM_API_URL', parseOrigin, 'https://qyapi.weixin.qq.com'),
      oauthUrl: read('WECOM_OAUTH_URL', parseOrigin, 'https://open.weixin.qq.com'),
      loginUrl: read('WECOM_LOGIN_URL', parseOrigin, 'https://login.work.weixin.qq.com'),
    },
    dataKeys: {
      given: read<readonly string[]>('DATA_KEYS', parseDataKeys, []),
      file: read<string | null>('DATA_KEYS_FILE', (value) => value, dataDir && path.join(dataDir, 'data.keys')),
    },
    verifyFile: read('WECOM_VERIFY_FILE', parseVerifyFile, null),
    adminUserIds: read('ADMIN_USER_IDS', parseUserIds, []),
    brand: read(
      'BRAND_NAME',
      text((value) => value.length <= 40),
      'Guidebar',
    ),
    apiReference: read('API_REFERENCE', parseSwitch, false),
    opsToken: read(
      'OPS_TOKEN',
      text((value) => value.length >= 16 && isOwnSecret(value)),
      null,
    ),
    logLevel: read('LOG_LEVEL', (value) => levels.find((level) => level === value), 'info'),
    trustProxy: read<readonly string[] | false>('TRUST_PROXY', parseAddresses, false),
    rateLimitScale: read('RATE_LIMIT_SCALE', (value) => parseInteger(value, 1, 10_000), 1),
  }
  if (wrong.size > 0) throw new ConfigError([...wrong].toSorted())
  return freeze(config)
}

/** The forms that WeCom's console gives its values; a wrong one is seen before anything is called. */
export const wecomForms = {
  corpId: (value: string) => Value.Check(CorpId, value),
  agentId: (value: string) => /^\d{1,12}$/.test(value),
  secret: isOwnSecret,
  callbackToken: (value: string) => /^[A-Za-z0-9]{1,32}$/.test(value),
  callbackAesKey: (value: string) => /^[A-Za-z0-9]{43}$/.test(value),
  verifyFileName: (value: string) => /^WW_verify_[A-Za-z0-9]{1,64}\.txt$/.test(value),
  verifyFileContent: (value: string) => /^[\x21-\x7e]{1,256}$/.test(value),
}

/** The same configuration, for programs that can do nothing without a corp. @throws ConfigError */
export function requireWecom(config: Config): Config & { wecom: WecomConfig } {
  const { corpId, agentId, secret } = config.wecom
  const missing = Object.entries({ WECOM_CORP_ID: corpId, WECOM_AGENT_ID: agentId, WECOM_SECRET: secret })
    .filter(([, value]) => value === null)
    .map(([name]) => name)
  if (missing.length > 0) throw new ConfigError(missing)
  return config as Config & { wecom: WecomConfig }
}

/** Short secrets can be guessed, and words of an example file are known to everybody. */
function isOwnSecret(value: string): boolean {
  return value.length >= 16 && value.length <= 256 && !/example|change-?me|replace-?me|your[-_]/i.test(value)
}

function parseUrl(value: string): URL | undefined {
  const url = URL.parse(value) ?? undefined
  const isBare = url && url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password
  return isBare && /^https?:$/.test(url.protocol) ? url : undefined
}

const isLoopback = (host: string) => host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)

/** WeCom takes https only; plain http is for trying things out on one machine. */
function parsePublicUrl(value: string): string | undefined {
  const url = parseUrl(value)
  return url && (url.protocol === 'https:' || isLoopback(url.hostname)) ? url.origin : undefined
}

/** The secret travels to these addresses, so plain http stays on this machine as well. */
const parseOrigin = parsePublicUrl

function parseInteger(value: string, min: number, max: number): number | undefined {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN
  return number >= min && number <= max ? number : undefined
}

function parseSwitch(value: string): boolean | undefined {
  return value === 'on' ? true : value === 'off' ? false : undefined
}

function parseVerifyFile(value: string): { name: string; content: string } | undefined {
  const [, name = '', content = ''] = /^([^=]*)=(.*)$/.exec(value) ?? []
  return wecomForms.verifyFileName(name) && wecomForms.verifyFileContent(content) ? { name, content } : undefined
}

/** 32 random bytes each, in base64 or hexadecimal digits. */
export const isDataKey = (text: string) => /^([A-Za-z0-9+/_-]{43}=?|[0-9a-fA-F]{64})$/.test(text)
const parseDataKeys = (value: string) => parseList(value, isDataKey)

function parseList(value: string, check: (item: string) => boolean): string[] | undefined {
  const items = value.split(',').map((item) => item.trim())
  return items.every(check) ? items : undefined
}

const parseUserIds = (value: string) => parseList(value, (item) => Value.Check(UserId, item))

/** A list of addresses: a number of hops could be spoofed by whoever sends the header. */
function parseAddresses(value: string): readonly string[] | undefined {
  return parseList(value, (item) => {
    const [address = '', bits] = item.split('/')
    const version = isIP(address)
    return version !== 0 && (bits === undefined || parseInteger(bits, 0, version === 4 ? 32 : 128) !== undefined)
  })
}

function freeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freeze(inner as object)
  return Object.freeze(value)
}
