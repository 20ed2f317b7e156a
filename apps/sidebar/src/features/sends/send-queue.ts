import { ApiError, type SidebarApi, type Target } from '@guidebar/api-client'
import type { ContactWarning, PreparedSend, PrepareSend, SendContent } from '@guidebar/contracts'
import { computed, reactive, readonly } from 'vue'

import { toHostError, type HostError } from '../../host/host-error.ts'
import type { WecomHost } from '../../host/late-host.ts'
import type { SendResult } from '../../host/wecom-host.ts'
import type { OutcomeOutbox } from './outcome-outbox.ts'

/**
 * idle: nothing handed in · sending · paused: cancelled, stopped or failed before the end; may be resumed · done
 */
export type SendPhase = 'idle' | 'sending' | 'paused' | 'done'
/** What the guide said before the tap. */
export type SendWishes = Pick<PrepareSend, 'override' | 'overrideReason' | 'tellWhenOpened'> & {
  /** What was on screen already; only other warnings of the server hold a message back. */
  seen?: ContactWarning[]
}
type SendState = {
  phase: SendPhase
  /** How many the client has taken. */
  sent: number
  total: number
  stopping: boolean
  cancelled: boolean
  /** The client was silent: nobody knows whether the message is out. */
  unknown: boolean
  /** The client was silent before it was handed anything: nothing is out. */
  untouched: boolean
  /** What the server said against the next message and nobody had seen; going on is the answer. */
  warnings: readonly ContactWarning[]
  failure: ApiError | HostError | null
}
/** Nothing to say. */
const quiet = {
  stopping: false,
  cancelled: false,
  unknown: false,
  untouched: false,
  warnings: [],
  failure: null,
} satisfies Partial<SendState>

type Deps = {
  api: Pick<SidebarApi, 'prepareSend'>
  host: Pick<WecomHost, 'send'>
  outbox: Pick<OutcomeOutbox, 'report'>
  makeKey?: () => string
  /** After every message that the client took. */
  onSent?: () => void
}

/**
 * Sends messages strictly one after another: each is on record before the client gets it, the next one starts only
 * after the client took the one before, and what was taken is never sent a second time.
 */
