import type { mongo } from 'mongoose'

import type { JobRow } from './job.model.ts'
import type { JobRepository } from './job.repository.ts'

/** What a handler is told about the job, and how it makes sure that it still is the one to do it. */
export type JobContext = {
  id: string
  key: string | undefined
  /** Which try this is, from 1. */
  tries: number
  /** When this try was to run; the first of a repeating job: the tick. */
  dueAt: Date
  /** Of this claim; every later claim of the same job has a higher one. */
  fence: number
  /** Fires when the job was taken over, or has to end because the program does. */
  signal: AbortSignal
  /** Whether nobody has taken the job over; asks the database. */
  stillMine(): Promise<boolean>
  /**
   * Changes one document of another collection that belongs to this job, and notes the fence in its `jobFence`.
   * @returns false when the job was taken over, a later claim of it has written there, or nothing matches
   */
  guardedUpdate(target: UpdateTarget, filter: object, set: Record<string, unknown>): Promise<boolean>
}

/** `Model.collection`, or the driver's. */
type UpdateTarget = { updateOne(filter: object, update: object): Promise<Pick<mongo.UpdateResult, 'matchedCount'>> }

export function createJobContext(row: JobRow, signal: AbortSignal, repository: JobRepository): JobContext {
  const { _id: id, key, tries, runAt: dueAt, fence } = row
  const stillMine = async () => !signal.aborted && (await repository.isMine(row))
  return {
    id,
    key,
    tries,
    dueAt,
    fence,
    signal,
    stillMine,
    async guardedUpdate(target, filter, set) {
      if (!(await stillMine())) return false
      // Between the question and this write we may have been paused for long: then the later holder's mark says no.
      const isLater = { 'jobFence.id': id, 'jobFence.fence': { $gt: fence } }
      const { matchedCount } = await target.updateOne(
        { $and: [filter, { $nor: [isLater] }] },
        { $set: { ...set, jobFence: { id, fence } } },
      )
      return matchedCount === 1
    },
  }
}
