import type { Target } from '@guidebar/api-client'
import type { BootFacts, JsSignatures } from '@guidebar/contracts'

import type { ChatHeard } from '../host/ask-chat.ts'
import type { OpenMemory } from './memory.ts'

/** What the start script leaves for the bundle on `window.guidebarStart`. */
export type GuidebarStart = {
  /** null when the page was not served by our server. */
  boot: BootFacts | null
  /** What the client said about the chat, or why it could not be asked. Never rejects. */
  chat: Promise<ChatHeard | { refused: unknown }>
  /** Signatures for the address the page was opened with; rejects when nobody could give them. */
  signatures: Promise<JsSignatures>
  /** The context call already under way, by its address; the bundle takes the answer over instead of asking again. */
  calls: Record<string, Promise<Response>>
  memory: OpenMemory | null
  /** What was last known of the first target; started before the bundle arrived. */
  lastKnown: { target: Target; context: ReturnType<OpenMemory['read']> } | null
}

declare global {
  interface Window {
    guidebarStart?: GuidebarStart
  }
}
