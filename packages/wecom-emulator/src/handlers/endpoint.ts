import { setTimeout as sleep } from 'node:timers/promises'
import { http, type HttpHandler } from 'msw'
import type { FaultOrder } from '../state/fault.store.ts'
import type { World } from '../state/world.ts'
import { toErrmsg, WecomFault } from '../wecom-fault.ts'
import { failInstead, isCutOff, spoil, worksFirst } from './http-faults.ts'
import { toJsonAnswer } from './json-answer.ts'

/** Where the real API lives; a mounted emulator presents every request under it. */
export const WECOM_ORIGIN = 'https://qyapi.weixin.qq.com'

/** The mount tells the caller's address by this header, since msw sees no socket. */
export const CALLER_HEADER = 'x-emulator-caller'

/** One call, already past token, address and frequency checks. */
export interface Call {
  world: World
  request: Request
  path: string
  ip: string
  query: URLSearchParams
  /** The JSON body of a POST; `{}` for a GET. */
  body: Record<string, unknown>
}

export interface EndpointSpec<Answer extends object> {
  method: 'GET' | 'POST'
  path: string
  /** `full`: all documented rules of the path; `partial`: see the coverage table. */
  level: 'full' | 'partial'
  /** Lists that stand empty beside an error. */
  empties?: Partial<Answer>
  /** gettoken alone needs no access_token. */
  withoutToken?: boolean
  /** 客户联系: the app must be among 可调用接口的应用 (48002). */
  customerContact?: boolean
  /** Body that is not JSON. */
  rawBody?: boolean
  /** Calls for one key must not overlap (45035). */
  lockKey?: (call: Call) => string
  /** @returns the fields beside errcode, or a whole response; throws WecomFault for a business error */
  answer: (call: Call) => Answer | Response | Promise<Answer | Response>
}

export interface Endpoint {
  method: 'GET' | 'POST'
  path: string
  level: 'full' | 'partial'
  handler: HttpHandler
}

export type DefineEndpoint = <Answer extends object>(spec: EndpointSpec<Answer>) => Endpoint

interface Outcome {
  response: Response
  errcode: number | null
}

/** Makes the definer of one world's endpoints: rules that all calls share live here, in the order WeCom applies them. */
export function createDefineEndpoint(world: World): DefineEndpoint {
  return <Answer extends object>(spec: EndpointSpec<Answer>): Endpoint => {
    const path = `/cgi-bin/${spec.path}`

    async function answerCall(call: Call, order: FaultOrder): Promise<Outcome> {
      for (const way of order.tokens) endTokens(world, way)
      const fault = order.outcome ?? outageFault(world)
      const httpFault = fault?.httpFault
      const latencyMs = world.settings.latencyMs + (world.settings.latencyMsByPath[spec.path] ?? 0) + order.latencyMs
      if (httpFault && !worksFirst(fault)) {
        await pause(order.latencyMs)
        return { response: await failInstead(world, httpFault), errcode: null }
      }
      const leave: (() => void)[] = []
      let outcome: Outcome
      try {
        if (fault?.errcode !== undefined && !fault.afterWork) throw new WecomFault(fault.errcode)
        checkCaller(world, spec, call, order)
        await readBody(spec, call)
        checkConcurrency(world, path, order)
        leave.push(world.limits.enter(path))
        if (spec.lockKey) leave.push(world.limits.lockPair(spec.lockKey(call)))
        await pause(latencyMs)
        const fields = await spec.answer(call)
        if (fault?.errcode !== undefined) throw new WecomFault(fault.errcode)
        outcome =
          fields instanceof Response
            ? { response: fields, errcode: 0 }
            : { response: toJsonAnswer({ errcode: 0, errmsg: 'ok', ...fields }), errcode: 0 }
      } catch (error) {
        if (!(error instanceof WecomFault)) throw error
        outcome = toErrorOutcome(world, spec.empties, error.errcode, call.ip)
      } finally {
        for (const end of leave) end()
      }
      return httpFault ? { ...outcome, response: await spoil(world, outcome.response, httpFault) } : outcome
    }

    const handler = http.all(`${WECOM_ORIGIN}${path}`, async ({ request }) => {
      const started = performance.now()
      const query = new URL(request.url).searchParams
      const ip = request.headers.get(CALLER_HEADER) ?? '127.0.0.1'
      const call: Call = { world, request, path, ip, query, body: {} }
      const at = world.clock.nowIso()
      const order = world.faults.take(path)
      const { response, errcode } = await answerCall(call, order)
      response.headers.set('date', toDateHeader(world, order.dateOffsetSec))
      const isCut = isCutOff(response)
      world.log.add({
        at,
        method: request.method,
        path,
        query: withoutSecrets(query),
        body: call.body,
        errcode,
        httpStatus: isCut ? 0 : response.status,
        ms: Math.round((performance.now() - started) * 10) / 10,
        ip,
      })
      return response
    })
    return { method: spec.method, path, level: spec.level, handler }
  }
}

