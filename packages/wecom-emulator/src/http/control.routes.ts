import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { CallbackSender } from '../callbacks/callback.sender.ts'
import { type Actions, createClientActions } from '../callbacks/client-actions.ts'
import { createStorms, type Storms } from '../callbacks/storm.ts'
import type {
  ClientActionName,
  CoverageRow,
  GenerateInput,
  JsSignatureInput,
  RawCallbackInput,
  StormInput,
} from '../control-contract.ts'
import type { Endpoint } from '../handlers/endpoint.ts'
import { verifyJsSignature } from '../js-signature.ts'
import { dumpRows } from '../state/dump.ts'
import { readFault } from '../state/fault-input.ts'
import { generateCorp } from '../state/generate.ts'
import { ControlError, loadRows, needCustomer } from '../state/load.ts'
import type { CustomerRecord } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { createTruth } from '../truth.ts'
import {
  toChatView,
  toCorpView,
  toCustomerView,
  toMediaView,
  toMemberView,
  toRelationView,
  toTagGroupView,
} from '../views.ts'

type Query = Record<string, string | undefined>
type Read = (query: Query) => unknown
type Write = (body: Record<string, unknown>) => unknown

export interface ControlDeps {
  world: World
  callbacks: CallbackSender
  endpoints: readonly Endpoint[]
}

const PREFIX = '/__emulator'
/** The control API. Only pages of this machine may read it from a browser. */
export function registerControl(app: FastifyInstance, deps: ControlDeps) {
  const actions = createClientActions(deps)
  const storms = createStorms({ ...deps, actions })
  const reads = createReads(deps, storms)
  const writes = createWrites(deps, actions, storms)
  app.addHook('onClose', () => storms.reset())

  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    if (!request.url.startsWith(PREFIX) || !origin || !isLoopback(origin)) return
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'content-type',
      vary: 'origin',
    })
    if (request.method === 'OPTIONS') await reply.code(204).send()
  })
  app.all(`${PREFIX}/*`, async (request, reply) => {
    try {
      const name = request.url.slice(PREFIX.length + 1).split('?')[0] ?? ''
      const result = await run(request, name, reads, writes)
      return await reply.type('application/json').send(JSON.stringify({ result: result ?? null }))
    } catch (error) {
      const known = error instanceof ControlError || error instanceof TypeError || error instanceof SyntaxError
      if (!known) throw error
      return reply.code(error instanceof ControlError ? error.status : 400).send({ error: error.message })
    }
  })
}

function isLoopback(origin: string): boolean {
  return URL.canParse(origin) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(origin).hostname)
}

function run(
  request: FastifyRequest,
  name: string,
  reads: Record<string, Read>,
  writes: Record<string, Write>,
): unknown {
  const table: Record<string, Read | Write> = request.method === 'GET' ? reads : writes
  const command = Object.hasOwn(table, name) ? table[name] : undefined
  if (!command) throw new ControlError(404, `no control command ${request.method} ${name}`)
  if (request.method === 'GET')
    return command(Object.fromEntries(new URL(request.url, 'http://emulator').searchParams) as never)
  // A page of another site can post without asking first, but not as JSON.
  if (!request.headers['content-type']?.startsWith('application/json'))
    throw new ControlError(400, 'content-type must be application/json')
  const body: unknown = JSON.parse((request.body as Buffer | undefined)?.toString() || '{}')
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ControlError(400, 'the body must be a JSON object')
  return command(body as never)
}

const text = (query: Query, name: string): string => {
  const value = query[name]
  if (value === undefined) throw new ControlError(400, `${name} is missing`)
  return value
}
const count = (value: string | undefined, otherwise: number) =>
  value === undefined ? otherwise : Number(value) || otherwise

