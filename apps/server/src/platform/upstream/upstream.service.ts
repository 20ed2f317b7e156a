import type { ApiBudget, ConfigurationFault } from '@guidebar/contracts'
import type { FastifyBaseLogger } from 'fastify'
import type { Connection } from 'mongoose'

import type { Clock, Corp, Corps } from '../deps.ts'
import { AppError } from '../errors.ts'
import { sweepSharedStates } from './mongo-shared-states.ts'
import { byPath, toApiUsageView, toMinutes } from './api-budget.ts'
import { addFigures, type MinuteFigures } from './usage-meter.ts'
import { createApiUsageRepository, usageId } from './usage.repository.ts'

type Deps = { db: Connection; corps: Corps; clock: Clock; log: FastifyBaseLogger }

const beatMs = 10_000
const flushMs = 60_000
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const nowIdle = { waiting: 0, running: 0, width: 0, heldBack: 0 }

/** How much of what WeCom grants is used, by whom, and what stands in the way. */
export function createUpstreamService({ db, corps, clock, log }: Deps) {
  const usage = createApiUsageRepository(db)
  const wasOff = new Map<string, boolean>()
  let timers: NodeJS.Timeout[] = []
  let working: Promise<unknown> = Promise.resolve()

  function requireCorp(corpId: string): Corp {
    const corp = corps.get(corpId)
    if (!corp) throw new AppError('NOT_FOUND', 'no such corp')
    return corp
  }

  async function flush(): Promise<void> {
    for (const { corpId, upstream } of corps.all()) {
      await upstream.meter.flush((rows) => usage.keep(corpId, upstream.share.processId, rows))
    }
  }

  async function beat(): Promise<void> {
    for (const share of new Set(corps.all().map(({ upstream }) => upstream.share))) await share.beat()
    for (const { corpId, upstream } of corps.all()) {
      const { isOff } = upstream.clockOffset
      const offsetMs = Math.round(upstream.clockOffset.offsetMs())
      if (isOff && !wasOff.get(corpId)) log.warn({ corpId, offsetMs }, "this server's clock is wrong: WeCom's differs")
      wasOff.set(corpId, isOff)
    }
  }

  /** One after another, and never in the way of anything else. */
  function doNow(work: () => Promise<void>): void {
    working = working.then(work).catch((error: unknown) => log.warn({ err: error }, 'API usage not kept for now'))
  }

  /** Rows of the last hour of all processes; our own as they are in memory. */
  async function lastHour(corpId: string): Promise<MinuteFigures[]> {
    const { upstream } = requireCorp(corpId)
    const since = new Date(clock.now().getTime() - hourMs)
    const own = upstream.meter.recent().filter(({ minute }) => minute >= since)
    const ownIds = new Set(own.map(({ minute }) => usageId(corpId, minute, upstream.share.processId)))
    const kept = await usage.listSince(corpId, since)
    return [...kept.filter(({ _id }) => !ownIds.has(_id)), ...own]
  }

  async function configurationFault(corpId: string): Promise<ConfigurationFault | null> {
    const { wecom, upstream } = requireCorp(corpId)
    const token = await wecom.tokenFault()
    if (token) {
      const { errcode, path, isStopped, agoMs } = token
      return { errcode, path, isStopped, since: new Date(clock.now().getTime() - agoMs).toISOString() }
    }
    const [seen] = upstream.faults()
    return seen ? { ...seen, since: seen.since.toISOString(), isStopped: false } : null
  }

  return {
    /**
     * All server processes' calls of the last hour, and what is left.
     * @throws AppError NOT_FOUND
     */
    async budget(corpId: string): Promise<ApiBudget> {
      const { upstream, wecom } = requireCorp(corpId)
      const { limiter, clockOffset, share } = upstream
      const now = clock.now()
      const minutes = await lastHour(corpId)
      const hour = byPath(minutes)
      const latest = byPath(minutes.filter(({ minute }) => minute.getTime() > now.getTime() - minuteMs))
      const figures = new Map(limiter.figures().map(({ path, closedMs: _, ...here }) => [path, here]))
      const paths = [...new Set([...hour.keys(), ...figures.keys()])].toSorted()
      const apis = await Promise.all(
        paths.map(async (path) =>
          toApiUsageView({
            path,
            hour: hour.get(path) ?? addFigures(path, []),
            lastMinute: latest.get(path)?.calls ?? 0,
            quota: limiter.quotaOf(path),
            standing: await limiter.standing(path),
            here: figures.get(path) ?? nowIdle,
            now,
          }),
        ),
      )
      return {
        corpId,
        at: now.toISOString(),
        processes: share.processes(),
        clock: { offsetMs: Math.round(clockOffset.offsetMs()), isOff: clockOffset.isOff },
        configurationFault: await configurationFault(corpId),
        breakers: wecom.breakers(),
        apis,
        minutes: toMinutes(minutes),
      }
    },

    /** What an admin of the corp has to mend before WeCom lets us work; null when nothing is known. */
    configurationFault,

    /** Writes down what this process has called so far. */
    flush,
    /** Says that this process lives, and learns how many others do. */
    beat,

    start(): void {
      if (timers.length > 0) return
      doNow(beat)
      timers = [setInterval(() => doNow(beat), beatMs), setInterval(() => doNow(flush), flushMs)]
      for (const timer of timers) timer.unref()
    },

    async stop(): Promise<void> {
      for (const timer of timers) clearInterval(timer)
      timers = []
      doNow(flush)
      await working
    },

    /** Removes figures that are over, and states of APIs that nobody has called for a week. */
    async sweep(): Promise<number> {
      const [figures] = await Promise.all([usage.sweep(clock.now()), sweepSharedStates(db)])
      return figures
    },
  }
}

export type UpstreamService = ReturnType<typeof createUpstreamService>
