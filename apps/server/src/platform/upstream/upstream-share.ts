import { randomUUID } from 'node:crypto'
import { createMemoryStates, withLocalFallback, type SharedStates } from '@guidebar/wecom'
import type { Connection } from 'mongoose'

import { createMongoSharedStates } from './mongo-shared-states.ts'
import { processModel } from './process.model.ts'

const aliveMs = 30_000
const forgottenMs = 10 * 60_000

/** What this process shares with the other processes of the same database when it calls WeCom. */
export type UpstreamShare = {
  /** Names this process among them. */
  processId: string
  states: SharedStates
  /** Processes seen lately, this one included; at least 1. */
  processes(): number
  /** Says that this process lives, and counts the others. */
  beat(): Promise<void>
}

export function createUpstreamShare(db: Connection, onAway?: (error: unknown) => void): UpstreamShare {
  const processId = randomUUID()
  const rows = processModel(db).collection
  let known = 1

  return {
    processId,
    states: withLocalFallback(createMongoSharedStates(db), { processes: () => known, onAway }),
    processes: () => known,
    async beat() {
      await rows.updateOne({ _id: processId as never }, { $currentDate: { seenAt: true } }, { upsert: true })
      const since = (ms: number) => ({ $expr: { $gt: ['$seenAt', { $subtract: ['$$NOW', ms] }] } })
      known = Math.max(1, await rows.countDocuments(since(aliveMs)))
      await rows.deleteMany({ $nor: [since(forgottenMs)] })
    },
  }
}

/** For a process that shares nothing with anybody. */
export function createLoneShare(): UpstreamShare {
  return { processId: randomUUID(), states: createMemoryStates(), processes: () => 1, beat: async () => undefined }
}
