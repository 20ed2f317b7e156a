import { type CallbackCrypto, createCallbackCrypto } from '@guidebar/wecom/crypto'
import type { CallbackDelivery, LedgerEntry, RawCallbackInput, RawCallbackResult } from '../control-contract.ts'
import { createRandom } from '../state/random.ts'
import { createRing } from '../state/ring.ts'
import type { World } from '../state/world.ts'
import { type EventValue, toEventXml } from './event-xml.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { createPoster } from './poster.ts'

const OTHER_CORP = 'ww0000000000000000'

/** One copy of an event on its way. */
interface Packet {
  delivery: CallbackDelivery
  entry: LedgerEntry
  /** The one that the event was raised in: another may have begun since. */
  ledger: Ledger
  /** When the first attempt was meant to start, on the clock of `performance.now()`. */
  plannedMs: number
}

/** Posts events to the configured URL as WeCom does: sealed, five seconds to answer, again when it is not taken. */
export function createCallbackSender(world: World) {
  let deliveries = createRing<CallbackDelivery>(2000)
  let queue = createQueue<Packet>()
  let ledger = createLedger()
  let chances = createChances()
  const nonces = createRandom(1)
  let plannedNowMs: number | null = null
  let running = 0
  // Waiting for their time: to overtake each other, or to be sent again.
  let paused = 0
  let nextId = 1
  // Rises with each reset: what still runs for the corp of before stops.
  let generation = 0
  let idle: (() => void)[] = []

  const poster = createPoster()
  let sealer: { settings: unknown; crypto: CallbackCrypto } | null = null

  function cryptoOf(): CallbackCrypto {
    const { settings } = world
    if (sealer?.settings !== settings) {
      const { callback, corp } = settings
      const crypto = createCallbackCrypto({
        token: callback.token,
        encodingAesKey: callback.aesKey,
        receiveId: corp.corpId,
      })
      sealer = { settings, crypto }
    }
    return sealer.crypto
  }

  function seal(xml: string, tamper: RawCallbackInput['tamper'] = 'none') {
    const nowSec = Math.floor(world.clock.now() / 1000)
    const packet = cryptoOf().seal(xml, {
      timestamp: String(tamper === 'expired' ? nowSec - 7200 : nowSec),
      nonce: nonces.digits(10),
      agentId: world.settings.agent.agentId,
      ...(tamper === 'receiveId' && { receiveId: OTHER_CORP }),
    })
    return tamper === 'signature'
      ? { ...packet, signature: packet.signature.replace(/^./, (first) => (first === '0' ? '1' : '0')) }
      : packet
  }

  /** One POST. Any answer but 200 in time counts as not taken. */
  async function post(
    url: string,
    xml: string,
    tamper: RawCallbackInput['tamper'] = 'none',
  ): Promise<RawCallbackResult> {
    try {
      const packet = seal(xml, tamper)
      const address = new URL(url)
      address.searchParams.set('msg_signature', packet.signature)
      address.searchParams.set('timestamp', packet.timestamp)
      address.searchParams.set('nonce', packet.nonce)
      const body = tamper === 'plain' ? xml : packet.xml
      return { ...(await poster.post(address, body, world.settings.callback.timeoutMs)), error: null }
    } catch (error) {
      return { status: null, body: '', error: toReason(error) }
    }
  }

  /** One delivery; what is not taken comes back after a pause, which keeps nobody else waiting. */
  async function attempt(packet: Packet, url: string, mine: number) {
    const { delivery, entry, plannedMs } = packet
    const { callback } = world.settings
    const started = performance.now()
    const at = world.clock.nowIso()
    const { status, error } = await post(url, delivery.xml)
    if (generation !== mine) return
    delivery.attempts.push({ at, status, error, ms: Math.round(performance.now() - started) })
    packet.ledger.attempt(entry, status)
    if (status === 200) {
      delivery.state = 'delivered'
      packet.ledger.deliver(entry, world.clock.nowIso(), performance.now() - plannedMs)
    } else if (delivery.attempts.length >= callback.maxDeliveries) giveUp(packet)
    else queueAfter(packet, callback.redeliverAfterMs)
  }

  function giveUp(packet: Packet) {
    packet.delivery.state = 'failed'
    packet.ledger.fail(packet.entry)
  }

  function queueAfter(packet: Packet, pauseMs: number) {
    if (pauseMs <= 0) {
      queue.push(packet)
      return
    }
    const mine = generation
    paused += 1
    setTimeout(() => {
      if (generation !== mine) return
      paused -= 1
      queue.push(packet)
      pump()
    }, pauseMs).unref()
  }

  function pump() {
    const { url, concurrency } = world.settings.callback
    while (running < concurrency) {
      const packet = queue.take()
      if (!packet) break
      if (!url) {
        giveUp(packet)
        continue
      }
      const mine = generation
      running += 1
      void attempt(packet, url, mine).finally(() => {
        if (generation !== mine) return
        running -= 1
        pump()
      })
    }
    if (pending() > 0) return
    for (const done of idle) done()
    idle = []
  }

  const pending = () => running + paused + queue.size()

  function record(entry: LedgerEntry, xml: string, state: CallbackDelivery['state']): CallbackDelivery {
    const { event, changeType } = entry
    const raisedAt = world.clock.nowIso()
    const delivery: CallbackDelivery = { id: nextId, event, changeType, xml, raisedAt, state, attempts: [] }
    nextId += 1
    deliveries.push(delivery)
    return delivery
  }

  function send(entry: LedgerEntry, xml: string, raisedMs: number, delayMs: number) {
    ledger.send(entry)
    if (delayMs > 0) ledger.counts.delayed += 1
    const plannedMs = raisedMs + delayMs
    const packet = { delivery: record(entry, xml, 'waiting'), entry, ledger, plannedMs }
    queueAfter(packet, plannedMs - performance.now())
  }

  /** What happens to one event; always as many random numbers, so that one share does not move another's hits. */
  function drawFate() {
    const { seed, dropRate, duplicateRate, lateRate, lateMs, shuffleMs } = world.settings.callback
    if (chances.seed !== seed) chances = createChances(seed)
    const [drop, duplicate, late, first, second] = Array.from({ length: 5 }, chances.random.next) as Draws
    const delayMs = (late < lateRate ? lateMs : 0) + world.faults.takeEventLagMs()
    return {
      isDropped: drop < dropRate,
      delaysMs: [first, ...(duplicate < duplicateRate ? [second] : [])].map((draw) => delayMs + draw * shuffleMs),
    }
  }

  return {
    deliveries: () => deliveries,
    pending,

    ledger: () => ledger,
    clearLedger() {
      ledger = createLedger()
    },

    /** Events raised inside count as planned for this moment, even when it is past already. */
    planAt(plannedMs: number, raise: () => void) {
      plannedNowMs = plannedMs
      try {
        raise()
      } finally {
        plannedNowMs = null
      }
    },

    /** Raises one event; what happens to it shows in the deliveries and in the ledger. */
    raise(event: string, changeType: string, own: Record<string, EventValue>) {
      const { callback, corp } = world.settings
      const xml = toEventXml(corp.corpId, world.clock.nowSec(), { Event: event, ...own })
      const entry = ledger.raise(corp.corpId, xml, { event, changeType, raisedAt: world.clock.nowIso() })
      const { isDropped, delaysMs } = drawFate()
      if (!callback.url) {
        ledger.counts.notConfigured += 1
        record(entry, xml, 'notConfigured')
      } else if (isDropped) {
        ledger.drop(entry)
        record(entry, xml, 'dropped')
      } else {
        const raisedMs = plannedNowMs ?? performance.now()
        ledger.counts.duplicated += delaysMs.length - 1
        for (const delayMs of delaysMs) send(entry, xml, raisedMs, delayMs)
        pump()
      }
    },

    /** @throws TypeError when no callback URL is set */
    sendRaw({ xml, tamper }: RawCallbackInput): Promise<RawCallbackResult> {
      const { url } = world.settings.callback
      if (!url) throw new TypeError('no callback URL is set')
      return post(url, xml, tamper)
    },

    /**
     * The GET check of the console: a sealed text must come back plain, alone, within a second.
     * @throws TypeError when no callback URL is set
     */
    async verifyUrl(): Promise<{ ok: boolean; message: string }> {
      const { url } = world.settings.callback
      if (!url) throw new TypeError('no callback URL is set')
      const echo = `5${nonces.digits(15)}`
      try {
        const packet = seal(echo)
        const echostr =
          world.settings.uncertain.echostrPlus === 'raw'
            ? encodeURIComponent(packet.encrypt).replaceAll('%2B', '+')
            : encodeURIComponent(packet.encrypt)
        const glue = url.includes('?') ? '&' : '?'
        const query = `msg_signature=${packet.signature}&timestamp=${packet.timestamp}&nonce=${packet.nonce}&echostr=${echostr}`
        const response = await fetch(`${url}${glue}${query}`, { redirect: 'manual', signal: AbortSignal.timeout(1000) })
        const body = await response.text()
        if (response.status !== 200) return { ok: false, message: `HTTP ${response.status} instead of 200` }
        return body === echo
          ? { ok: true, message: 'ok' }
          : { ok: false, message: 'the answer is not the plain echo text' }
      } catch (error) {
        return { ok: false, message: toReason(error) }
      }
    },

    /** @returns false when events are still waiting after the time */
    async settled(timeoutMs: number): Promise<boolean> {
      if (pending() === 0) return true
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const timer = setTimeout(() => resolve(false), timeoutMs)
      idle.push(() => resolve(true))
      return promise.finally(() => clearTimeout(timer))
    },

    reset() {
      generation += 1
      deliveries = createRing<CallbackDelivery>(2000)
      queue = createQueue<Packet>()
      ledger = createLedger()
      chances = createChances()
      running = 0
      paused = 0
      nextId = 1
      pump()
    },
    close: () => poster.close(),
  }
}

type Draws = [number, number, number, number, number]

const NO_SEED = -1

/** The random numbers that decide what happens to events, apart from all others; none until a first event asks. */
const createChances = (seed = NO_SEED) => ({ seed, random: createRandom(seed) })

/** First in, first out; taking does not move the rest, since a storm may queue tens of thousands. */
function createQueue<T>() {
  let entries: T[] = []
  let head = 0
  return {
    push: (entry: T) => entries.push(entry),
    take(): T | undefined {
      const entry = entries[head]
      head += 1
      if (head < entries.length) return entry
      entries = []
      head = 0
      return entry
    },
    size: () => entries.length - head,
  }
}

function toReason(error: unknown): string {
  if (!(error instanceof Error)) return 'failed'
  if (error.name === 'TimeoutError') return 'no answer in time'
  return error.cause instanceof Error ? error.cause.message : error.message
}

export type CallbackSender = ReturnType<typeof createCallbackSender>
