import type { TestResponse } from '@guidebar/testkit'

import { bySize, type Drill, type PromiseResult } from '../drill.ts'
import { classes, classOf, fits, principals, type Answer, type Principal, type RouteClass } from './expectations.ts'
import { leaksOfLists } from './lists.ts'
import { tryRandomPairs } from './random-pairs.ts'
import { ownStore, withStage, type Stage } from './stage.ts'

type Cell = { route: string; routeClass: RouteClass; principal: Principal; want: Answer; got: number }

/** A1 to A3: every route of the running app × every kind of caller, and random pairs of callers and objects. */
export const run: Drill = async ({ size, seed, say }) =>
  withStage(
    async (stage) => {
      const rules = stage.world.app.routeRules
      const undeclared = rules
        .filter(({ method, url }) => !classOf(method, url))
        .map(({ method, url }) => `${method} ${url}`)

      say(`${rules.length} routes × ${principals.length} callers …`)
      const cells = await walkMatrix(stage)
      printMatrix(cells, say)
      const wrong = cells.filter(({ want, got }) => !fits(want, got))
      const pairs = bySize(size, { long: 500, short: 120, test: 25 })
      say(`${pairs} random pairs for each route with an object …`)
      const random = await tryRandomPairs(stage, { pairs, seed })
      const leaks = await leaksOfLists(stage)
      const lost = await loseRights(stage)

      return {
        promises: [
          {
            id: 'A1',
            want: 'every route has a declared expectation',
            got: undeclared.length === 0 ? `${rules.length} routes` : `missing: ${undeclared.join(', ')}`,
            held: undeclared.length === 0,
          },
          {
            id: 'A1',
            want: 'every caller gets the answer that was declared',
            got:
              wrong.length === 0
                ? `${cells.length} cells`
                : wrong
                    .map(({ route, principal, want, got }) => `${route} × ${principal}: ${got}, not ${String(want)}`)
                    .join('; '),
            held: wrong.length === 0 && cells.length > 0,
          },
          ...random,
          {
            id: 'A2',
            want: 'lists, filters, cursors and counts show nothing of another store',
            got: leaks.wrong.length === 0 ? `${leaks.asked} questions` : leaks.wrong.join('; '),
            held: leaks.wrong.length === 0 && leaks.asked > 0,
          },
          lost,
        ],
      }
    },
    { customers: bySize(size, { long: 12, short: 8, test: 3 }) },
  )

/** What changes who somebody is comes late, and what ends a session last. */
const turnOf = (url: string) => (url.endsWith('/logout') ? 2 : url.endsWith('/role') ? 1 : 0)

async function walkMatrix(stage: Stage): Promise<Cell[]> {
  const cells: Cell[] = []
  const rules = stage.world.app.routeRules.toSorted((a, b) => turnOf(a.url) - turnOf(b.url))
  for (const { method, url } of rules) {
    const routeClass = classOf(method, url)
    if (!routeClass) continue
    for (const principal of principals) {
      const caller = stage.callers[principal]
      // Each cell is a first visit: a sign-in would count its tries otherwise.
      caller.cookies.delete('__Host-guidebar-signin')
      const kept = new Map(caller.cookies)
      const body = method === 'POST' || method === 'PUT' ? { body: {} } : {}
      const response: TestResponse = await caller.send(method, addressOf(stage, url), body)
      const want = classes[routeClass][principal]
      cells.push({ route: `${method} ${url}`, routeClass, principal, want, got: response.statusCode })
      if (url.endsWith('/logout')) continue
      for (const [name, value] of kept) caller.cookies.set(name, value)
    }
  }
  return cells
}

function addressOf({ world, customer, follower }: Stage, url: string): string {
  const values: Record<string, string> = {
    ':externalUserId': customer.externalUserId,
    ':corpId': world.corpId,
    ':userId': follower.userId,
    ':departmentId': String(ownStore),
    '*': 'nothing-here',
  }
  return url.replace(/:\w+|\*/g, (part) => values[part] ?? 'a'.repeat(24))
}

function printMatrix(cells: Cell[], say: (line: string) => void): void {
  const short = (answer: number) => String(answer).padEnd(4)
  say(`${'route class'.padEnd(16)}${principals.map((name) => name.slice(0, 12).padEnd(13)).join('')}`)
  for (const name of Object.keys(classes) as RouteClass[]) {
    const ofClass = cells.filter(({ routeClass }) => routeClass === name)
    if (ofClass.length === 0) continue
    const columns = principals.map((principal) => {
      const seen = new Set(ofClass.filter((cell) => cell.principal === principal).map(({ got }) => got))
      return [...seen]
        .toSorted((a, b) => a - b)
        .map(short)
        .join('')
        .slice(0, 12)
        .padEnd(13)
    })
    say(`${name.padEnd(16)}${columns.join('')}`)
  }
}

/** A3: who leaves, or loses his role, is refused within five seconds of the event. */
async function loseRights({ world }: Stage): Promise<PromiseResult> {
  const manager = await world.signInFresh('admin', 'OtherManager')
  const ask = async () => (await manager.get('/api/admin/me')).statusCode
  const before = await ask()
  await world.wecom.act('deleteMember', { userId: 'OtherManager' })
  await world.settle()
  world.clock.advance(5_000)
  const after = await ask()
  return {
    id: 'A3',
    want: 'who leaves the corp is refused 5 s after the event',
    got: `${before} before, ${after} after`,
    held: before === 200 && after === 401,
  }
}
