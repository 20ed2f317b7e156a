import type { TestResponse } from '@guidebar/testkit'

import type { Stage } from '../access/stage.ts'
import type { PromiseResult } from '../drill.ts'
import { foreignOrigins } from './corpus.ts'
import { addressOf, callerOf, judge, type Session } from './judge.ts'

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

/** A9: on every route and status. */
export async function headers({ world }: Stage, session: Session): Promise<PromiseResult> {
  const wrong: string[] = []
  let asked = 0
  const note = (name: string, response: TestResponse) => {
    asked++
    const faults = headerFaults(response)
    if (faults.length > 0) wrong.push(`${name} ${response.statusCode}: ${faults.join(', ')}`)
    const isData = name.includes('/api/') && response.headers.get('cache-control')?.includes('no-store') === false
    // What carries a stamp of its content is kept by the panel on purpose, for itself alone.
    const isStamped = response.headers.has('etag') && response.headers.get('cache-control')?.includes('private')
    if (isData && !isStamped) wrong.push(`${name} ${response.statusCode}: may be stored`)
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

/** A10: changes that another site asks for. */
export async function otherSites({ world }: Stage, session: Session): Promise<PromiseResult> {
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
