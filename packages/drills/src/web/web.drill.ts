import { randomBytes } from 'node:crypto'

import { toCsvCell } from '@guidebar/server/platform/csv'
import type { TestBrowser, TestResponse } from '@guidebar/testkit'

import { withStage, type Stage } from '../access/stage.ts'
import { bySize, type Drill, type PromiseResult } from '../drill.ts'
import {
  foreignOrigins,
  foreignPages,
  foreignPaths,
  formulaCells,
  hostileSearches,
  operatorForms,
  wrongBodies,
} from './corpus.ts'

type Session = { guide: TestBrowser; admin: TestBrowser }
type Rule = Stage['world']['app']['routeRules'][number]

/** A4 to A16: what a hostile browser sends, and what must not come of it. */
export const run: Drill = async ({ size, say }) =>
  withStage(
    async (stage) => {
      const { world } = stage
      const session: Session = {
        guide: await world.signInFresh('guide', 'Follower'),
        admin: await world.signInFresh('admin', 'TestAdmin'),
      }
      say('shapes and operators …')
      const promises = [await shapes(stage, session), await operators(stage, session), await searches(stage, session)]
      say('addresses, cookies, headers, other sites …')
      promises.push(await returnPaths(stage), await cookies(stage), await headers(stage, session))
      promises.push(await otherSites(stage, session), csvCells(), await signatures(stage, session))
      say('guessing …')
      promises.push(await guessing(stage, bySize(size, { long: 10_000, short: 2_000, test: 100 })))
      return { promises }
    },
    { customers: 2 },
  )

const isUnsafe = ({ method }: Rule) => method === 'POST' || method === 'PUT'
const addressOf = (url: string) => url.replace(/:\w+|\*/g, 'a'.repeat(24))
/** Whose session a route takes; the others have a drill of their own or no session. */
function callerOf({ access, url }: Rule, { guide, admin }: Session): TestBrowser | null {
  if (url.endsWith('/logout')) return null
  return access === 'guide' ? guide : access === 'admin' ? admin : null
}

function judge(id: string, want: string, wrong: string[], asked: number, unit: string): PromiseResult {
  const got = wrong.length === 0 ? `${asked} ${unit}` : `${wrong.length} of ${asked}: ${wrong.slice(0, 8).join('; ')}`
  return { id, want, got, held: wrong.length === 0 && asked > 0 }
}

/** Calls whose body is optional take an empty one; everything else here is refused. */
async function shapes({ world }: Stage, session: Session): Promise<PromiseResult> {
  const wrong: string[] = []
  let asked = 0
  for (const rule of world.app.routeRules.filter(isUnsafe)) {
    const caller = callerOf(rule, session)
    if (!caller) continue
    for (const rawBody of wrongBodies) {
      const headers = { 'content-type': 'application/json' }
      const { statusCode } = await caller.send(rule.method, addressOf(rule.url), { rawBody, headers })
      asked++
      const takesNoBody = statusCode === 204 || statusCode === 200
      const isRefused = statusCode >= 400 && statusCode < 500
      if (!isRefused && !(takesNoBody && bodyless.has(`${rule.method} ${rule.url}`)))
        wrong.push(`${rule.method} ${rule.url} ${rawBody}: ${statusCode}`)
    }
  }
  return judge('A4', 'wrong kinds, unknown fields, $-keys, prototypes: refused, no 5xx', wrong, asked, 'bodies')
}

/** Routes that look at no body at all. */
const bodyless = new Set(['POST /api/admin/callbacks/arm'])

async function operators({ world }: Stage, session: Session): Promise<PromiseResult> {
  const { paths = {} } = world.app.swagger() as {
    paths?: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>
  }
  const wrong: string[] = []
  let asked = 0
  for (const rule of world.app.routeRules.filter(({ method }) => method === 'GET')) {
    const caller = callerOf(rule, session)
    const described = paths[rule.url.replace(/:(\w+)/g, '{$1}')]?.['get']
    const names = (described?.parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name }) => name)
    if (!caller || names.length === 0) continue
    for (const query of names.flatMap(operatorForms)) {
      const { statusCode } = await caller.get(`${addressOf(rule.url)}?${query}`)
      asked++
      if (statusCode < 400 || statusCode >= 500) wrong.push(`${rule.url}?${query}: ${statusCode}`)
    }
  }
  return judge('A5', 'every filter × operator forms: refused', wrong, asked, 'queries')
}

async function searches({ world }: Stage, { admin }: Session): Promise<PromiseResult> {
  const registered = new Set(world.app.routeRules.map(({ url }) => url))
  const lists = ['/api/admin/people', '/api/admin/customers'].filter((url) => registered.has(url))
  const wrong: string[] = []
  const times: number[] = []
  for (const list of lists) {
    for (const text of hostileSearches) {
      const startedAt = performance.now()
      const { statusCode, body } = await admin.get(`${list}?q=${encodeURIComponent(text)}`)
      times.push(performance.now() - startedAt)
      const found = (Object.values(body ?? {}).find(Array.isArray) ?? []).length
      if (statusCode >= 500 || found > 0) wrong.push(`${list} ${JSON.stringify(text)}: ${statusCode}, ${found} found`)
    }
  }
  const slowest = Math.max(...times).toFixed(0)
  return judge('A6', 'hostile patterns are taken literally', wrong, times.length, `searches, slowest ${slowest} ms`)
}

