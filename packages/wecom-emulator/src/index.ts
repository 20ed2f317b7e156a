import Fastify from 'fastify'
import { createCallbackSender } from './callbacks/callback.sender.ts'
import { createEmulatorControl, type EmulatorControl } from './control-client.ts'
import type { SettingsPatch } from './control-contract.ts'
import { createEndpoints } from './handlers/index.ts'
import { registerControl } from './http/control.routes.ts'
import { registerPages } from './http/page.routes.ts'
import { mountWecom } from './http/wecom.mount.ts'
import { createWorld } from './state/world.ts'

export { createEmulatorControl, EmulatorControlError, type EmulatorControl } from './control-client.ts'
export type * from './control-contract.ts'

export interface EmulatorOptions {
  /** Same seed, same ids, tokens and random faults. */
  seed?: number
  /** Time of the corp; tests can also move it on through the control API. */
  clock?: () => Date
  /** 0 (default) = any free port of 127.0.0.1. */
  port?: number
  /** The settings a reset returns to. */
  settings?: SettingsPatch
  /** Where loud lines go, such as those about unknown paths. */
  report?: (message: string) => void
}

export interface WecomEmulator {
  /** Address of the API, the sign-in pages, the control API and the inspector. */
  url: string
  /** Talks to the emulator over HTTP, as anybody else would. */
  control: EmulatorControl
  close(): Promise<void>
}

const BODY_LIMIT_BYTES = 64 * 1024 * 1024

/**
 * Starts a stand-in of the WeCom server on 127.0.0.1: API, sign-in pages, callbacks.
 * @throws Error with code EADDRINUSE when the port is taken
 */
export async function createWecomEmulator({
  seed = 1,
  clock = () => new Date(),
  port = 0,
  settings = {},
  report = (message) => console.error(message),
}: EmulatorOptions = {}): Promise<WecomEmulator> {
  const world = createWorld({ seed, clock, settings })
  const callbacks = createCallbackSender(world)
  const endpoints = createEndpoints(world)
  const app = Fastify({ logger: false, bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true })

  // Bodies stay bytes: the API has JSON and multipart, and the handlers read them as the live service does.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  registerPages(app, world)
  registerControl(app, { world, callbacks, endpoints })
  app.all('/*', mountWecom(world, endpoints, report))

  const url = await app.listen({ host: '127.0.0.1', port })
  return {
    url,
    control: createEmulatorControl(url),
    async close() {
      callbacks.reset()
      world.releaseHeld()
      callbacks.close()
      await app.close()
    },
  }
}
