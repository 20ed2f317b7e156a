import {
  CallbackRejected,
  eventTime,
  parseCallbackEnvelope,
  parseEventXml,
  parseJsonEnvelope,
  type ParsedEvent,
} from '@guidebar/wecom'

import type { Corps } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { keptDays } from './callback-event.repository.ts'

/** What stands in the address; a caller may send anything under any name. */
export type CallbackQuery = Record<string, unknown>

/** A body as it came, and the form its type says it has. */
export type CallbackBody = { text: string; form: 'xml' | 'json' }

/** A packet that is proven to be WeCom's and meant for this corp. */
export type ProvenPacket = ParsedEvent & { corpId: string; body: string; happenedAt: Date }

/** WeCom's clock and ours may differ; a captured packet must not be good for ever. */
const mostSkewMs = 300_000
/** Younger than what the inbox still remembers: beyond that a packet could have its effects a second time. */
const mostAgeMs = (keptDays.usual - 1) * 24 * 3_600_000
/** WeCom's test text is a number of some twenty digits; nothing that reads like an event may come out. */
const echoForm = /^[\w+/=.-]{1,128}$/

type Deps = {
  corps: Corps
  /** WeCom's time, as far as it is known. */
  now: (corpId: string) => Date
  /** Told for each packet with a good signature whether its time was far from ours. */
  noteTime?: (isSkewed: boolean) => void
}

/** Why a packet was refused: for us, never for whoever sent it. */
export class PacketRefused extends Error {
  override readonly name = 'PacketRefused'
  readonly reason: string

  constructor(reason: string) {
    super(`packet refused: ${reason}`)
    this.reason = reason
  }
}

/** Lets in what WeCom signed for this corp, and nothing else. Counts what it refuses, and why. */
export function createCallbackGate({ corps, now, noteTime = () => undefined }: Deps) {
  const refusals = new Map<string, number>()

  /** The same answer whatever was wrong: a forger learns nothing from it. */
  function refuse(reason: string): never {
    refusals.set(reason, (refusals.get(reason) ?? 0) + 1)
    throw new AppError('FORBIDDEN', 'this packet is not accepted', { cause: new PacketRefused(reason) })
  }

  function refuseUnread(reason: string): never {
    refusals.set(reason, (refusals.get(reason) ?? 0) + 1)
    throw new AppError('BAD_REQUEST', 'not a packet')
  }

  function guarded<T>(check: () => T): T {
    try {
      return check()
    } catch (error) {
      if (error instanceof CallbackRejected) refuse(error.reason)
      throw error
    }
  }

  function readQuery(query: CallbackQuery) {
    const { msg_signature: signature, timestamp, nonce } = query
    if (typeof signature !== 'string' || typeof timestamp !== 'string' || typeof nonce !== 'string') refuse('form')
    return { signature, timestamp, nonce }
  }

  /** Asked after the signature: what a forger writes as time says nothing about the clocks. */
  function checkTime(corpId: string, timestamp: string): void {
    const isSkewed = Math.abs(Number(timestamp) * 1_000 - now(corpId).getTime()) > mostSkewMs
    noteTime(isSkewed)
    if (isSkewed) refuse('timestamp')
  }

  function cryptoOf(corpId: string) {
    return corps.get(corpId)?.callback ?? refuse('corp')
  }

  function readEnvelope({ text, form }: CallbackBody) {
    if (text.trim() === '') return refuseUnread('empty')
    try {
      return form === 'json' ? parseJsonEnvelope(text) : parseCallbackEnvelope(text)
    } catch (error) {
      if (error instanceof CallbackRejected) return error.reason === form ? refuseUnread(form) : refuse(error.reason)
      throw error
    }
  }

  return {
    /** Refused packets by reason, since the process began. */
    refusals: (): Record<string, number> => Object.fromEntries(refusals),

    /** The body could not even be read as text. @throws AppError BAD_REQUEST */
    refuseUnread,

    /**
     * Opens the check of the callback address. Whether it may be answered now is not decided here.
     * @returns the bare text to send back
     * @throws AppError FORBIDDEN
     * @see https://developer.work.weixin.qq.com/document/path/90930
     */
    openEcho(corpId: string, query: CallbackQuery): string {
      const crypto = cryptoOf(corpId)
      const signed = readQuery(query)
      const { echostr } = query
      if (typeof echostr !== 'string') refuse('form')
      const text = guarded(() => crypto.verifyUrl({ ...signed, echostr }))
      checkTime(corpId, signed.timestamp)
      // The check is signed like an event: without this line it would decrypt any captured packet for whoever asks.
      return echoForm.test(text) ? text : refuse('echo')
    },

    /** The check of the address is closed. @throws AppError FORBIDDEN */
    refuseEcho: (): never => refuse('echo-closed'),

    /**
     * Form, signature, decryption, bounds, receiver, time, content; in this order, so that nothing is decrypted for a
     * forger.
     * @param corpId from the address; what the packet says outside the signature never chooses the corp
     * @throws AppError FORBIDDEN, or BAD_REQUEST when the body does not have its form at all
     */
    open(corpId: string, query: CallbackQuery, sealed: CallbackBody): ProvenPacket {
      const crypto = cryptoOf(corpId)
      const signed = readQuery(query)
      const { encrypt } = readEnvelope(sealed)
      const body = guarded(() => crypto.verifyAndDecrypt({ ...signed, encrypt }))
      checkTime(corpId, signed.timestamp)
      const packet = guarded(() => parseEventXml(body))
      if (packet.event.ToUserName !== corpId) refuse('receive-id')
      const happenedAt = eventTime(packet.event)
      // The signature does not say which part is the time, so the age is judged by what was encrypted.
      if (now(corpId).getTime() - happenedAt.getTime() > mostAgeMs) refuse('age')
      return { ...packet, corpId, body, happenedAt }
    },
  }
}

export type CallbackGate = ReturnType<typeof createCallbackGate>