function createReads({ world, callbacks, endpoints }: ControlDeps, storms: Storms): Record<string, Read> {
  const truth = createTruth(world)
  return {
    dump: ({ after, limit }) => dumpRows(world, count(after, 0), count(limit, Infinity)),
    settings: () => world.settings,
    faults: () => world.faults.list(),
    corp: () => toCorpView(world, callbacks),
    members: ({ limit }) =>
      [...world.directory.members.values()]
        .slice(0, count(limit, Infinity))
        .map((member) => toMemberView(world, member)),
    'customers/one': (query) => toCustomerView(needCustomer(world, text(query, 'id'))),
    customers: (query) => findCustomers(world, query).map(toCustomerView),
    relation(query) {
      const guide = world.directory.find(text(query, 'userId'))
      const relation = guide && world.relations.find(guide, text(query, 'externalUserId'))
      return relation ? toRelationView(relation) : null
    },
    'tag-groups': () => world.tags.liveGroups().map((group) => toTagGroupView(world, group)),
    chats: () => [...world.chats.chats.values()].map((chat) => toChatView(world, chat)),
    messages: ({ userId, limit }) =>
      world.messages.messages.last(
        count(limit, 200),
        (message) => userId === undefined || message.userIds.includes(userId),
      ),
    media: () =>
      [...world.media.all.values()]
        .slice(-200)
        .toReversed()
        .map((media) => toMediaView(world, media)),
    'media/one'(query) {
      const media = world.media.all.get(text(query, 'id'))
      return media ? toMediaView(world, media) : null
    },
    'mini-programs': () => world.settings.linkedMiniPrograms,
    calls: ({ path, limit }) =>
      world.log.calls.last(count(limit, 200), (call) => path === undefined || call.path.endsWith(path)),
    'calls/counts': () => Object.fromEntries(world.log.counts),
    unknown: () => world.log.unknown.last(),
    'callback/deliveries': ({ limit }) => callbacks.deliveries().last(count(limit, 200)),
    coverage: () =>
      endpoints.map(({ method, path, level }): CoverageRow => ({
        method,
        path,
        level,
        calls: world.log.counts.get(path) ?? 0,
      })),
    'callback/ledger': () => callbacks.ledger().summary(),
    'callback/ledger/entries': ({ after, limit, state }) =>
      callbacks.ledger().page(count(after, 0), count(limit, 10_000), state),
    storm: () => storms.current(),
    welcomes: ({ welcomeCode, limit }) =>
      world.welcomes.calls.last(
        count(limit, 200),
        (call) => welcomeCode === undefined || call.welcomeCode === welcomeCode,
      ),
    'truth/digest': () => truth.digest(),
    'truth/guides': () => truth.guideDigests(),
    truth: ({ after, limit, userId }) => truth.page(count(after, 0), count(limit, 1000), userId),
  }
}

function createWrites({ world, callbacks }: ControlDeps, actions: Actions, storms: Storms): Record<string, Write> {
  const actionCommands = Object.keys(actions).map((name): [string, Write] => [
    `actions/${name}`,
    (body) => actions[name as ClientActionName](body as never),
  ])
  return {
    ...Object.fromEntries(actionCommands),
    reset(body) {
      storms.reset()
      world.reset({ keepSettings: body.keepSettings === true })
      callbacks.reset()
    },
    load: (body) => loadRows(world, body),
    generate: (body) => generateCorp(world, body as unknown as GenerateInput),
    storm: (body) => storms.start(body as unknown as StormInput),
    'storm/stop': () => storms.stop(),
    settings: (body) => world.changeSettings(body),
    faults: (body) => world.faults.add(readFault(body)),
    'faults/clear': (body) => world.faults.clear(body),
    'clock/advance'({ seconds }) {
      if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0)
        throw new ControlError(400, 'seconds must be a number of at least 0')
      world.clock.advance(seconds)
      return { now: world.clock.nowIso() }
    },
    'tokens/expire': () => world.credentials.expireTokens(),
    'tokens/revoke': () => world.credentials.revokeTokens(),
    'oauth-codes': ({ id }) => ({ code: world.credentials.issueCode(String(id), 'snsapi_base') }),
    'callback/verify-url': () => callbacks.verifyUrl(),
    'callback/raw': (body) => callbacks.sendRaw(body as unknown as RawCallbackInput),
    'callback/settled': async ({ timeoutMs }) => ({ settled: await callbacks.settled(Number(timeoutMs) || 10_000) }),
    'callback/ledger/clear': () => callbacks.clearLedger(),
    'calls/clear': () => world.log.clear(),
    'js-signature': (body) => verifyJsSignature(world, body as unknown as JsSignatureInput),
  }
}

function findCustomers(world: World, { text: wanted = '', userId, limit }: Query): CustomerRecord[] {
  const max = Math.min(count(limit, 200), 200)
  const found: CustomerRecord[] = []
  for (const customer of world.relations.customers.values()) {
    const served = userId === undefined || customer.relations.some((relation) => relation.guide.userId === userId)
    if (served && matches(customer, wanted)) found.push(customer)
    if (found.length >= max) break
  }
  return found
}

const matches = (customer: CustomerRecord, wanted: string) =>
  wanted === '' ||
  customer.name.includes(wanted) ||
  customer.externalUserId === wanted ||
  customer.relations.some((relation) => relation.remark.includes(wanted))
