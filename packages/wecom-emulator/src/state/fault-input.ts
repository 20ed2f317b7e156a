import type { FaultInput, FaultKind, HttpFault } from '../control-contract.ts'
import { ControlError } from './load.ts'

const httpFaults: Record<HttpFault, true> = {
  status500: true,
  status502: true,
  status503: true,
  status504: true,
  redirect: true,
  close: true,
  reset: true,
  hang: true,
  answerLost: true,
  cutBody: true,
  drip: true,
  brokenBody: true,
  html: true,
  emptyBody: true,
  wrongTypes: true,
  errcodeText: true,
  noErrcode: true,
  hugeBody: true,
}

const LATENCY_MAX_MS = 600_000
const listPaths = ['*', 'externalcontact/list', 'externalcontact/batch/get_by_user']

const isNumber = (value: unknown, min: number, max: number): value is number =>
  typeof value === 'number' && value >= min && value <= max
const isWhole = (value: unknown, min: number) =>
  isNumber(value, min, Number.MAX_SAFE_INTEGER) && Number.isInteger(value)
const isLatency = (value: unknown) =>
  isNumber(value, 0, LATENCY_MAX_MS) ||
  (Array.isArray(value) &&
    value.length === 2 &&
    value.every((bound) => isNumber(bound, 0, LATENCY_MAX_MS)) &&
    Number(value[0]) <= Number(value[1]))

function isQuota(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const entries = Object.entries(value)
  return (
    entries.length > 0 &&
    entries.every(([name, limit]) => (name === 'perMinute' || name === 'perHour') && isWhole(limit, 1))
  )
}

/** Each kind with what it takes. */
const kinds: Record<keyof FaultKind, [isGood: (value: unknown) => boolean, takes: string]> = {
  errcode: [Number.isInteger, 'a whole number'],
  httpFault: [
    (value) => typeof value === 'string' && Object.hasOwn(httpFaults, value),
    `one of ${Object.keys(httpFaults).join(', ')}`,
  ],
  latencyMs: [isLatency, `milliseconds up to ${LATENCY_MAX_MS}, or [min, max]`],
  tokens: [(value) => value === 'expire' || value === 'revoke', 'expire or revoke'],
  quota: [isQuota, 'perMinute, perHour or both, from 1'],
  concurrent: [(value) => isWhole(value, 1), 'a whole number from 1'],
  dateOffsetSec: [(value) => isNumber(value, -1e9, 1e9), 'seconds'],
  listLagMs: [(value) => isNumber(value, 0, LATENCY_MAX_MS), `milliseconds up to ${LATENCY_MAX_MS}`],
  eventLagMs: [(value) => isNumber(value, 0, LATENCY_MAX_MS), `milliseconds up to ${LATENCY_MAX_MS}`],
}

/** How often and when; with what each takes. */
const choices: Partial<Record<keyof FaultInput, [isGood: (value: unknown) => boolean, takes: string]>> = {
  id: [(value) => typeof value === 'string' && value !== '', 'a text'],
  count: [(value) => value === null || isWhole(value, 1), 'a whole number from 1, or null'],
  probability: [(value) => isNumber(value, 0, 1), 'a number of 0 to 1'],
  seed: [(value) => isWhole(value, 0), 'a whole number from 0'],
  skip: [(value) => isWhole(value, 0), 'a whole number from 0'],
  burst: [(value) => isWhole(value, 1), 'a whole number from 1'],
  afterWork: [(value) => typeof value === 'boolean', 'true or false'],
}

/** @throws ControlError 400 that names what is wrong */
export function readFault(body: Record<string, unknown>): FaultInput {
  if (typeof body.path !== 'string' || body.path === '') throw new ControlError(400, 'path is missing')
  const given = Object.keys(kinds).filter((name) => body[name] !== undefined)
  if (given.length !== 1) throw new ControlError(400, `give exactly one of ${Object.keys(kinds).join(', ')}`)
  for (const [name, [isGood, takes]] of Object.entries({ ...kinds, ...choices }))
    if (body[name] !== undefined && !isGood(body[name])) throw new ControlError(400, `${name} takes ${takes}`)

  const path = body.path.replace(/^\/cgi-bin\//, '')
  if (body.listLagMs !== undefined && !listPaths.includes(path))
    throw new ControlError(400, `listLagMs: path must be one of ${listPaths.join(', ')}`)
  if (body.eventLagMs !== undefined && path !== '*') throw new ControlError(400, 'eventLagMs: path must be *')
  return body as unknown as FaultInput
}
