import { WecomError, WecomUnavailable } from '@guidebar/wecom'

import { JobPutOff } from '../jobs/job-failure.ts'

/** The outcome of an effect is not known yet, or somebody else is at it: ask again later. A job is put off by this. */
export class EffectPending extends JobPutOff {
  override readonly name = 'EffectPending'
}

/** `refused`: for good and without effect · `notSent`: without effect, and may be sent later · `unknown`. */
export type Verdict = 'refused' | 'notSent' | 'unknown'

/** What a failed call to WeCom says about its effect. Whatever is not plainly without effect is `unknown`. */
export function judgeWecomCall(error: unknown): Verdict {
  const cause = error instanceof Error && error.cause ? error.cause : error
  if (cause instanceof WecomError) return cause.busy || cause.configuration ? 'notSent' : 'refused'
  if (cause instanceof WecomUnavailable && cause.outcome === 'not-sent') return 'notSent'
  return 'unknown'
}
