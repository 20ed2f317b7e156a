import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'

import { createChatSimulator } from '@guidebar/chat-simulator'
import { MongoUnavailable } from '@guidebar/mongo'
import { loadConfig } from '@guidebar/server/config'
import type { Services } from '@guidebar/server/services'
import { startServer } from '@guidebar/server/start'
import { createWecomEmulator } from '@guidebar/wecom-emulator'

import { clearDemoData, NotADemoFolder } from './clear-data.ts'
import { seedContent, shopProducts } from './content/seed-content.ts'
import { buildCorp } from './corp/build-corp.ts'
import { adminUserIds, corpName, firstGuide } from './corp/stores.ts'
import { keepCorp, KeptCorpUnreadable, loadKeptCorp, readKeptCorp } from './keep-corp.ts'
import { loadCorp } from './load-corp.ts'
import { corpFacts, readDemoSecrets } from './secrets.ts'
import { waitForSync } from './wait-for-sync.ts'

export interface StartDemoOptions {
  /** Front door; 0 takes any free ports. */
  port: number
  customers: number
  seed: number
  dataDir: string
  /** Throw away what an earlier demo kept in `dataDir`. */
  fresh?: boolean
  /** Another front door than the simulator's, when something stands before the server. */
  publicUrl?: string
  /** Takes the progress, a line at a time. */
  say: (line: string) => void
}

export interface Demo {
  simulator: string
  admin: string
  api: string
  emulator: string
  /** The server itself, behind the simulator's proxy. */
  serverUrl: string
  /** The server's services, to put more in than the demo does by itself. */
  services: Services
  corpId: string
  firstGuide: string
  firstCustomer: { externalUserId: string; name: string }
  close(): Promise<void>
}

/** The demo could not start; the message is one sentence that says what to do. */
export class DemoFailure extends Error {}

/**
 * The whole of Guidebar with a pretend WeCom in this process (the database engine in one of its own).
 * @throws DemoFailure when a port is taken, the database cannot run here or the disk is full
 */
export async function startDemo(options: StartDemoOptions): Promise<Demo> {
  const open: (() => Promise<unknown>)[] = []
  const close = async () => {
    // In the order people would leave: first the client, then the server, last WeCom.
    for (const closeOne of open.splice(0).toReversed()) await closeOne()
  }
  try {
    return await start(options, open, close)
  } catch (error) {
    await close()
    throw explain(error)
  }
}

