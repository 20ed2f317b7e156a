import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { Writable } from 'node:stream'

import { ensureIndexes } from '@guidebar/mongo'
import { buildApp } from '@guidebar/server'
import { apiKeyScopes, type ApiKeyScope } from '@guidebar/server/platform/access'
import { buildDirs, readBuiltApp } from '@guidebar/server/platform/built-app'
import { loadConfig, requireWecom, type Config, type WecomConfig } from '@guidebar/server/platform/config'
import { createCorp } from '@guidebar/server/platform/corps'
import type { Corp, Corps } from '@guidebar/server/platform/deps'
import { createMongoTokenStore } from '@guidebar/server/platform/mongo-token-store'
import { scaleRateLimits, type RateLimits } from '@guidebar/server/platform/rate-limits'
import { createSecretBox } from '@guidebar/server/platform/secret-box'
import { createUpstreamShare } from '@guidebar/server/platform/upstream/upstream-share'
import { createWecomEmulator, type CustomerSeed, type MemberSeed, type SettingsPatch } from '@guidebar/wecom-emulator'

import { findFreePort } from './ports.ts'
import { passWecom, signIn } from './sign-in.ts'
import { createTestBrowser, type TestBrowser } from './test-browser.ts'
import { createTestClock } from './test-clock.ts'
import { openTestDatabase } from './test-database.ts'

export type WorldOptions = {
  /** The engine's address; what the test run provides unless given. */
  mongoUri: string
  /** Further settings of the server, as environment variables. */
  env?: Record<string, string>
  /** High ones by default, so that only tests of limits meet them. */
  rateLimits?: RateLimits
  emulator?: SettingsPatch
  /** The front ends as they were built, for a browser; empty pages unless asked for. */
  fronts?: 'built'
}

type WorldConfig = Config & { wecom: WecomConfig }
export type TestGuide = { corpId: string; userId: string; name: string; departmentId: number }
export type TestCustomer = { externalUserId: string; name: string }
/** What a test may fix about a relation; tags by name. */
export type FollowInput = {
  guide?: TestGuide
  customer?: TestCustomer
  tags?: string[]
  remark?: string
  description?: string
  state?: string
  addWay?: number
  addedAt?: Date
  guideSeed?: Partial<MemberSeed>
  customerSeed?: Partial<CustomerSeed>
}

const fixtures = path.join(import.meta.dirname, 'fixtures')
const storeDepartmentId = 2
const tagGroupName = '测试标签'
const password = () => randomBytes(24).toString('hex')
let made = 0

export type World = Awaited<ReturnType<typeof startWorld>>

/**
 * A whole Guidebar of its own: fresh database, emulated WeCom, server on a port of 127.0.0.1, all over real HTTP.
 * End it with `close()`.
 */
