import type { Stage } from '../access/stage.ts'
import { loadNow } from '../bench/figures.ts'
import { bySize, type DrillOptions, type PromiseResult } from '../drill.ts'
import { thresholds } from '../thresholds.ts'
import { spoiltBodies, type BodySchema } from './bodies.ts'
import { hostileHeaders, hostileIds, hostileSearches, operatorForms, wrongBodies } from './corpus.ts'
import { fillCorp } from './crowd.ts'
import { addressOf, callerOf, isUnsafe, judge, quantile, spread, type Rule, type Session } from './judge.ts'

type Operation = {
  parameters?: { name: string; in: string }[]
  requestBody?: { content?: Record<string, { schema?: BodySchema }> }
}

/** Routes that look at no body at all. */
const bodyless = new Set(['POST /api/admin/callbacks/arm'])
const json = { 'content-type': 'application/json' }

function describe({ world }: Stage): (rule: Rule) => Operation | undefined {
  const { paths = {} } = world.app.swagger() as { paths?: Record<string, Record<string, Operation>> }
  return ({ method, url }) => paths[url.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
}

/** A4: bodies, ids and headers of every route, wrong in one place. */
export async function shapes(stage: Stage, session: Session, { size, seed }: DrillOptions): Promise<PromiseResult[]> {
  const described = describe(stage)
  const most = bySize(size, { long: 1_000, short: 60, test: 6 })
  const strange = bySize(size, { long: 20, short: 20, test: 3 })
  const wrong: string[] = []
  const times: number[] = []
  let routes = 0
  for (const rule of stage.world.app.routeRules) {
    const caller = callerOf(rule, session)
    if (!caller) continue
    const send = async (rawBody: string | undefined, address = addressOf(rule.url), headers = {}) => {
      const began = performance.now()
      const answer = await caller.send(rule.method, address, { rawBody, headers: { ...(rawBody && json), ...headers } })
      times.push(performance.now() - began)
      return answer.statusCode
    }
    const name = `${rule.method} ${rule.url}`
    if (isUnsafe(rule)) {
      const schema = described(rule)?.requestBody?.content?.['application/json']?.schema
      const spoilt = schema ? spread(spoiltBodies(schema, seed), most, seed) : []
      if (spoilt.length > 0) routes++
      for (const body of [...spread(wrongBodies, most, seed), ...spoilt]) {
        const status = await send(body)
        // 400 before anything is looked up; calls whose body is optional take an empty one.
        const isRight = status === 400 || (!schema && ((status >= 400 && status < 500) || bodyless.has(name)))
        if (!isRight) wrong.push(`${name} ${body.slice(0, 120)}: ${status}`)
      }
    }
    if (rule.method !== 'GET') continue
    for (const id of rule.url.includes('/:') ? spread(hostileIds, strange, routes) : []) {
      const status = await send(undefined, rule.url.replace(/:\w+/g, id))
      if (status >= 500) wrong.push(`${name} with ${id}: ${status}`)
    }
    for (const headers of spread(hostileHeaders, strange, routes)) {
      const status = await send(undefined, undefined, headers)
      if (status >= 500) wrong.push(`${name} with ${JSON.stringify(headers).slice(0, 80)}: ${status}`)
    }
  }
  const slowest = quantile(times, 0.99)
  return [
    judge(
      'A4',
      'every body, id and header that is wrong in one place: refused, no 5xx',
      wrong,
      times.length,
      `calls, bodies of ${routes} schemas`,
    ),
    {
      id: 'A4',
      want: `p99 <= ${thresholds.shapesMs} ms each`,
      got: `${slowest.toFixed(1)} ms (${loadNow()})`,
      held: slowest <= thresholds.shapesMs,
      measures: 'time',
    },
  ]
}

/** What a client must never bring into a query. */
const forbidden = /"\$(where|function|accumulator|regexMatch|expr)":/
/** Would match everything where it is not taken literally. */
const everything = '.*'

/** A5: operators in place of values; what reaches the database is read along. */
export async function operators(stage: Stage, session: Session): Promise<PromiseResult[]> {
  const { world } = stage
  const described = describe(stage)
  const wrong: string[] = []
  const queries: string[] = []
  const patterns: string[] = []
  world.db.set('debug', (collection: string, method: string, ...args: unknown[]) => {
    const text = JSON.stringify(args, (name, value: unknown) => {
      if (value instanceof RegExp) patterns.push(value.source)
      if (name === '$regex' && typeof value === 'string') patterns.push(value)
      return value
    })
    queries.push(`${collection}.${method} ${text}`)
  })
  let asked = 0
  for (const rule of world.app.routeRules.filter(({ method }) => method === 'GET')) {
    const caller = callerOf(rule, session)
    const parameters = described(rule)?.parameters ?? []
    const names = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)
    if (!caller || names.length === 0) continue
    for (const query of names.flatMap(operatorForms)) {
      const { statusCode } = await caller.get(`${addressOf(rule.url)}?${query}`)
      asked++
      if (statusCode !== 400) wrong.push(`${rule.url}?${query}: ${statusCode}`)
    }
    for (const name of names)
      for (const text of ['{"$ne":null}', everything])
        await caller.get(`${addressOf(rule.url)}?${name}=${encodeURIComponent(text)}`)
  }
  world.db.set('debug', false)
  const brought = [
    ...queries.filter((query) => forbidden.test(query)),
    ...patterns.filter((source) => new RegExp(source, 'i').test('a word nobody typed')),
  ]
  return [
    judge('A5', 'every filter × operator forms: 400', wrong, asked, 'queries'),
    judge(
      'A5',
      'no $where, $function or $expr reaches the database, and no pattern that a client wrote',
      brought,
      queries.length,
      'queries of the server read',
    ),
  ]
}

