import { createHash } from 'node:crypto'
import { parseEventXml, type WecomEventName, type WecomPacket } from '@guidebar/wecom'
import type { FastifyBaseLogger } from 'fastify'

import type { Clock, Corps } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { CallbackEvent } from './callback-event.model.ts'
import { keptDays, type CallbackEventRepository, type KeptDays, type Place } from './callback-event.repository.ts'
import type { CallbackHandler, CallbackHandlers } from './callback-handlers.ts'
import type { CallbackAddressDesk } from './callback.address.ts'
import {
  createCallbackGate,
  PacketRefused,
  type CallbackBody,
  type CallbackQuery,
  type ProvenPacket,
} from './callback.gate.ts'
import type { CallbackPresence } from './callback.presence.ts'
import { createCallbackWorker, defaultWorkerSettings, type WorkerSettings } from './callback.worker.ts'
import { createGroupCommit } from './group-commit.ts'
import { createPressureMeter } from './pressure-meter.ts'
import { createSkewMeter } from './skew-meter.ts'
import { hasWelcomeCode, type WelcomeLane } from './welcome.lane.ts'

type Deps = {
  events: CallbackEventRepository
  handlers: CallbackHandlers
  corps: Corps
  clock: Clock
  log: FastifyBaseLogger
  /** Without it the check of the address is answered to whoever signs it. */
  address?: CallbackAddressDesk
  presence?: CallbackPresence
  /** Without it customers are not welcomed. */
  welcomes?: WelcomeLane
  /** WeCom's time, as far as it is known; our own clock unless given. */
  correctedNow?: (corpId: string) => Date
  /** How long a corp keeps its events; as a new corp does unless given. */
  keptDaysOf?: (corpId: string) => Promise<KeptDays>
  /** Whether a check with this nonce is one that we ask ourselves at the moment. */
  isOwnQuestion?: (nonce: string) => Promise<boolean>
  settings?: Partial<WorkerSettings>
}

/** Beyond this the database is too slow for what comes in; WeCom tries again by itself. */
const mostWaitingToBeKept = 5_000
/**
 * WeCom hangs up after five seconds. Before that it must have heard that we cannot keep the event: a refusal makes it
 * come again, and tells whoever looks at its side what is wrong here.
 */
const keepPatienceMs = 3_500
/** An event that waits longer than this is a reason to look. */
const lateAfterMs = 60_000

export type CallbackGauges = {
  waiting: number
  /** Age of the event that waits longest; null when none waits. */
  oldestWaitingSec: number | null
  dead: number
  /** The oldest waits too long, or clocks are too far apart. */
  alarms: ('late' | 'clock')[]
}

