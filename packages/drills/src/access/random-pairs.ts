import type { TestBrowser, TestResponse } from '@guidebar/testkit'

import type { PromiseResult } from '../drill.ts'
import { ownStore, type Stage } from './stage.ts'

type Caller = { name: string; browser: TestBrowser; sees: (owner: { userId: string; departmentId: number }) => boolean }
type ObjectRoute = {
  route: string
  callers: Caller[]
  objects: { id: string; owner: Stage['guides'][number]['guide'] }[]
}

/** A2: random callers ask for random objects; the truth is who follows whom, and in which store. */
export async function tryRandomPairs(
  stage: Stage,
  { pairs, seed }: { pairs: number; seed: number },
): Promise<PromiseResult[]> {
  const random = createRandom(seed)
  const { world } = stage
  const guides: Caller[] = await Promise.all(
    stage.guides.map(async ({ guide }) => ({
      name: guide.userId,
      browser: await world.signInFresh('guide', guide.userId),
      sees: ({ userId }) => userId === guide.userId,
    })),
  )
  const managers: Caller[] = await Promise.all(
    (['Manager', 'OtherManager', 'TestAdmin'] as const).map(async (userId) => ({
      name: userId,
      browser: await world.signInFresh('admin', userId),
      sees: ({ departmentId }) => userId === 'TestAdmin' || (userId === 'Manager') === (departmentId === ownStore),
    })),
  )
  const customers = stage.guides.flatMap(({ guide, customers: followed }) =>
    followed.map(({ externalUserId }) => ({ id: externalUserId, owner: guide })),
  )
  const people = stage.guides.map(({ guide }) => ({ id: guide.userId, owner: guide }))
  const registered = new Set(world.app.routeRules.filter(({ method }) => method === 'GET').map(({ url }) => url))
  const routes: ObjectRoute[] = [
    { route: '/api/sidebar/context?externalUserId=:id', callers: guides, objects: customers },
    { route: '/api/sidebar/customers/:externalUserId/timeline', callers: guides, objects: customers },
    { route: '/api/sidebar/customers/:externalUserId/notes', callers: guides, objects: customers },
    { route: '/api/sidebar/customers/:externalUserId/profile', callers: guides, objects: customers },
    { route: '/api/sidebar/sends?externalUserId=:id', callers: guides, objects: customers },
    { route: '/api/sidebar/sends/history?externalUserId=:id', callers: guides, objects: customers },
    { route: '/api/admin/people/:userId', callers: managers, objects: people },
    { route: '/api/admin/customers/:externalUserId', callers: managers, objects: customers },
    { route: '/api/admin/customers/:externalUserId/timeline', callers: managers, objects: customers },
  ].filter(({ route }) => registered.has(route.split('?', 1)[0] ?? ''))

  const wrong: string[] = []
  const times: { foreign: number[]; nobody: number[] } = { foreign: [], nobody: [] }
  let asked = 0
  for (const { route, callers, objects } of routes) {
    for (let index = 0; index < pairs; index++) {
      const caller = callers[Math.floor(random() * callers.length)]
      const object = objects[Math.floor(random() * objects.length)]
      if (!caller || !object) continue
      const mine = caller.sees(object.owner)
      const { answer, ms } = await timed(() => caller.browser.get(route.replace(/:\w+/, object.id)))
      asked++
      if (answer.statusCode !== (mine ? 200 : 404))
        wrong.push(`${caller.name} ${route} of ${object.owner.userId}: ${answer.statusCode}`)
      if (mine) continue
      times.foreign.push(ms)
      const nobody = await timed(() => caller.browser.get(route.replace(/:\w+/, strangeId(object.id))))
      times.nobody.push(nobody.ms)
      if (plain(nobody.answer) !== plain(answer)) wrong.push(`${caller.name} ${route}: the answer tells that it exists`)
    }
  }
  const gap = Math.abs(median(times.foreign) - median(times.nobody))
  return [
    {
      id: 'A2',
      want: 'random pairs: own 200, foreign 404 with the answer of what does not exist',
      got: wrong.length === 0 ? `${asked} pairs on ${routes.length} routes` : wrong.slice(0, 10).join('; '),
      held: wrong.length === 0 && asked > 0,
    },
    {
      id: 'A2',
      want: 'a foreign object takes as long as none, ±20 ms',
      got: `medians ${gap.toFixed(1)} ms apart over ${times.foreign.length}`,
      held: gap <= 20,
      measures: 'time',
    },
  ]
}

async function timed(work: () => Promise<TestResponse>) {
  const startedAt = performance.now()
  const answer = await work()
  return { answer, ms: performance.now() - startedAt }
}

/** As an answer is when the number of the request is left out. */
const plain = ({ statusCode, text }: TestResponse) => `${statusCode} ${text.replace(/"requestId":"[^"]*"/, '')}`
const strangeId = (id: string) => id.split('').toReversed().join('')

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** Numbers from 0 to 1, the same for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed + 0x9e3779b9
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