async function start(
  options: StartDemoOptions,
  open: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<Demo> {
  const { customers, seed, dataDir, fresh = false } = options
  const say = stepTeller(options.say)
  if (fresh) clearDemoData(dataDir)
  mkdirSync(dataDir, { recursive: true })
  const ports = await choosePorts(options.port)
  const origin = (port: number) => `http://127.0.0.1:${port}`
  const publicUrl = options.publicUrl ?? origin(ports.front)

  const secrets = readDemoSecrets(dataDir)
  const corp = buildCorp({ customers, seed, now: secrets.firstStart })
  const emulator = await createWecomEmulator({
    port: ports.emulator,
    seed,
    settings: {
      corp: { corpId: corpFacts.corpId, name: corpName },
      agent: { ...corpFacts.agent, secret: secrets.wecomSecret, homeUrl: `${publicUrl}/sidebar/` },
      trustedDomains: [new URL(publicUrl).host],
      linkedMiniPrograms: [corpFacts.miniProgram.appId],
      callback: {
        url: `${origin(ports.server)}/wecom/callback/${corpFacts.corpId}`,
        token: secrets.callbackToken,
        aesKey: secrets.callbackAesKey,
        contactEvents: true,
      },
    },
  })
  open.push(() => emulator.close())
  const kept = readKeptCorp(dataDir)
  if (kept) await loadKeptCorp(emulator.control, kept)
  else await loadCorp(emulator.control, corp.wecom)
  const { counts } = await emulator.control.corp()
  say(`Emulated WeCom: ${counts.customers} customers of ${corpName}${kept ? ', as the last demo left them' : ''}`)
  const keeper = keepCorp(emulator.control, dataDir, { report: options.say })
  open.push(() => keeper.close())

  const server = await startServer(
    loadConfig({
      PUBLIC_URL: publicUrl,
      PORT: String(ports.server),
      DATA_DIR: process.env['MONGODB_URI'] ? undefined : path.join(dataDir, 'mongo'),
      MONGODB_URI: process.env['MONGODB_URI'],
      WECOM_CORP_ID: corpFacts.corpId,
      WECOM_AGENT_ID: String(corpFacts.agent.agentId),
      WECOM_SECRET: secrets.wecomSecret,
      WECOM_CALLBACK_TOKEN: secrets.callbackToken,
      WECOM_CALLBACK_AES_KEY: secrets.callbackAesKey,
      WECOM_API_URL: emulator.url,
      WECOM_OAUTH_URL: emulator.url,
      WECOM_LOGIN_URL: emulator.url,
      ADMIN_USER_IDS: adminUserIds.join(','),
      BRAND_NAME: corpName,
      API_REFERENCE: 'on',
      LOG_LEVEL: 'error',
      TRUST_PROXY: '127.0.0.1',
      // One visitor and the journeys share one address.
      RATE_LIMIT_SCALE: '20',
    }),
    { log: say },
  )
  open.push(() => server.close())
  say('Server and database')

  await waitForSync(server.app, corpFacts.corpId, say)
  const customerIds = (corp.wecom.customers ?? []).slice(0, 40).flatMap(({ externalUserId }) => externalUserId ?? [])
  const shopKey = await seedContent(server.app.services, {
    corpId: corpFacts.corpId,
    orders: corp.orders,
    customerIds,
    dataDir,
  })
  say('Quick replies, cards and past orders')

  const simulator = await createChatSimulator({
    port: ports.front,
    productUrl: origin(ports.server),
    emulatorUrl: emulator.url,
    corpId: corpFacts.corpId,
    agentId: corpFacts.agent.agentId,
    shop: { orderIntakeUrl: origin(ports.server), apiKey: shopKey, products: shopProducts() },
    miniPrograms: [corpFacts.miniProgram],
    firstLines: corp.firstLines,
  })
  open.push(() => simulator.close())
  say('Chat simulator')
  // The server's own first look may have come before its address answered.
  await server.app.services.doctor.examine({})
  say('Every part looked at')

  const name = corp.wecom.customers?.[0]?.name ?? ''
  return {
    simulator: `${simulator.url}/__sim/?guide=${firstGuide}&customer=${corp.firstCustomer}`,
    admin: `${publicUrl}/admin/`,
    api: `${publicUrl}/reference`,
    emulator: emulator.url,
    serverUrl: origin(ports.server),
    services: server.app.services,
    corpId: corpFacts.corpId,
    firstGuide,
    firstCustomer: { externalUserId: corp.firstCustomer, name },
    close,
  }
}

/** Says what is done and how long it took since the line before. */
function stepTeller(say: (line: string) => void): (line: string) => void {
  let before = Date.now()
  return (line) => {
    const now = Date.now()
    say(`  ${line} (${((now - before) / 1000).toFixed(1)} s)`)
    before = now
  }
}

/** The three addresses of the demo, all free at this moment. */
async function choosePorts(front: number): Promise<{ front: number; server: number; emulator: number }> {
  const [first, second, third] = await Promise.all([0, 1, 2].map((step) => requirePort(front === 0 ? 0 : front + step)))
  return { front: first ?? 0, server: second ?? 0, emulator: third ?? 0 }
}

function requirePort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}

function explain(error: unknown): unknown {
  const { code, port } = error as { code?: string; port?: number }
  if (error instanceof KeptCorpUnreadable || error instanceof NotADemoFolder || error instanceof MongoUnavailable)
    return new DemoFailure(error.message, { cause: error })
  if (code === 'EADDRINUSE')
    return new DemoFailure(
      `Port ${port} is in use: end the other program, or choose three other ports with --port N.`,
      {
        cause: error,
      },
    )
  if (code === 'EACCES' && port !== undefined)
    return new DemoFailure(`Port ${port} may not be used by this user: choose one above 1023 with --port N.`, {
      cause: error,
    })
  if (code === 'ENOSPC') return new DemoFailure('The disk is full: free some space and start again.', { cause: error })
  return error
}