export async function startWorld(options: WorldOptions) {
  made += 1
  const clock = createTestClock()
  const { db, end: closeDatabase } = await openTestDatabase(options.mongoUri)
  const ends: (() => Promise<unknown>)[] = [closeDatabase]
  const known = new Map<string, Corp>()
  // The servers of a world share its database: the first builds the indexes for all.
  let indexes: Promise<void> | undefined
  const main = await startCorp({ suffix: '', settings: options.emulator })

  /** One corp: its emulator, and a server whose people belong to it. All servers share database and clock. */
  async function startCorp({ suffix, settings }: { suffix: string; settings?: SettingsPatch }) {
    const port = await findFreePort()
    const origin = `http://127.0.0.1:${port}`
    const corpId = `ww5f2a9c31d7be4608${suffix}`
    const callback = { token: password().slice(0, 16), aesKey: `${password()}${password()}`.slice(0, 43) }
    const secret = password()
    const emulator = await createWecomEmulator({
      seed: made,
      clock: () => clock.now(),
      settings: {
        corp: { corpId },
        agent: { secret },
        trustedDomains: [new URL(origin).host],
        ...settings,
        callback: {
          url: `${origin}/wecom/callback/${corpId}`,
          redeliverAfterMs: 100,
          ...callback,
          ...settings?.callback,
        },
      },
    })
    const emulatorSettings = await emulator.control.settings()
    const given = loadConfig({
      PUBLIC_URL: origin,
      PORT: String(port),
      MONGODB_URI: options.mongoUri,
      WECOM_CORP_ID: corpId,
      WECOM_AGENT_ID: String(emulatorSettings.agent.agentId),
      WECOM_SECRET: secret,
      WECOM_CALLBACK_TOKEN: callback.token,
      WECOM_CALLBACK_AES_KEY: callback.aesKey,
      WECOM_API_URL: emulator.url,
      WECOM_OAUTH_URL: emulator.url,
      WECOM_LOGIN_URL: emulator.url,
      WECOM_VERIFY_FILE: 'WW_verify_pYtGz1kq.txt=pYtGz1kq',
      ADMIN_USER_IDS: 'TestAdmin',
      BRAND_NAME: '测试门店',
      OPS_TOKEN: password(),
      API_REFERENCE: 'on',
      ...options.env,
    })
    const config = requireWecom(given)
    const corp = createTestCorp(config)
    const corps: Corps = { get: (id) => known.get(id), default: corp, all: () => [corp] }
    const { log, stream } = collectLog()
    const app = await startServer({ config, corps, stream, port })
    await emulator.control.load({
      departments: [
        { id: 1, name: '测试零售' },
        { id: storeDepartmentId, name: '天河店', parentId: 1 },
      ],
    })
    // What was begun last ends first; a server before the WeCom it talks to.
    ends.splice(
      3,
      0,
      () => corp.wecom.close(),
      () => emulator.close(),
    )
    return { origin, corpId, corp, corps, config, app, emulator, log }
  }

  function createTestCorp(config: WorldConfig): Corp {
    const tokenStore = createMongoTokenStore(db, createSecretBox(config.wecom.secret))
    const corp = createCorp(config.wecom, { tokenStore, clock, share: createUpstreamShare(db) })
    known.set(corp.corpId, corp)
    return corp
  }

  async function startServer(input: { config: Config; corps: Corps; stream: Writable; port: number }) {
    const { config, corps, stream, port } = input
    const isBuilt = options.fronts === 'built'
    const rateLimits = options.rateLimits ?? scaleRateLimits(1_000)
    const app = await buildApp({
      db,
      corps,
      config,
      clock,
      built: {
        sidebar: readBuiltApp(isBuilt ? buildDirs.sidebar : fixtures),
        admin: readBuiltApp(isBuilt ? buildDirs.admin : fixtures),
      },
      rateLimits,
      logStream: stream,
    })
    await (indexes ??= ensureIndexes(db))
    await app.listen({ port, host: '127.0.0.1' })
    app.services.callbacks.start()
    ends.unshift(
      () => app.close(),
      () => app.services.callbacks.stop(),
      () => app.services.sync.stop(),
    )
    return app
  }

  return { ...createPeople(main), db, clock, otherCorp, startTwin, close }

  /** Another corp with a server of its own on the same database. */
  async function otherCorp() {
    const suffix = String(++made)
    return createPeople(await startCorp({ suffix, settings: options.emulator }))
  }

  /** A second process of the same server: own token source, own caches, same database. */
  async function startTwin() {
    const port = await findFreePort()
    const config = { ...main.config, port }
    const corp = createCorp(config.wecom, {
      tokenStore: createMongoTokenStore(db, createSecretBox(config.wecom.secret)),
      clock,
      share: createUpstreamShare(db),
    })
    const corps: Corps = { get: (id) => (id === corp.corpId ? corp : undefined), default: corp, all: () => [corp] }
    const { log, stream } = collectLog()
    const app = await startServer({ config, corps, stream, port })
    ends.splice(3, 0, () => corp.wecom.close())
    return { origin: `http://127.0.0.1:${port}`, app, corp, services: app.services, log }
  }

  async function close(): Promise<void> {
    for (const end of ends.splice(0)) await end()
  }
}