async function returnPaths({ world }: Stage): Promise<PromiseResult> {
  const wrong: string[] = []
  for (const path of foreignPaths) {
    const browser = world.newBrowser()
    const { headers } = await browser.get(`/admin/auth/start?to=${encodeURIComponent(path)}`)
    const back = await world.passAdmin(headers.get('location') ?? '', 'TestAdmin')
    const location = (await browser.get(back)).headers.get('location') ?? ''
    if (!/^\/admin\/(#|$)/.test(location)) wrong.push(`${path} → ${location}`)
  }
  return judge('A7', 'after signing in nobody is sent elsewhere', wrong, foreignPaths.length, 'addresses')
}

async function cookies({ world }: Stage): Promise<PromiseResult> {
  const browser = world.newBrowser()
  const start = await browser.get('/admin/auth/start')
  const back = await browser.get(await world.passAdmin(start.headers.get('location') ?? '', 'TestAdmin'))
  const lines = [start, back].flatMap(({ headers }) => headers.getSetCookie())
  const wrong = lines.filter(
    (line) =>
      !line.startsWith('__Host-') ||
      !['Secure', 'HttpOnly', 'Path=/', 'SameSite=Lax'].every((one) => line.includes(one)),
  )
  return judge('A8', '__Host-, Secure, HttpOnly, Path=/, SameSite=Lax on every cookie', wrong, lines.length, 'cookies')
}

function headerFaults({ headers }: TestResponse): string[] {
  const policy = headers.get('content-security-policy') ?? ''
  const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? "'none'"
  const checks: Record<string, boolean> = {
    nosniff: headers.get('x-content-type-options') === 'nosniff',
    'referrer-policy': headers.get('referrer-policy') === 'strict-origin',
    hsts: headers.get('strict-transport-security')?.startsWith('max-age=31536000') ?? false,
    'frame-ancestors': policy.includes("frame-ancestors 'none'"),
    'script-src': !/unsafe-(inline|eval)/.test(scripts),
    'object-src or default-src': /(object|default)-src 'none'/.test(policy) || policy.includes("default-src 'self'"),
    'cache-control': headers.has('cache-control'),
  }
  return Object.keys(checks).filter((name) => !checks[name])
}

async function headers({ world }: Stage, session: Session): Promise<PromiseResult> {
  const wrong: string[] = []
  let asked = 0
  const note = (name: string, response: TestResponse) => {
    asked++
    const faults = headerFaults(response)
    if (faults.length > 0) wrong.push(`${name} ${response.statusCode}: ${faults.join(', ')}`)
  }
  for (const rule of world.app.routeRules.filter(({ url }) => !url.endsWith('/logout'))) {
    const address = addressOf(rule.url)
    note(`${rule.method} ${rule.url}`, await world.newBrowser().send(rule.method, address))
    const caller = callerOf(rule, session)
    if (caller && rule.method === 'GET') note(`${rule.method} ${rule.url}`, await caller.get(address))
  }
  note('GET /nothing', await world.newBrowser().get('/nothing'))
  note('GET /%', await world.newBrowser().get('/%'))
  return judge('A9', 'security headers on every route and status', wrong, asked, 'answers')
}

async function otherSites({ world }: Stage, session: Session): Promise<PromiseResult> {
  const wrong: string[] = []
  let asked = 0
  for (const rule of world.app.routeRules) {
    const caller = callerOf(rule, session)
    if (!caller || !['POST', 'PUT', 'DELETE'].includes(rule.method)) continue
    for (const headers of foreignOrigins) {
      const { statusCode } = await caller.send(rule.method, addressOf(rule.url), { headers, body: {} })
      asked++
      if (statusCode !== 403) wrong.push(`${rule.method} ${rule.url} ${JSON.stringify(headers)}: ${statusCode}`)
    }
    if (rule.method === 'DELETE') continue
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const { statusCode } = await caller.send(rule.method, addressOf(rule.url), { rawBody: 'a=1', headers: form })
    asked++
    if (statusCode < 400 || statusCode >= 500) wrong.push(`${rule.method} ${rule.url} as a form: ${statusCode}`)
  }
  return judge('A10', 'changes from other sites 403, forms refused', wrong, asked, 'calls')
}

function csvCells(): PromiseResult {
  const wrong = formulaCells.filter((cell) => {
    const written = toCsvCell(cell)
    const read = /^".*"$/s.test(written) ? written.slice(1, -1).replaceAll('""', '"') : written
    return !read.startsWith("'")
  })
  return judge(
    'A12',
    'no cell of an export is a formula',
    wrong.map((cell) => JSON.stringify(cell)),
    formulaCells.length,
    'cells',
  )
}

async function signatures({ world }: Stage, { guide }: Session): Promise<PromiseResult> {
  const wrong: string[] = []
  const pages = foreignPages(world.origin)
  for (const url of pages) {
    const { statusCode } = await guide.post('/api/sidebar/js-signatures', { url })
    if (statusCode < 400 || statusCode >= 500) wrong.push(`${url}: ${statusCode}`)
  }
  return judge('A14', 'signatures for our own pages only', wrong, pages.length, 'foreign addresses')
}

/** A15: random ids open nothing; A16: nobody is in who was not let in. */
async function guessing({ world }: Stage, count: number): Promise<PromiseResult> {
  const wrong: string[] = []
  const browser = world.newBrowser()
  for (let index = 0; index < count; index++) {
    const id = randomBytes(32).toString('base64url')
    browser.cookies.set('__Host-guidebar-admin', id)
    const { statusCode } = await browser.get('/api/admin/me')
    if (statusCode !== 401) wrong.push(`${statusCode}`)
  }
  return judge('A15', 'random session ids open nothing', wrong, count, 'guesses')
}
