import { Type, type Static } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { createBreakers, type BreakerState } from './breakers.ts'
import type { WecomClock } from './clock.ts'
import { endpoints, type Endpoint, type EndpointFamily, type EndpointName } from './endpoints.ts'
import { WecomError, WecomUnavailable } from './errors.ts'
import type { CallLimiter, CallPlan } from './limits/limiter.ts'
import type { TokenSource } from './token-source.ts'
import { limits, type Transport, type TransportRequest } from './transport.ts'
import { ErrorAnswer } from './wire/index.ts'

/** Who waits: a person at a screen, or nobody. Limiters serve people first. */
export type Lane = 'interactive' | 'background'

/** What a call is for: who spends what WeCom grants. `token`: tokens and tickets, which serve everybody. */
export const callPurposes = ['panel', 'sync', 'callback', 'reconcile', 'welcome', 'admin', 'token', 'other'] as const
export type CallPurpose = (typeof callPurposes)[number]

export interface CallOptions {
  /** Gives up early. */
  signal?: AbortSignal
  /** Default `interactive`. */
  lane?: Lane
  /** Default `panel` for a person, `other` for the background. */
  purpose?: CallPurpose
  /**
   * Longest the whole call may take, waiting included; then WecomUnavailable `late`. By default a read for the panel
   * has 2 seconds, since what is stored is better than a longer wait.
   */
  budgetMs?: number
}

/** What became of one HTTP call. Holds neither arguments nor tokens. */
export interface CallReport {
  endpoint: EndpointName | 'raw'
  path: string
  lane: Lane
  purpose: CallPurpose
  /** 0 = ok; null = no usable answer. */
  errcode: number | null
  ms: number
  outcome: 'ok' | 'refused' | 'not-sent' | 'unknown'
  /** Why there was no usable answer. */
  reason?: WecomUnavailable['reason']
  /** WeCom's clock in the middle of the call, to half a second; only with an answer. */
  serverDate?: Date
}

export interface CallHooks {
  /** After each HTTP call; must not throw. */
  afterCall?(report: CallReport): void
}

export interface CallArguments {
  query?: TransportRequest['query']
  json?: unknown
  upload?: { bytes: Buffer; contentType: string }
}

export interface CallerOptions {
  transport: Transport
  clock: WecomClock
  limiter: CallLimiter
  hooks?: CallHooks
  /** Options of a call that the caller did not give, such as what the work at hand is for. */
  defaults?: () => CallOptions
  random?: () => number
}

type Named = Endpoint & { name: EndpointName | 'raw' }

/** A call's options, none missing. */
interface Terms {
  lane: Lane
  purpose: CallPurpose
  /** The caller gave up. */
  signal: AbortSignal | undefined
  /** The caller gave up, or the budget is used up: for waiting; a call under way has its own time limit. */
  waiting: AbortSignal | undefined
  /** Moment of the monotonic clock. */
  lateAt: number
  timeoutMs: number
}

const BUSY = -1
const RETRIES = { most: 3, leastMs: 500, firstMs: 1_000, longestMs: 5_000 }
/** Below the lease of the token store, so that a hanging fetch does not outlive it. */
const TOKEN_TIMEOUT_MS = 4_500
const PANEL_BUDGET_MS = 2_000

