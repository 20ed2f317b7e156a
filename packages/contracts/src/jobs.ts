import { Type, type Static } from 'typebox'

import { Moment } from './ids.ts'
import { NextPage } from './paging.ts'

const Count = Type.Integer({ minimum: 0 })

/** One kind of background work, as it lies in the database and as the answering process has done it. */
export const JobKindView = Type.Object({
  name: Type.String(),
  waiting: Count,
  running: Count,
  dead: Count,
  /** Of those that wait, when the first is due; in the past, it is late. null = none waits. */
  oldestRunAt: Type.Union([Moment, Type.Null()]),
  doneHere: Count,
  failedHere: Count,
})
export type JobKindView = Static<typeof JobKindView>

export const JobKinds = Type.Object({ kinds: Type.Array(JobKindView) })
export type JobKinds = Static<typeof JobKinds>

/** `name/key`, as the list of dead jobs gives it. */
export const JobId = Type.String({ minLength: 3, maxLength: 512 })

/** A job that was given up. What it was about is left out: its name and the cause are enough to decide about a retry. */
export const DeadJobView = Type.Object({
  id: JobId,
  name: Type.String(),
  tries: Count,
  enqueuedAt: Moment,
  failedAt: Moment,
  /** Our error code of the last try. */
  cause: Type.String(),
  message: Type.String(),
})
export type DeadJobView = Static<typeof DeadJobView>

export const DeadJobs = Type.Object({ jobs: Type.Array(DeadJobView), next: NextPage })
export type DeadJobs = Static<typeof DeadJobs>

export const RetryDeadJob = Type.Object({ id: JobId }, { additionalProperties: false })
export type RetryDeadJob = Static<typeof RetryDeadJob>
