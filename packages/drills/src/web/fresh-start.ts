import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { createTestBrowser } from '@guidebar/testkit/test-browser'
import { findFreePort } from '@guidebar/testkit/ports'
import { startWorld } from '@guidebar/testkit/world'

import type { Stage } from '../access/stage.ts'
import { startPart } from '../bench/part.ts'
import type { PromiseResult } from '../drill.ts'
import { addressOf, judge, type Rule } from './judge.ts'

const codeForm = /[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/g
/** What people try first. */
const guesses = ['', 'admin', 'admin:admin', 'root:root', 'guidebar:guidebar', 'admin:123456']

type Seen = { scan: Map<string, number>; codes: number }

/** A16: a server as it is unpacked lets nobody in, in any mode; a code is good once and for a quarter of an hour. */
export async function freshStart({ world }: Stage, mongoUri: string): Promise<PromiseResult[]> {
  const rules = world.app.routeRules
  const [production, development] = await Promise.all([startBare(rules, 'production'), startBare(rules, 'development')])
  const wrong = rules.flatMap(({ method, url, access }) => {
    const name = `${method} ${url}`
    const status = production.scan.get(name) ?? 0
    const isClosed = access !== 'public' && status < 400
    const isOps = /^\/(metrics|readyz|reference)/.test(url) && status !== 404
    return [
      ...(isClosed || isOps ? [`${name}: ${status}`] : []),
      ...(development.scan.get(name) === status ? [] : [`${name}: differs by NODE_ENV`]),
    ]
  })
  for (const [name, status] of production.scan)
    if (name.startsWith('guess ') && status < 400) wrong.push(`${name}: ${status}`)
  if (production.codes !== 1) wrong.push(`the code was printed ${production.codes} times`)
  const asked = production.scan.size + development.scan.size
  return [
    judge('A16', 'a fresh start lets nobody in, in any NODE_ENV', wrong, asked, 'calls'),
    await oneTimeCode(mongoUri),
  ]
}

/** A process with an address and a folder, and nothing else. */
async function startBare(rules: Rule[], nodeEnv: string): Promise<Seen> {
  const folder = await mkdtemp(path.join(tmpdir(), 'guidebar-fresh-'))
  const port = await findFreePort()
  const origin = `http://127.0.0.1:${port}`
  const logFile = path.join(folder, 'server.log')
  const server = startPart({
    program: 'apps/server/src/main.ts',
    env: {
      NODE_ENV: nodeEnv,
      PUBLIC_URL: origin,
      PORT: String(port),
      DATA_DIR: path.join(folder, 'db'),
      LOG_LEVEL: 'error',
      RATE_LIMIT_SCALE: '1000',
      // Nobody is asked: there is no corp yet.
      WECOM_API_URL: 'http://127.0.0.1:9',
    },
    logFile,
  })
  try {
    await waitForAnswer(`${origin}/livez`)
    const browser = createTestBrowser({ origin })
    const scan = new Map<string, number>()
    for (const rule of rules) {
      const body = rule.method === 'POST' || rule.method === 'PUT' ? { body: {} } : {}
      scan.set(`${rule.method} ${rule.url}`, (await browser.send(rule.method, addressOf(rule.url), body)).statusCode)
    }
    for (const guess of guesses) {
      const headers = { authorization: `Basic ${Buffer.from(guess).toString('base64')}` }
      scan.set(`guess ${guess}`, (await browser.get('/api/admin/me', { headers })).statusCode)
      scan.set(`guess code ${guess}`, (await browser.post('/admin/auth/first-admin', { code: guess })).statusCode)
    }
    const codes = server.lastLines().match(codeForm)?.length ?? 0
    return { scan, codes }
  } finally {
    server.kill('SIGTERM')
    await server.exited
    await rm(folder, { recursive: true, force: true })
  }
}

async function waitForAnswer(address: string): Promise<void> {
  const until = Date.now() + 60_000
  while (Date.now() < until) {
    const answer = await fetch(address).catch(() => null)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${address} did not answer`)
}

async function oneTimeCode(mongoUri: string): Promise<PromiseResult> {
  const world = await startWorld({ mongoUri, env: { ADMIN_USER_IDS: '' } })
  try {
    const { firstAdmin } = world.services
    const wrong: string[] = []
    const enter = async (code: string) =>
      (await world.newBrowser().post('/admin/auth/first-admin', { code })).statusCode
    const late = (await firstAdmin.issue(world.corpId)) ?? ''
    world.clock.advance(15 * 60_000 + 1)
    if ((await enter(late)) !== 403) wrong.push('a code is taken after 15 minutes')
    const code = (await firstAdmin.issue(world.corpId)) ?? ''
    const at = await Promise.all(Array.from({ length: 5 }, () => enter(code)))
    if (at.filter((status) => status === 204).length !== 1) wrong.push(`five at once with one code: ${at.join()}`)
    const guessed = (await firstAdmin.issue(world.corpId)) ?? ''
    for (let tries = 0; tries < 10; tries++) await enter('ZZZZ-ZZZZ-ZZZZ')
    if ((await enter(guessed)) !== 403) wrong.push('a code outlives ten wrong tries')
    return judge('A16', 'the first code: once, 15 minutes, ten tries', wrong, 18, 'tries')
  } finally {
    await world.close()
  }
}