/** Calls endpoints: limits, breaker, token, answer check, and the few repeats that are safe. */
export function createCaller(options: CallerOptions) {
  const { transport, clock, limiter, hooks = {}, defaults = () => ({}), random = Math.random } = options
  const breakers = createBreakers()

  /** One HTTP call. @throws WecomError, WecomUnavailable */
  async function callOnce(endpoint: Named, args: CallArguments, terms: Terms) {
    const { name, path } = endpoint
    const { lane, purpose, waiting, lateAt } = terms
    const plan: CallPlan = { endpoint: name, path, lane, purpose, signal: waiting }
    const permit = await limiter.admit(plan)
    const began = clock.monotonicMs()
    const tell = (rest: Pick<CallReport, 'errcode' | 'outcome' | 'reason' | 'serverDate'>) =>
      hooks.afterCall?.({ endpoint: name, path, lane, purpose, ms: clock.monotonicMs() - began, ...rest })
    let serverDate: Date | undefined
    try {
      const request = toRequest(endpoint, args, terms, lateAt - began)
      const answer = await breakers.run(endpoint, () => transport.send(request))
      serverDate = answer.serverDate ?? undefined
      checkAnswer(endpoint, answer.body)
      await permit.end(0)
      tell({ errcode: 0, outcome: 'ok', serverDate })
      return answer.body
    } catch (error) {
      if (error instanceof WecomError) {
        const retryAfterMs = await permit.end(error.errcode)
        tell({ errcode: error.errcode, outcome: 'refused', serverDate })
        throw retryAfterMs === undefined ? error : new WecomError({ ...pick(error), retryAfterMs })
      }
      await permit.end(null)
      if (!(error instanceof WecomUnavailable)) throw error
      const isLate = error.reason === 'timeout' && clock.monotonicMs() >= lateAt
      const told = isLate ? new WecomUnavailable({ reason: 'late', outcome: 'unknown', path }) : error
      tell({ errcode: null, outcome: told.outcome, reason: told.reason })
      throw told
    }
  }

  /** Repeats what WeCom itself asks to repeat: «busy», at most 3 times, with full jitter. */
  async function callPatiently(endpoint: Named, args: CallArguments, terms: Terms) {
    for (let retry = 0; ; retry++) {
      try {
        return await callOnce(endpoint, args, terms)
      } catch (error) {
        const again = error instanceof WecomError && error.errcode === BUSY && endpoint.repeatable
        if (!again || retry >= RETRIES.most) throw error
        const longest = Math.min(RETRIES.longestMs, RETRIES.firstMs * 2 ** retry)
        const waitMs = RETRIES.leastMs + random() * (longest - RETRIES.leastMs)
        if (clock.monotonicMs() + waitMs >= terms.lateAt) throw error
        // When the caller gives up during the pause, the refusal is the truth: nothing happened.
        await clock.sleep(waitMs, terms.waiting).catch(() => {
          throw error
        })
      }
    }
  }

  /** As above, with a token; a token that WeCom no longer takes is replaced once, and the call made once more. */
  async function callWithToken(endpoint: Named, tokens: TokenSource, args: CallArguments, terms: Terms) {
    const attempt = async () => {
      const token = await untilAborted(tokens.get(), terms.waiting, endpoint.path)
      try {
        const answer = await callPatiently(endpoint, { ...args, query: { access_token: token, ...args.query } }, terms)
        tokens.confirm(token)
        return { answer }
      } catch (error) {
        if (!(error instanceof WecomError)) throw error
        if (!isTokenRefusal(error) && !error.heldBack) tokens.confirm(token)
        return { error, token }
      }
    }

    const first = await attempt()
    if (first.answer) return first.answer
    if (!isTokenRefusal(first.error) || !(await tokens.reject(first.token))) throw first.error

    const second = await attempt()
    if (second.answer) return second.answer
    if (isTokenRefusal(second.error)) await tokens.reject(second.token)
    throw second.error
  }

  function toTerms(endpoint: Named, given: CallOptions): Terms & { late: AbortSignal | undefined } {
    const timeoutMs = endpoint.name === 'getToken' ? TOKEN_TIMEOUT_MS : limits.callMs
    const wanted = { ...defaults(), ...given }
    const { lane = 'interactive', signal } = wanted
    const { purpose = lane === 'interactive' ? 'panel' : 'other' } = wanted
    const isForPanel = lane === 'interactive' && purpose === 'panel' && endpoint.reads
    const budgetMs = wanted.budgetMs ?? (isForPanel ? PANEL_BUDGET_MS : undefined)
    if (budgetMs === undefined) {
      return { lane, purpose, signal, waiting: signal, late: undefined, lateAt: Infinity, timeoutMs }
    }
    const late = AbortSignal.timeout(budgetMs)
    const waiting = signal ? AbortSignal.any([signal, late]) : late
    return { lane, purpose, signal, waiting, late, lateAt: clock.monotonicMs() + budgetMs, timeoutMs }
  }

  async function run(endpoint: Named, tokens: TokenSource | null, args: CallArguments, given: CallOptions) {
    // What serves everybody is nobody's own errand, and must not die with it.
    const isShared = endpoint.family === 'token'
    const terms = toTerms(endpoint, isShared ? { lane: 'interactive', purpose: 'token' } : given)
    try {
      return tokens ? await callWithToken(endpoint, tokens, args, terms) : await callPatiently(endpoint, args, terms)
    } catch (error) {
      const gaveUp = error instanceof WecomUnavailable && error.reason === 'aborted' && !terms.signal?.aborted
      if (!gaveUp || !terms.late?.aborted) throw error
      throw new WecomUnavailable({ reason: 'late', outcome: error.outcome, path: endpoint.path })
    }
  }

  return {
    /**
     * Calls an endpoint of the table and checks its answer.
     * @param tokens null for the one endpoint that needs no token
     */
    async call<N extends EndpointName>(
      name: N,
      tokens: TokenSource | null,
      args: CallArguments = {},
      options: CallOptions = {},
    ): Promise<Static<(typeof endpoints)[N]['answer']>> {
      const answer = await run({ ...endpoints[name], name }, tokens, args, options)
      return answer as Static<(typeof endpoints)[N]['answer']>
    },

    /** Calls any other path; nothing but the status of the answer is checked, and nothing is repeated for «busy». */
    raw(
      { method, path, ...args }: Pick<Endpoint, 'method' | 'path'> & CallArguments,
      tokens: TokenSource,
      options: CallOptions = {},
    ): Promise<Record<string, unknown>> {
      const endpoint: Named = {
        name: 'raw',
        method,
        path: path.replace(/^\//, ''),
        doc: 0,
        repeatable: false,
        family: 'directory',
        reads: false,
        answer: anyAnswer,
      }
      return run(endpoint, tokens, args, options)
    },

    /** The circuit breakers that have seen calls. */
    breakers: (): { family: EndpointFamily; state: BreakerState }[] => breakers.states(),
  }
}

/** A token is fetched for everybody and goes on being fetched; the one who gave up just does not wait for it. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, path: string): Promise<T> {
  if (!signal) return work
  const { promise, reject } = Promise.withResolvers<never>()
  const giveUp = () => reject(new WecomUnavailable({ reason: 'aborted', outcome: 'not-sent', path }))
  if (signal.aborted) giveUp()
  else signal.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

const isTokenRefusal = ({ errcode }: WecomError) => errcode === 40014 || errcode === 42001

const pick = ({ errcode, errmsg, path }: WecomError) => ({ errcode, errmsg, path })

function toRequest(
  { method, path }: Endpoint,
  { query = {}, json, upload }: CallArguments,
  { signal, lane, timeoutMs }: Terms,
  leftMs: number,
): TransportRequest {
  const body = upload ?? (json === undefined ? undefined : toJsonBody(json))
  const limitMs = Math.max(1, Math.ceil(Math.min(timeoutMs, leftMs)))
  return { method, path, query, signal, lane, timeoutMs: limitMs, ...(body && { body }) }
}

const toJsonBody = (json: unknown) => ({ bytes: JSON.stringify(json), contentType: 'application/json' })

const anyAnswer = Type.Object({ errcode: Type.Optional(Type.Integer()) })
const isErrorAnswer = Compile(ErrorAnswer)
const validators = new Map<Endpoint['answer'], Validator>()

/** A refusal is read first: beside its errcode an endpoint's own fields may be missing. */
function checkAnswer({ path, answer: schema }: Endpoint, answer: Record<string, unknown>): void {
  if (isErrorAnswer.Check(answer) && answer.errcode !== 0) {
    throw new WecomError({ errcode: answer.errcode, errmsg: answer.errmsg, path })
  }
  let validator = validators.get(schema)
  if (!validator) validators.set(schema, (validator = Compile(schema)))
  if (validator.Check(answer)) return
  const field = validator.Errors(answer)[0]?.instancePath || 'answer'
  throw new WecomUnavailable({ reason: 'shape', outcome: 'unknown', path, detail: field })
}
