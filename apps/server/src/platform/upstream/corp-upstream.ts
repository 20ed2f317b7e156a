import {
  createClockOffset,
  createLimiter,
  isConfigurationErrcode,
  type CallReport,
  type ClockOffset,
  type Limiter,
  type Quota,
} from '@guidebar/wecom'

import type { Clock } from '../deps.ts'
import { createLoneShare, type UpstreamShare } from './upstream-share.ts'
import { createUsageMeter, type UsageMeter } from './usage-meter.ts'

export type CorpUpstreamOptions = {
  corpId: string
  clock: Clock
  /** None: this process limits itself alone. */
  share?: UpstreamShare
  quotaOf?: (path: string) => Quota
}

/** A refusal that only an admin of the corp can mend. */
export type SeenFault = { errcode: number; path: string; since: Date }

/** What one corp's calls to WeCom are held to, and what they have shown. */
export type CorpUpstream = {
  share: UpstreamShare
  limiter: Limiter
  meter: UsageMeter
  clockOffset: ClockOffset
  /** The time by WeCom's clock, as far as it is known: for judging the age of what WeCom sends. */
  correctedNow(): Date
  /** Faults of the set-up that WeCom has told this process of, and that no later call has disproved. */
  faults(): SeenFault[]
  afterCall(report: CallReport): void
}

export function createCorpUpstream({ corpId, clock, share, quotaOf }: CorpUpstreamOptions): CorpUpstream {
  const shared = share ?? createLoneShare()
  const meter = createUsageMeter(clock)
  const clockOffset = createClockOffset({ now: clock.now })
  const faults = new Map<string, SeenFault>()

  function noteFault({ path, errcode }: CallReport): void {
    if (errcode === null) return
    if (!isConfigurationErrcode(errcode)) faults.delete(path)
    else if (faults.get(path)?.errcode !== errcode) faults.set(path, { path, errcode, since: clock.now() })
  }

  return {
    share: shared,
    limiter: createLimiter({ corpId, states: shared.states, holder: shared.processId, quotaOf }),
    meter,
    clockOffset,
    correctedNow: () => new Date(clock.now().getTime() + clockOffset.offsetMs()),
    faults: () => [...faults.values()],
    afterCall(report) {
      meter.note(report)
      noteFault(report)
      if (report.serverDate) clockOffset.note(report.serverDate, clock.now(), report.ms)
    },
  }
}