/** WeCom's events: proven, kept, acknowledged, and only then handled. */
export function createCallbackService(deps: Deps) {
  const { events, handlers, corps, clock, log, address, presence, welcomes, settings } = deps
  const isOwnQuestion = deps.isOwnQuestion ?? (async () => false)
  const now = deps.correctedNow ?? (() => clock.now())
  const pressure = createPressureMeter()
  const skew = createSkewMeter(() => clock.now().getTime())
  const gate = createCallbackGate({ corps, now, noteTime: skew.note })
  const worker = createCallbackWorker({
    events,
    handlers,
    corps,
    clock,
    log,
    isPressed: pressure.isPressed,
    settings: { ...defaultWorkerSettings, ...settings },
  })
  const keep = createGroupCommit<CallbackEvent>({
    write: (rows) => events.keep(rows, clock.now()),
    bounds: {
      most: mostWaitingToBeKept,
      tooMany: () => new AppError('OVERLOADED', 'too many events are waiting to be kept', { retryAfterSec: 1 }),
      patienceMs: keepPatienceMs,
      tooSlow: () => new AppError('STORAGE_UNAVAILABLE', 'the database did not keep it in time', { retryAfterSec: 2 }),
    },
  })

  function toRow(packet: ProvenPacket): CallbackEvent {
    const { corpId, body, happenedAt, event } = packet
    const { Event, MsgType, ChangeType }: WecomPacket = event
    const name = packet.name ?? ([Event ?? MsgType, ChangeType].filter(Boolean).join('.') || 'none')
    const handler: CallbackHandler<unknown> | undefined = handlers[packet.name as WecomEventName]
    const at = clock.now()
    return {
      _id: createHash('sha256').update(`${corpId}\n${body}`).digest('hex'),
      corpId,
      name: name.slice(0, 128),
      subject: handler?.subjectOf(event) ?? '',
      body,
      happenedAt,
      receivedAt: at,
      state: handler ? 'waiting' : 'unknown',
      attempts: 0,
      putOffs: 0,
      runAt: at,
      lease: null,
      error: null,
      errcode: null,
      welcome: welcomes && hasWelcomeCode(event) ? 'waiting' : null,
    }
  }

  function noteAttempt(corpId: string, verdict: string): void {
    address
      ?.noteAttempt(corpId, verdict)
      .catch((error: unknown) => log.warn({ corpId, err: error }, 'attempt not written down'))
  }

  /** Writes down why something was refused that came to the address of a corp of ours. */
  function telling<T>(corpId: string, open: () => T): T {
    try {
      return open()
    } catch (error) {
      const cause = error instanceof AppError ? error.cause : null
      if (cause instanceof PacketRefused && corps.get(corpId)) noteAttempt(corpId, cause.reason)
      throw error
    }
  }

  async function gauges(corpId: string): Promise<CallbackGauges> {
    const [waiting, oldestAt, dead] = await Promise.all([
      events.count(corpId, 'waiting'),
      events.oldestWaiting(corpId),
      events.count(corpId, 'dead'),
    ])
    const ageMs = oldestAt ? Math.max(0, clock.now().getTime() - oldestAt.getTime()) : null
    const alarms: CallbackGauges['alarms'] = []
    if (ageMs !== null && ageMs > lateAfterMs) alarms.push('late')
    if (skew.read().isAlarming) alarms.push('clock')
    return { waiting, oldestWaitingSec: ageMs === null ? null : Math.round(ageMs / 1_000), dead, alarms }
  }

  return {
    /** Answers WeCom's check of the address. @throws AppError FORBIDDEN */
    async echo(corpId: string, query: CallbackQuery): Promise<string> {
      const text = telling(corpId, () => gate.openEcho(corpId, query))
      // The doctor's question proves nothing about WeCom.
      if (await isOwnQuestion(String(query['nonce']))) return text
      const isAnswered = !address || (await address.mayAnswer(corpId))
      noteAttempt(corpId, isAnswered ? 'ok' : 'echo-closed')
      return isAnswered ? text : gate.refuseEcho()
    },

    /**
     * Takes one packet in; when this returns the event is on disk, and WeCom may be told so.
     * @param sealed the body; its text is null when it was none
     * @throws AppError FORBIDDEN, BAD_REQUEST, OVERLOADED, STORAGE_UNAVAILABLE; the driver's error when it could not be kept
     */
    async receive(
      corpId: string,
      query: CallbackQuery,
      { text, form = 'xml' }: { text: string | null; form?: CallbackBody['form'] },
    ): Promise<void> {
      const packet = telling(corpId, () =>
        gate.open(corpId, query, { text: text ?? gate.refuseUnread('encoding'), form }),
      )
      const row = toRow(packet)
      const startedAt = performance.now()
      try {
        await keep(row)
        pressure.note(performance.now() - startedAt)
      } catch (error) {
        presence?.noteNotKept(corpId)
        throw error
      }
      if (row.welcome) welcomes?.add(row)
      worker.wake()
      address
        ?.noteEvent(corpId)
        .catch((error: unknown) => log.warn({ corpId, err: error }, 'address not marked as proven'))
    },

    async figures(corpId: string): Promise<{ waiting: number; lastAt: string | null }> {
      const [waiting, lastAt] = await Promise.all([events.count(corpId, 'waiting'), events.findLatest(corpId)])
      return { waiting, lastAt: lastAt?.toISOString() ?? null }
    },

    /** What monitoring wants to know. */
    gauges,

    /** What only this process knows, since it began. */
    ofThisProcess: () => ({
      refusals: gate.refusals(),
      lag: worker.lags(),
      skew: skew.read(),
      inHand: worker.inHand(),
    }),

    lastAt: (corpId: string) => events.findLatest(corpId),

    /** Events of new customers since then, and how many came without a code to welcome them with. */
    async newCustomers(corpId: string, since: Date): Promise<{ count: number; withoutCode: number }> {
      const bodies = await events.listBodies(corpId, 'change_external_contact.add_external_contact', since)
      const withoutCode = bodies.filter((body) => !hasWelcomeCode(parseEventXml(body).event)).length
      return { count: bodies.length, withoutCode }
    },
    countUnknown: (corpId: string) => events.countUnknown(corpId),
    listDead: (corpId: string, limit: number, after?: Place) => events.listDead(corpId, limit, after),

    /** Lets a given up event be handled again from its first try. @throws AppError NOT_FOUND */
    async retryDead(corpId: string, id: string): Promise<void> {
      if (!(await events.retryDead(corpId, id, clock.now())))
        throw new AppError('NOT_FOUND', 'there is no such dead letter')
      worker.wake()
    },

    sweep: (): Promise<number> => events.sweep(clock.now(), deps.keptDaysOf ?? (async () => keptDays)),

    start(): void {
      worker.start()
      welcomes?.start()
      presence?.start()
    },

    /** Takes nothing new and waits for what is under way. */
    async stop(): Promise<void> {
      await Promise.all([worker.stop(), welcomes?.stop(), presence?.stop()])
    },

    /** Handles what is due now and waits until it is handled. */
    async drain(): Promise<void> {
      await Promise.all([worker.drain(), welcomes?.drain()])
    },
  }
}

export type CallbackService = ReturnType<typeof createCallbackService>