export function createSendQueue({ api, host, outbox, makeKey = makeSendKey, onSent }: Deps) {
  const state: SendState = reactive({
    phase: 'idle',
    sent: 0,
    total: 0,
    ...quiet,
  })
  let target: Target | undefined
  let contents: SendContent[] = []
  let wishes: SendWishes = {}
  let seen = new Set<ContactWarning>()
  /** The record of the message nobody knows about. */
  let open: string | undefined
  // One key an intent: a repeat after a lost answer finds the same record, a fresh try after an outcome is a new one.
  let key: string | undefined

  /** Takes new messages; refused while others are under way. */
  async function start(to: Target, messages: SendContent[], wanted: SendWishes = {}): Promise<void> {
    if (state.phase === 'sending' || messages.length === 0) return
    wishes = wanted
    seen = new Set(wanted.seen)
    target = to
    contents = messages
    key = undefined
    Object.assign(state, { sent: 0, total: messages.length })
    await run()
  }

  /** Goes on with the first message that was not taken; the words of those still to come may have been edited. */
  async function resume(messages: SendContent[] = contents, wanted: SendWishes = wishes): Promise<void> {
    if (state.phase !== 'paused') return
    wishes = wanted
    for (const warning of [...(wanted.seen ?? []), ...state.warnings]) seen.add(warning)
    // Other words are another intent: the record under the old key holds the old ones.
    if (JSON.stringify(messages[state.sent]) !== JSON.stringify(contents[state.sent])) key = undefined
    contents = messages
    await run()
  }

  /** The guide has looked into the chat: the message nobody knew about is there. */
  function confirmSent(): void {
    if (state.phase !== 'paused' || !state.unknown || open === undefined) return
    void outbox.report(open, { status: 'client_ok' }).then(() => onSent?.())
    goOnAfterUnknown()
  }

  function goOnAfterUnknown() {
    advance()
    Object.assign(state, { ...quiet, phase: state.sent < contents.length ? 'paused' : 'done' })
  }

  async function run(): Promise<void> {
    Object.assign(state, { ...quiet, phase: 'sending' })
    while (state.sent < contents.length) {
      if (state.stopping) {
        state.phase = 'paused'
        return
      }
      const content = contents[state.sent]
      if (!target || !content) break
      if (!(await sendOne(target, content))) return
    }
    state.phase = 'done'
  }

  async function sendOne(to: Target, content: SendContent): Promise<boolean> {
    let prepared: PreparedSend
    try {
      prepared = await prepare(to, content)
    } catch (error) {
      return pause({ failure: toFailure(error) })
    }
    if (prepared.status === 'client_ok') return advance()
    const unseen = (prepared.warnings ?? []).filter((warning) => !seen.has(warning))
    if (unseen.length > 0) {
      // Nobody was asked to send it, and perhaps nobody will be: its record must not wait for ever.
      key = undefined
      void outbox.report(prepared.sendId, { status: 'cancelled', reason: unseen.join(' ') })
      return pause({ warnings: unseen })
    }

    const result = await host.send(prepared.message, to)
    return settle(prepared.sendId, result)
  }

  async function prepare(to: Target, content: SendContent): Promise<PreparedSend> {
    const { seen: _, ...asked } = wishes
    key ??= makeKey()
    const prepared = await api.prepareSend({ ...to, key, content, ...asked })
    if (prepared.status === 'pending' || prepared.status === 'client_ok') return prepared
    key = makeKey()
    return api.prepareSend({ ...to, key, content, ...asked })
  }

  function settle(sendId: string, result: SendResult): boolean {
    if (result.status === 'ok') {
      void outbox.report(sendId, { status: 'client_ok' }).then(() => onSent?.())
      return advance()
    }
    if (result.status === 'cancelled') {
      key = undefined
      void outbox.report(sendId, { status: 'cancelled' }).then(() => onSent?.())
      return pause({ cancelled: true })
    }
    if (result.late) {
      // Nobody knows yet whether it is out: the record stays open until the client speaks.
      const position = state.sent
      const job = contents
      void result.late.then((answer) => {
        const waits = contents === job && state.phase === 'paused' && state.sent === position
        if (waits && answer.status === 'ok') {
          void outbox.report(sendId, { status: 'client_ok' }).then(() => onSent?.())
          goOnAfterUnknown()
        } else if (waits) settle(sendId, answer)
        else if (answer.status === 'ok') void outbox.report(sendId, { status: 'client_ok' }).then(() => onSent?.())
      })
      open = sendId
      return pause({ failure: result.error, unknown: true })
    }
    key = undefined
    const reason = `${result.error.code} ${result.error.message}`.slice(0, 200)
    void outbox.report(sendId, { status: 'failed', reason }).then(() => onSent?.())
    return pause({ failure: result.error, untouched: result.error.code === 'CLIENT_SILENT' })
  }

  function advance(): true {
    key = undefined
    state.sent += 1
    return true
  }
  function pause(why: Partial<SendState>): false {
    Object.assign(state, { ...quiet, ...why, phase: 'paused' })
    return false
  }

  return {
    state: readonly(state),
    busy: computed(() => state.phase === 'sending'),
    start,
    resume,
    confirmSent,
    /** The message under way is finished first. */
    stop: () => {
      if (state.phase === 'sending') state.stopping = true
    },
  }
}
export type SendQueue = ReturnType<typeof createSendQueue>

function toFailure(error: unknown): ApiError | HostError {
  return error instanceof ApiError ? error : toHostError(error)
}

/** 128 random bits as text; `crypto.randomUUID` is too new for some clients. */
export function makeSendKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
