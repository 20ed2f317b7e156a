import { randomBytes } from 'node:crypto'

import type { TestBrowser } from '@guidebar/testkit'
import { startWorld } from '@guidebar/testkit/world'
import { scaleRateLimits } from '@guidebar/server/platform/rate-limits'

import type { Stage } from '../access/stage.ts'
import { loadNow } from '../bench/figures.ts'
import type { PromiseResult } from '../drill.ts'
import { thresholds } from '../thresholds.ts'
import { foreignPages } from './corpus.ts'
import { judge, quantile, type Session } from './judge.ts'

/** A14: JS-SDK signatures. */
export async function signatures({ world }: Stage, { guide }: Session): Promise<PromiseResult> {
  const wrong: string[] = []
  const pages = foreignPages(world.origin)
  const ask = async (browser: TestBrowser, url: string) =>
    (await browser.post('/api/sidebar/js-signatures', { url })).statusCode
  for (const url of pages) {
    const status = await ask(guide, url)
    if (status < 400 || status >= 500) wrong.push(`${url}: ${status}`)
  }
  const own = `${world.origin}/sidebar/?a=1`
  if ((await ask(guide, own)) !== 200) wrong.push('our own page is refused')
  if ((await ask(world.newBrowser(), own)) !== 401) wrong.push('signed without a session')
  const [whole, cut] = await Promise.all([
    guide.post('/api/sidebar/js-signatures', { url: `${own}#/chat` }),
    guide.post('/api/sidebar/js-signatures', { url: own }),
  ])
  for (const { body, statusCode } of [whole, cut]) {
    if (statusCode !== 200) continue
    const { timestamp, nonceStr, signature } = body.agent
    const { corpId, agentId } = world.corp
    const proof = { url: own, timestamp, nonceStr, signature, corpId, agentId, kind: 'agentConfig' } as const
    if (!(await world.wecom.verifyJsSignature(proof)).ok) wrong.push('WeCom does not take the signature of our page')
  }
  return judge('A14', 'signatures for our own pages only, in a session', wrong, pages.length, 'foreign addresses')
}

/** A15: ids that somebody guesses. */
export async function guessing({ world }: Stage, count: number): Promise<PromiseResult[]> {
  const wrong: string[] = []
  const times: number[] = []
  const browser = world.newBrowser()
  for (let index = 0; index < count; index++) {
    browser.cookies.set('__Host-guidebar-admin', randomBytes(32).toString('base64url'))
    const began = performance.now()
    const { statusCode } = await browser.get('/api/admin/me')
    times.push(performance.now() - began)
    if (statusCode !== 401) wrong.push(`${statusCode}`)
  }
  const median = quantile(times, 0.5)
  return [
    judge('A15', 'random session ids open nothing', wrong, count, 'guesses'),
    {
      id: 'A15',
      want: `half of them <= ${thresholds.guessMs} ms`,
      got: `${median.toFixed(1)} ms (${loadNow()})`,
      held: median <= thresholds.guessMs,
      measures: 'time',
    },
  ]
}

/** A15: how often what may be called. Each limit is met from an address of its own, as a proxy in front tells it. */
export async function limits(mongoUri: string): Promise<PromiseResult> {
  const limited = scaleRateLimits(1)
  const world = await startWorld({ mongoUri, rateLimits: limited, env: { TRUST_PROXY: '127.0.0.1' } })
  try {
    await world.addAdmin()
    await world.addGuide({ userId: 'Follower' })
    const guide = await world.browserOf({ userId: 'Follower' })
    const [admin, second, third] = [
      await world.signInFresh('admin', 'TestAdmin'),
      await world.signInFresh('admin', 'TestAdmin'),
      await world.signInFresh('admin', 'TestAdmin'),
    ]
    const anybody = world.newBrowser()
    const page = { url: `${world.origin}/sidebar/` }
    const exporting = (at: number) => ({ key: `limit-export-${at}`, selection: { filter: {} }, language: 'zh-CN' })
    let exportsBegun = 0
    const calls: { name: string; most: number; call: (headers: Record<string, string>) => Promise<Answer> }[] = [
      { name: 'an address', most: limited.ip, call: (headers) => anybody.get('/api/admin/me', { headers }) },
      { name: 'sign-ins', most: limited.signIn, call: (headers) => anybody.get('/admin/auth/start', { headers }) },
      { name: 'a session', most: limited.session, call: (headers) => admin.get('/api/admin/me', { headers }) },
      {
        name: 'searches',
        most: limited.search,
        call: (headers) => second.get('/api/admin/customers?q=x', { headers }),
      },
      {
        name: 'exports',
        most: limited.exports,
        call: (headers) => third.post('/api/admin/customer-exports', exporting(exportsBegun++), { headers }),
      },
      {
        name: 'signatures',
        most: limited.jsSignatures,
        call: (headers) => guide.post('/api/sidebar/js-signatures', page, { headers }),
      },
    ]
    const wrong: string[] = []
    for (const [at, { name, most, call }] of calls.entries()) {
      const headers = { 'x-forwarded-for': `10.20.30.${at + 1}` }
      const before = await inTurns(most, () => call(headers))
      const refused = before.filter(({ statusCode }) => statusCode === 429).length
      if (refused > 0) wrong.push(`${name}: ${refused} of the first ${most} refused`)
      const over = await call(headers)
      const wait = Number(over.headers.get('retry-after'))
      if (over.statusCode !== 429 || !(wait > 0)) wrong.push(`${name}: ${over.statusCode} after ${most}, wait ${wait}`)
    }
    return judge('A15', 'every limit: 429 with Retry-After, and not before', wrong, calls.length, 'limits')
  } finally {
    await world.close()
  }
}

type Answer = { statusCode: number; headers: Headers }
const width = 10

async function inTurns(count: number, call: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let done = 0; done < count; done += width)
    answers.push(...(await Promise.all(Array.from({ length: Math.min(width, count - done) }, call))))
  return answers
}
