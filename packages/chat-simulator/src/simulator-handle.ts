import type { ChatMessage } from './api-contract.ts'
import type { BridgeCall } from './host/bridge-host.ts'

/** What the page shows on `window.simulator` for tests: snapshots, never live state. */
export interface SimulatorHandle {
  /** Every call over the bridge since the page was opened or the log was cleared, oldest first. */
  readonly calls: readonly (BridgeCall & { id: number })[]
  /** Messages of the open conversation, oldest first; ids are unique. */
  readonly messages: readonly ChatMessage[]
  readonly conversationId: string | null
  readonly userId: string | null
}
