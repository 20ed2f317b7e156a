import type { World } from '../state/world.ts'
import { chatHandlers } from './chat.handlers.ts'
import { credentialHandlers } from './credential.handlers.ts'
import { customerHandlers } from './customer.handlers.ts'
import { directoryHandlers } from './directory.handlers.ts'
import { createDefineEndpoint, type Endpoint } from './endpoint.ts'
import { mediaHandlers } from './media.handlers.ts'
import { messageHandlers } from './message.handlers.ts'
import { tagHandlers } from './tag.handlers.ts'
import { welcomeHandlers } from './welcome.handlers.ts'

/** Every WeCom path this emulator knows: the one definition, for HTTP and for interception alike. */
export function createEndpoints(world: World): Endpoint[] {
  const define = createDefineEndpoint(world)
  return [
    credentialHandlers,
    directoryHandlers,
    customerHandlers,
    tagHandlers,
    chatHandlers,
    mediaHandlers,
    messageHandlers,
    welcomeHandlers,
  ].flatMap((family) => family(define))
}
