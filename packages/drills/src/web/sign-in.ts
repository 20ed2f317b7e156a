import { randomBytes } from 'node:crypto'

import type { TestBrowser } from '@guidebar/testkit'

import type { Stage } from '../access/stage.ts'
import { bySize, type DrillOptions, type PromiseResult } from '../drill.ts'
import { foreignPaths } from './corpus.ts'
import { judge, spread } from './judge.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const cookieOf = { guide: '__Host-guidebar-guide', admin: '__Host-guidebar-admin' }
const locationOf = ({ headers }: { headers: Headers }) => headers.get('location') ?? ''
const sessionsIn = ({ world }: Stage) => world.db.collection('sessions').countDocuments()

/** A browser on its way back from WeCom. */
async function comeBack({ world }: Stage, browser = world.newBrowser(), query = '') {
  const start = await browser.get(`/admin/auth/start${query}`)
  return { browser, start, back: await world.passAdmin(locationOf(start), 'TestAdmin') }
}

/** A7: the way to WeCom and back. */
export async function wayIn(stage: Stage, { size, seed }: DrillOptions): Promise<PromiseResult[]> {
  const { world } = stage
  const wrong: string[] = []
  const expectNone = async (what: string, work: () => Promise<unknown>, most = 0) => {
    const before = await sessionsIn(stage)
    await work()
    const begun = (await sessionsIn(stage)) - before
    if (begun > most) wrong.push(`${what}: ${begun} sessions`)
  }

  const { browser, start, back } = await comeBack(stage)
  const state = new URL(locationOf(start)).searchParams.get('state') ?? ''
  if (!/^[0-9a-f]{32}$/.test(state)) wrong.push('a state has less than 128 bits')
  const tenTimes = () => Promise.all(Array.from({ length: 10 }, () => browser.get(back)))
  await expectNone('one code ten times at once', tenTimes, 1)
  await expectNone('the same state again', () => browser.get(back))
  await expectNone('a state of another browser', async () => {
    const mine = await comeBack(stage)
    const theirs = await comeBack(stage)
    await mine.browser.get(theirs.back)
    await world.newBrowser().get(mine.back)
  })
  await expectNone('an invented state', async () => {
    const mine = await comeBack(stage)
    const invented = new URL(mine.back)
    invented.searchParams.set('state', randomBytes(16).toString('hex'))
    await mine.browser.get(invented.href)
  })

  const planted = randomBytes(32).toString('base64url')
  const victim = world.newBrowser()
  victim.cookies.set(cookieOf.admin, planted)
  await victim.get((await comeBack(stage, victim)).back)
  if (victim.cookies.get(cookieOf.admin) === planted) wrong.push('the session has an id that somebody planted')
  const again = victim.cookies.get(cookieOf.admin)
  await victim.get((await comeBack(stage, victim)).back)
  if (victim.cookies.get(cookieOf.admin) === again) wrong.push('a second sign-in keeps the id')

  const strayed: string[] = []
  const paths = spread(foreignPaths, bySize(size, { long: 60, short: 60, test: 12 }), seed)
  for (const path of paths) {
    const query = `?to=${encodeURIComponent(path)}`
    const came = await comeBack(stage, world.newBrowser(), query)
    const location = locationOf(await came.browser.get(came.back))
    if (!/^\/admin\/(#|$)/.test(location)) strayed.push(`${path} → ${location}`)
  }
  return [
    judge('A7', 'state 128 bits, once, of this browser; one code one session; a new id each time', wrong, 7, 'tricks'),
    judge('A7', 'after signing in nobody is sent elsewhere', strayed, paths.length, 'addresses'),
  ]
}

/** A8: how cookies are set. */
export async function cookies(stage: Stage): Promise<PromiseResult> {
  const { browser, start, back } = await comeBack(stage)
  const end = await browser.get(back)
  const { world } = stage
  const guide = await world.newBrowser().get('/sidebar/')
  const out = await (await world.signInFresh('guide', 'Idle')).post('/api/sidebar/logout')
  const lines = [start, end, guide, out].flatMap(({ headers }) => headers.getSetCookie())
  const wrong = lines.filter(
    (line) =>
      !line.startsWith('__Host-') ||
      !['Secure', 'HttpOnly', 'Path=/', 'SameSite=Lax'].every((one) => line.split('; ').includes(one)),
  )
  return judge('A8', '__Host-, Secure, HttpOnly, Path=/, SameSite=Lax on every cookie', wrong, lines.length, 'cookies')
}

/** A8: how long sessions live. Moves the clock by more than a week: whoever was signed in before is out afterwards. */
export async function sessionLives({ world }: Stage): Promise<PromiseResult> {
  const wrong: string[] = []
  const ask = async (browser: TestBrowser, path: string) => (await browser.get(path)).statusCode
  const kinds = [
    { kind: 'guide', member: 'Follower', path: '/api/sidebar/tag-groups', idleMs: 8 * hourMs, mostMs: 7 * 24 * hourMs },
    { kind: 'admin', member: 'TestAdmin', path: '/api/admin/me', idleMs: 30 * minuteMs, mostMs: 12 * hourMs },
  ] as const
  for (const { kind, member, path, idleMs, mostMs } of kinds) {
    const left = await world.signInFresh(kind, member)
    const kept = left.cookies.get(cookieOf[kind]) ?? ''
    await left.post(`/api/${kind === 'guide' ? 'sidebar' : 'admin'}/logout`)
    left.cookies.set(cookieOf[kind], kept)
    if ((await ask(left, path)) !== 401) wrong.push(`${kind}: a cookie from before the logout is let in`)

    const idle = await world.signInFresh(kind, member)
    world.clock.advance(idleMs - minuteMs)
    if ((await ask(idle, path)) !== 200) wrong.push(`${kind}: out before the time`)
    world.clock.advance(idleMs + minuteMs)
    if ((await ask(idle, path)) !== 401) wrong.push(`${kind}: in after ${idleMs / minuteMs} idle minutes`)

    const busy = await world.signInFresh(kind, member)
    for (let awayMs = 0; awayMs < mostMs; awayMs += idleMs / 2) {
      if ((await ask(busy, path)) !== 200) wrong.push(`${kind}: out while at work`)
      world.clock.advance(idleMs / 2)
    }
    world.clock.advance(minuteMs)
    if ((await ask(busy, path)) !== 401) wrong.push(`${kind}: in for ever while at work`)
  }
  return judge('A8', 'idle 8 h and 30 min, at most 7 days and 12 h, and no longer than the logout', wrong, 10, 'looks')
}