/** A6: patterns that would match for ever, or everything; what others wait meanwhile. */
export async function searches(
  stage: Stage,
  { admin, guide }: Session,
  { size }: DrillOptions,
): Promise<PromiseResult[]> {
  const { customer } = stage
  const people = bySize(size, { long: 20_000, short: 20_000, test: 300 })
  await fillCorp(stage, people)
  const others: { before: number[]; during: number[] } = { before: [], during: [] }
  const look = async (into: number[]) => {
    const began = performance.now()
    await guide.get(`/api/sidebar/context?externalUserId=${customer.externalUserId}`)
    into.push(performance.now() - began)
  }
  for (let turn = 0; turn < 50; turn++) await look(others.before)

  const wrong: string[] = []
  const times: number[] = []
  const searched = (async () => {
    for (const list of ['/api/admin/people', '/api/admin/customers'])
      for (const text of hostileSearches) {
        const began = performance.now()
        const { statusCode, body } = await admin.get(`${list}?q=${encodeURIComponent(text)}`)
        times.push(performance.now() - began)
        const found = (Object.values(body ?? {}).find(Array.isArray) ?? []).length
        if (statusCode >= 500 || found > 0) wrong.push(`${list} ${JSON.stringify(text)}: ${statusCode}, ${found} found`)
      }
  })()
  const search = { isOver: false }
  await Promise.all([
    searched.finally(() => (search.isOver = true)),
    (async () => {
      while (!search.isOver) await look(others.during)
    })(),
  ])
  const known = await admin.get(`/api/admin/customers?q=${encodeURIComponent('路人')}`)
  if (known.body?.customers?.length === 0) wrong.push('a name that exists is not found')

  const p99 = quantile(times, 0.99)
  const slower = quantile(others.during, 0.99) - quantile(others.before, 0.99)
  const { searchMs, othersMs } = thresholds.hostileSearch
  return [
    judge('A6', `hostile patterns on ${people} names are taken literally`, wrong, times.length, 'searches'),
    {
      id: 'A6',
      want: `p99 <= ${searchMs} ms, others' p99 at most ${othersMs} ms more`,
      got: `${p99.toFixed(0)} ms, others ${slower.toFixed(0)} ms more (${loadNow()})`,
      held: p99 <= searchMs && slower <= othersMs,
      measures: 'time',
    },
  ]
}
