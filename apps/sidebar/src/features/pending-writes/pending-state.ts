import type { ShallowRef } from 'vue'

import type { PendingWrite, PendingWrites } from './pending-writes.ts'

/** The one list of the panel; it outlives the chat on screen. */
export type PendingState = { writes: PendingWrites; waiting: ShallowRef<readonly PendingWrite[]> }
