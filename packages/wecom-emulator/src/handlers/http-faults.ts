import { HttpResponse } from 'msw'
import type { HttpFault } from '../control-contract.ts'
import type { FaultOrder } from '../state/fault.store.ts'
import type { World } from '../state/world.ts'
import { readAnswer, toJsonAnswer } from './json-answer.ts'

/** Answers that the mount has to spoil on the wire. */
export const WIRE_HEADER = 'x-emulator-wire'
export type WireFault = 'cut' | 'reset' | 'cutBody' | 'brokenBody' | 'drip' | 'hugeBody'

const onWire = (response: Response, wire: WireFault) => {
  response.headers.set(WIRE_HEADER, wire)
  return response
}

const insteadOfWork = new Set<HttpFault>([
  'status500',
  'status502',
  'status503',
  'status504',
  'redirect',
  'close',
  'reset',
  'hang',
])

/** Whether the work is done before the answer goes wrong. */
export const worksFirst = ({ httpFault, afterWork }: NonNullable<FaultOrder['outcome']>) =>
  afterWork ?? (httpFault !== undefined && !insteadOfWork.has(httpFault))

/** @returns true when the caller sees no answer at all */
export const isCutOff = (response: Response) => ['cut', 'reset'].includes(response.headers.get(WIRE_HEADER) ?? '')

/** The answer to a call whose work is not done. */
export const failInstead = (world: World, fault: HttpFault) =>
  spoil(world, toJsonAnswer({ errcode: 0, errmsg: 'ok' }), fault)

type Spoil = (answer: Response, world: World) => Response | Promise<Response>

const cut: Spoil = (answer) => onWire(answer, 'cut')
const status =
  (code: number): Spoil =>
  () =>
    toHtml(code)

const spoils: Record<HttpFault, Spoil> = {
  status500: status(500),
  status502: status(502),
  status503: status(503),
  status504: status(504),
  redirect: () => new HttpResponse(null, { status: 302, headers: { location: 'https://work.weixin.qq.com/' } }),
  close: cut,
  answerLost: cut,
  async hang(answer, world) {
    await world.hold()
    return onWire(answer, 'cut')
  },
  reset: (answer) => onWire(answer, 'reset'),
  cutBody: (answer) => onWire(answer, 'cutBody'),
  drip: (answer) => onWire(answer, 'drip'),
  brokenBody: (answer) => onWire(answer, 'brokenBody'),
  hugeBody: (answer) => onWire(answer, 'hugeBody'),
  html: () => toHtml(200),
  emptyBody: () => new HttpResponse(null, { status: 200, headers: { 'content-type': 'application/json' } }),
  wrongTypes: (answer) =>
    rewrite(answer, ({ errcode, ...fields }) => ({
      errcode,
      ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toWrongType(value)])),
    })),
  errcodeText: (answer) => rewrite(answer, ({ errcode, ...fields }) => ({ errcode: String(errcode), ...fields })),
  noErrcode: (answer) => rewrite(answer, ({ errcode: _, ...fields }) => fields),
}

/** What becomes of an answer on its way. */
export const spoil = async (world: World, answer: Response, fault: HttpFault): Promise<Response> =>
  spoils[fault](answer, world)

const toHtml = (code: number) =>
  new HttpResponse(`<html><body><h1>${code}</h1></body></html>`, {
    status: code,
    headers: { 'content-type': 'text/html' },
  })

function toWrongType(value: unknown): unknown {
  if (typeof value === 'string') return 42
  if (typeof value === 'number') return { value }
  return Array.isArray(value) ? 'none' : [value]
}

/** Files stay as they are: only JSON has fields to spoil. */
async function rewrite(answer: Response, change: (fields: Record<string, unknown>) => object): Promise<Response> {
  if (!answer.headers.get('content-type')?.includes('json')) return answer
  return toJsonAnswer(change(JSON.parse(String(await readAnswer(answer))) as Record<string, unknown>))
}
