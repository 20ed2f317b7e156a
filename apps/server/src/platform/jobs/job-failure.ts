import { describeError } from '../log.ts'
import { toAppError } from '../wecom-errors.ts'
import type { JobFailure } from './job.model.ts'

/** Thrown by a handler: not now, but after a pause. Costs no try, since the job is not at fault. */
export class JobPutOff extends Error {
  override readonly name: string = 'JobPutOff'
  readonly afterMs: number

  constructor(afterMs: number, message = 'put off') {
    super(message)
    this.afterMs = afterMs
  }
}

/** What the admin may read about a failed try: our code and our words, never what somebody wrote. */
export function toJobFailure(error: unknown, at: Date): JobFailure {
  const known = toAppError(error)
  if (known.code !== 'INTERNAL') return { code: known.code, message: known.message, at }
  const { type, code, message } = describeError(error)
  return { code: known.code, message: [type, code, message].filter(Boolean).join(' '), at }
}
