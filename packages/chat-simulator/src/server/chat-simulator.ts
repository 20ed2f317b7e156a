import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import fastifyStatic from '@fastify/static'
import { createEmulatorControl } from '@guidebar/wecom-emulator/control'
import fastify from 'fastify'

import { createConversationStore } from './conversation.store.ts'
import { registerProductProxy } from './product-proxy.ts'
import { createShopService, type ShopOptions } from './shop.service.ts'
import { simulatorApiRoutes } from './simulator-api.routes.ts'

export interface ChatSimulatorOptions {
  /** 0 takes any free port. */
  port: number
  /** Where the product's server listens; its PUBLIC_URL must be this simulator's `url`. */
  productUrl: string
  emulatorUrl: string
  corpId: string
  agentId: number
  /** The firm's shop behind the mini-program cards; without it the shop only shows pages. */
  shop?: ShopOptions
  /** Names that customers see above cards. */
  miniPrograms?: { appId: string; name: string }[]
  /** Customers who wrote just now: their chats stand on top, in this order, with these words. */
  firstLines?: { externalUserId: string; text: string }[]
  /** The product's cookies that a real client forgets when another account signs in. */
  clientCookies?: string[]
}

export interface ChatSimulator {
  /** Origin of simulator and product, such as `http://127.0.0.1:4700`; the page is at `/__sim/`. */
  url: string
  close(): Promise<void>
}

const room = fileURLToPath(new URL('../../', import.meta.url))
const pageFolder = path.join(room, 'dist')

/**
 * Starts the pretend WeCom client on 127.0.0.1: its own page under `/__sim/`, the product everywhere else.
 * @throws Error when the emulator does not answer as the given corp, so that it never stands before a real WeCom
 */
export async function createChatSimulator(options: ChatSimulatorOptions): Promise<ChatSimulator> {
  const { firstLines = [] } = options
  const emulator = createEmulatorControl(options.emulatorUrl)
  await requireEmulator(emulator, options)

  const app = fastify({
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 300 },
  })
  const bridge = await readFile(path.join(room, 'src', 'bridge', 'bridge.js'), 'utf8')

  app.get('/__sim/bridge.js', (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(bridge),
  )
  await app.register(simulatorApiRoutes, {
    prefix: '/__sim/api',
    emulator,
    emulatorUrl: options.emulatorUrl,
    conversations: createConversationStore({
      firstLines: new Map(firstLines.map((line) => [line.externalUserId, line.text])),
    }),
    shop: createShopService({ shop: options.shop }),
    shopConnected: options.shop !== undefined,
    firstCustomers: firstLines.map((line) => line.externalUserId),
    programNames: new Map((options.miniPrograms ?? []).map(({ appId, name }) => [appId, name])),
    clientCookies: options.clientCookies ?? ['__Host-guidebar-guide'],
  })
  if (existsSync(path.join(pageFolder, 'index.html'))) {
    await app.register(fastifyStatic, { root: pageFolder, prefix: '/__sim/', redirect: true })
  } else {
    app.get('/__sim/', (_request, reply) =>
      reply
        .code(503)
        .type('text/plain; charset=utf-8')
        .send('The simulator page is not built yet: run `npm run build`.\n'),
    )
  }
  app.get('/__sim', (_request, reply) => reply.redirect('/__sim/'))
  // Nothing under /__sim/ may fall through to the product.
  app.route({
    method: ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: '/__sim/*',
    handler: (_request, reply) => reply.code(404).send({ error: { message: 'Unknown address of the simulator' } }),
  })
  await registerProductProxy(app, options.productUrl)

  await app.listen({ port: options.port, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => app.close() }
}

async function requireEmulator(
  emulator: ReturnType<typeof createEmulatorControl>,
  { emulatorUrl, corpId, agentId }: ChatSimulatorOptions,
) {
  let corp
  try {
    corp = await emulator.corp()
  } catch (cause) {
    throw new Error(`The chat simulator needs the WeCom emulator, and nothing at ${emulatorUrl} answers as one`, {
      cause,
    })
  }
  if (corp.corpId !== corpId || corp.agentId !== agentId)
    throw new Error(
      `The emulator at ${emulatorUrl} is corp ${corp.corpId} with agent ${corp.agentId}, not ${corpId} with ${agentId}`,
    )
}