type RunningCorp = {
  origin: string
  corpId: string
  corp: Corp
  config: WorldConfig
  app: Awaited<ReturnType<typeof buildApp>>
  emulator: Awaited<ReturnType<typeof createWecomEmulator>>
  log: string[]
}

/** Guides, customers and browsers of one corp. */
function createPeople({ origin, corpId, corp, config, app, emulator, log }: RunningCorp) {
  const wecom = emulator.control
  const { services } = app
  const browsers = new Map<string, Promise<TestBrowser>>()
  const tagIds = new Map<string, string>()

  function browserOf(kind: 'guide' | 'admin', userId: string): Promise<TestBrowser> {
    const key = `${kind} ${userId}`
    const browser = browsers.get(key) ?? signIn(origin, kind, userId)
    browsers.set(key, browser)
    return browser
  }

  /** A browser's calls, signed in at the first of them. */
  function signedIn(
    kind: 'guide' | 'admin',
    userId: string,
  ): Pick<TestBrowser, 'send' | 'get' | 'put' | 'post' | 'delete'> {
    const browser = () => browserOf(kind, userId)
    return {
      send: async (...args) => (await browser()).send(...args),
      get: async (...args) => (await browser()).get(...args),
      put: async (...args) => (await browser()).put(...args),
      post: async (...args) => (await browser()).post(...args),
      delete: async (...args) => (await browser()).delete(...args),
    }
  }

  /** A member of the corp; a guide of the store 天河店 unless the seed says otherwise. */
  async function addGuide(seed: Partial<MemberSeed> = {}): Promise<TestGuide> {
    const userId = seed.userId ?? `Guide${randomBytes(4).toString('hex')}`
    const departmentIds = seed.departmentIds ?? [storeDepartmentId]
    const name = seed.name ?? `导购${userId.slice(-4)}`
    await wecom.load({ members: [{ position: '导购', ...seed, userId, name, departmentIds }] })
    await services.guides.refreshDepartments(corp)
    await services.guides.read(corp, userId)
    return { corpId, userId, name, departmentId: departmentIds[0] ?? storeDepartmentId }
  }

  async function addCustomer(seed: Partial<CustomerSeed> = {}): Promise<TestCustomer> {
    const externalUserId = seed.externalUserId ?? `wm${randomBytes(15).toString('hex')}`
    const name = seed.name ?? `顾客${externalUserId.slice(-4)}`
    await wecom.load({ customers: [{ ...seed, externalUserId, name }] })
    return { externalUserId, name }
  }

  /** Corp tags by name, made where missing. @returns their ids in the order given */
  async function addTags(names: string[]): Promise<string[]> {
    const missing = names.filter((name) => !tagIds.has(name))
    if (missing.length > 0) {
      const all = [...tagIds.keys(), ...missing]
      const { tagGroups } = await wecom.load({
        tagGroups: [
          {
            groupId: 'etTestGroup',
            name: tagGroupName,
            tags: all.map((name) => ({ name, ...(tagIds.has(name) && { tagId: tagIds.get(name) }) })),
          },
        ],
      })
      for (const { name, tagId } of tagGroups[0]?.tags ?? []) tagIds.set(name, tagId)
      await services.tags.refresh(corp)
    }
    return names.map((name) => tagIds.get(name) ?? '')
  }

  /** A guide follows a customer, in WeCom and, as after a sync, here. What is not given is made. */
  async function follow(
    input: FollowInput = {},
  ): Promise<{ guide: TestGuide; customer: TestCustomer; tagIds: string[] }> {
    const { remark, description, state, addWay, addedAt } = input
    const guide = input.guide ?? (await addGuide(input.guideSeed))
    const customer = input.customer ?? (await addCustomer(input.customerSeed))
    const ids = await addTags(input.tags ?? [])
    const { externalUserId } = customer
    await wecom.load({
      relations: [
        {
          userId: guide.userId,
          externalUserId,
          tagIds: ids,
          remark,
          description,
          state,
          addWay,
          addedAt: addedAt?.toISOString(),
        },
      ],
    })
    await services.relations.refresh({ corpId, externalUserId })
    return { guide, customer, tagIds: ids }
  }

  return {
    origin,
    corpId,
    corp,
    config,
    app,
    services,
    /** The emulated WeCom, driven as its administrator, its clients and its customers would. */
    wecom,
    /** All log lines so far. */
    log,
    addGuide,
    addCustomer,
    addTags,
    follow,

    /** A full sync from WeCom, waited for. */
    sync: () => services.sync.runNow(corp),
    /** Waits until WeCom has delivered its events and the server has handled them. */
    async settle(): Promise<void> {
      await wecom.waitForCallbacks()
      await services.callbacks.drain()
    },

    /** Names of the corp tags that WeCom has on this relation. */
    async tagsOf(guide: { userId: string }, customer: TestCustomer): Promise<string[]> {
      return (await wecom.relation(guide.userId, customer.externalUserId))?.tagNames ?? []
    },

    /** Calls under `/api/sidebar` as this guide; a path that starts at another place of the server goes there. */
    as: (guide: { userId: string }) => signedIn('guide', guide.userId),
    /** Calls under `/api/admin` as this member, who must be in ADMIN_USER_IDS. */
    asAdmin: (userId = 'TestAdmin') => signedIn('admin', userId),
    /** The browser behind `as`, with its cookies. */
    browserOf: (guide: { userId: string }) => browserOf('guide', guide.userId),
    /** From our redirect through WeCom: where it sends the member back to. */
    passAdmin: (location: string, userId: string) => passWecom(location, userId),
    /** A browser of its own that signs in now, whatever became of others. */
    signInFresh: (kind: 'guide' | 'admin', userId: string) => signIn(origin, kind, userId),
    /** The same browser goes through WeCom once more, as after a question who sits there. */
    signInAgain: async (userId = 'TestAdmin') => {
      await signIn(origin, 'admin', userId, await browserOf('admin', userId))
    },
    adminBrowser: (userId = 'TestAdmin') => browserOf('admin', userId),
    /** A browser that nobody has signed in with. */
    newBrowser: (prefix?: string) => createTestBrowser({ origin, prefix }),
    /** The member who may open the admin panel. */
    addAdmin: (seed: Partial<MemberSeed> = {}) =>
      addGuide({ userId: 'TestAdmin', name: '管理员', position: '管理员', customerContact: false, ...seed }),

    /** Calls with a new API key. */
    async asShop(scopes: ApiKeyScope[] = [...apiKeyScopes]) {
      const { key, keyId } = await services.apiKeys.create({ corpId, name: 'test shop', scopes })
      const browser = createTestBrowser({ origin, prefix: '/open/v1' })
      const call = (method: string, path: string, body: unknown, idempotencyKey = randomBytes(8).toString('hex')) =>
        browser.send(method, path, {
          body,
          headers: {
            origin: undefined,
            'sec-fetch-site': undefined,
            authorization: `Bearer ${key}`,
            'idempotency-key': idempotencyKey,
          },
        })
      return {
        key,
        keyId,
        post: (path: string, body: unknown, idempotencyKey?: string) => call('POST', path, body, idempotencyKey),
        put: (path: string, body: unknown, idempotencyKey?: string) => call('PUT', path, body, idempotencyKey),
      }
    },
  }
}

function collectLog(): { log: string[]; stream: Writable } {
  const log: string[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(chunk.toString())
      done()
    },
  })
  return { log, stream }
}