const outageFault = ({ settings: { outage } }: World): FaultOrder['outcome'] =>
  outage === 'none' ? undefined : { httpFault: outage }

/** The moment as WeCom's clock shows it to its callers. */
export const toDateHeader = (world: World, offsetSec = 0) =>
  new Date(world.clock.now() + offsetSec * 1000).toUTCString()

const pause = (ms: number) => (ms > 0 ? sleep(ms) : undefined)

function endTokens(world: World, way: 'expire' | 'revoke') {
  if (way === 'expire') world.credentials.expireTokens()
  else world.credentials.revokeTokens()
}

/** @throws WecomFault 45033 */
function checkConcurrency(world: World, path: string, { concurrent }: FaultOrder) {
  for (const { limit, refused } of concurrent) {
    if (world.limits.running(path) < limit) continue
    refused()
    throw new WecomFault(45033)
  }
}

/** @throws WecomFault 45009 */
function checkQuotas(world: World, path: string, { quotas }: FaultOrder) {
  for (const { id, quota, refused } of quotas) {
    try {
      world.limits.checkQuota(id, path, quota)
    } catch (error) {
      refused()
      throw error
    }
  }
}

/** Token first, then address, rights and frequency; parameters come after all of them. */
function checkCaller<Answer extends object>(world: World, spec: EndpointSpec<Answer>, call: Call, order: FaultOrder) {
  if (!spec.withoutToken) {
    world.credentials.checkToken(call.query.get('access_token'))
    const trusted = world.settings.trustedIps
    if (trusted && !trusted.includes(call.ip)) throw new WecomFault(60020)
    if (world.settings.agent.stopped) throw new WecomFault(50003)
  }
  world.limits.checkFrequency(call.path)
  checkQuotas(world, call.path, order)
  if (spec.customerContact && !world.settings.customerContactCallable) throw new WecomFault(48002)
  if (call.request.method !== spec.method) throw new WecomFault(40058)
}

async function readBody<Answer extends object>(spec: EndpointSpec<Answer>, call: Call) {
  if (spec.method === 'GET' || spec.rawBody) return
  const text = await call.request.text()
  try {
    const value: unknown = JSON.parse(text || '{}')
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('not an object')
    call.body = value as Record<string, unknown>
  } catch {
    if (call.world.settings.uncertain.badJson === 'refuse') throw new WecomFault(40058)
  }
}

function toErrorOutcome(world: World, empties: object | undefined, errcode: number, ip: string): Outcome {
  const errmsg = toErrmsg(errcode, world.ids.hint(world.clock.nowSec()), ip)
  return { response: toJsonAnswer({ errcode, errmsg, ...empties }), errcode }
}

const withoutSecrets = (query: URLSearchParams) =>
  Object.fromEntries(
    [...query].map(([name, value]) => [name, name === 'access_token' || name === 'corpsecret' ? '***' : value]),
  )
