import { createWriteStream, readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

import { createRandom, toLatencies } from './figures.ts'
import { createSealer, toEventId, toEventXml, type Credentials } from './packets.ts'

export type Pair = { userId: string; externalUserId: string }
export type SenderInput = {
  url: string
  credentials: Credentials
  perSecond: number
  /** At most; a line `stop` on standard input ends it sooner. */
  seconds: number
  /** How long an answer is waited for; WeCom hangs up after five seconds. */
  patienceMs: number
  seed: number
  /** JSON lines of `Pair`. */
  pairsFile: string
  /** Takes the id of each event that was answered 200, one a line, as soon as it was. */
  answeredFile: string
  /** Shares of 0 to 1. */
  repeats: number
  additions: number
}
export type SenderResult = {
  sent: number
  ok: number
  non200: Record<string, number>
  unanswered: number
  additions: number
  /** Of the answers 200, from the planned moment, so waiting in here counts as well. */
  latency: ReturnType<typeof toLatencies>
  /** Of all other answers, in the same way. */
  refusals: ReturnType<typeof toLatencies>
  /** How far the sender itself fell behind its plan, at worst. */
  behindMs: number
}

const input = JSON.parse(process.argv[2] ?? '{}') as SenderInput
const { url, credentials, perSecond, seconds, repeats, additions } = input
const pairs = readFileSync(input.pairsFile, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Pair)
const random = createRandom(input.seed)
const sealer = createSealer(credentials)
const answered = createWriteStream(input.answeredFile)
const agent = new Agent({ keepAlive: true, maxSockets: 400 })
const { hostname, port, pathname } = new URL(url)

const times: number[] = []
const refusalTimes: number[] = []
const stop = new AbortController()
process.stdin.on('data', () => stop.abort()).unref()
const result: SenderResult = {
  sent: 0,
  ok: 0,
  non200: {},
  unanswered: 0,
  additions: 0,
  latency: toLatencies([]),
  refusals: toLatencies([]),
  behindMs: 0,
}
const underWay = new Set<Promise<void>>()
const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)] as T

function makeEvent(number: number): string {
  const isAddition = random() < additions
  if (isAddition) result.additions += 1
  return toEventXml(credentials.corpId, {
    ...pick(pairs),
    changeType: isAddition ? 'add_external_contact' : 'edit_external_contact',
    createdAt: Math.floor(Date.now() / 1_000),
    // Without it two events of one second about one customer would be one.
    more: { State: `drill_${number}`, ...(isAddition && { WelcomeCode: `drill-${input.seed}-${number}` }) },
  })
}

function post(xml: string, plannedMs: number): Promise<void> {
  const { body, query } = sealer.seal(xml)
  const { promise, resolve } = Promise.withResolvers<void>()
  let isOver = false
  const end = (status: number | null) => {
    if (isOver) return
    isOver = true
    if (status === 200) {
      result.ok += 1
      if (result.ok === 1) console.log('SENDER_HEARD {}')
      times.push(performance.now() - plannedMs)
      answered.write(`${toEventId(credentials.corpId, xml)}\n`)
    } else if (status === null) result.unanswered += 1
    else {
      refusalTimes.push(performance.now() - plannedMs)
      result.non200[status] = (result.non200[status] ?? 0) + 1
    }
    resolve()
  }
  const call = request(
    {
      agent,
      hostname,
      port,
      path: `${pathname}?${query}`,
      method: 'POST',
      timeout: input.patienceMs,
      headers: { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) },
    },
    (response) => {
      response.on('end', () => end(response.statusCode ?? null)).on('error', () => end(null))
      response.resume()
    },
  )
  call
    .on('timeout', () => call.destroy())
    .on('error', () => end(null))
    .on('close', () => end(null))
  call.end(body)
  return promise
}

const recent: string[] = []
const total = Math.round(perSecond * seconds)
const startMs = performance.now() + 200
while (result.sent < total && !stop.signal.aborted) {
  const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1_000) * perSecond) + 1)
  for (; result.sent < due; result.sent += 1) {
    const plannedMs = startMs + (result.sent / perSecond) * 1_000
    result.behindMs = Math.max(result.behindMs, Math.round(performance.now() - plannedMs))
    const isRepeat = recent.length > 0 && random() < repeats
    const xml = isRepeat ? pick(recent) : makeEvent(result.sent)
    if (!isRepeat) recent.push(xml)
    if (recent.length > 500) recent.shift()
    const call: Promise<void> = post(xml, plannedMs).finally(() => underWay.delete(call))
    underWay.add(call)
  }
  await sleep(2)
}
await Promise.all(underWay)
agent.destroy()
result.latency = toLatencies(times)
result.refusals = toLatencies(refusalTimes)
await new Promise<void>((resolve) => answered.end(resolve))
console.log(`SENDER_DONE ${JSON.stringify(result)}`)
