import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

import type { DrillSize } from '../drill.ts'
import type { Bench, Server } from './bench.ts'
import type { Pair, SenderInput, SenderResult } from './sender.main.ts'

export type SendPlan = Pick<SenderInput, 'perSecond' | 'seconds' | 'seed' | 'repeats' | 'additions'> & {
  server: Server
  patienceMs?: number
}

/** As long as WeCom waits; inside the test run, where nothing is judged by the clock, as long as it takes. */
export const patienceOf = (size: DrillSize): number => (size === 'test' ? 60_000 : 5_000)

/** Pairs of guide and customer as the pretend WeCom holds them. */
export async function listPairs({ wecom }: Bench, most: number): Promise<Pair[]> {
  const { relations } = await wecom.truth({ limit: most })
  return relations.map(({ userId, externalUserId }) => ({ userId, externalUserId }))
}

export type SentEvents = SenderResult & {
  /** The ids of the events that were answered 200. */
  answered: string[]
}
export type Sending = {
  /** Resolves once the first event was answered 200. */
  heard: Promise<unknown>
  /** Ends it before its time. */
  stop(): void
  ended: Promise<SentEvents>
}

/** Lets a process of its own post events at a planned pace, whatever the server does. */
export async function startSending(bench: Bench, { server, ...plan }: SendPlan): Promise<Sending> {
  const pairsFile = path.join(bench.folder, 'pairs.jsonl')
  const answeredFile = path.join(bench.folder, `answered-${plan.seed}-${Date.now()}.txt`)
  const pairs = await listPairs(bench, 5_000)
  await writeFile(pairsFile, pairs.map((pair) => JSON.stringify(pair)).join('\n'))
  const { corpId, callback } = bench
  const input: SenderInput = {
    patienceMs: 5_000,
    ...plan,
    url: bench.callbackUrl(server),
    credentials: { corpId, ...callback },
    pairsFile,
    answeredFile,
  }
  const part = bench.startPart('bench/sender.main.ts', input)
  const ended = part.lineWith('SENDER_DONE').then(async (line): Promise<SentEvents> => {
    await part.exited
    const answered = (await readFile(answeredFile, 'utf8')).split('\n').filter(Boolean)
    return { ...(JSON.parse(line) as SenderResult), answered: [...new Set(answered)] }
  })
  // Whoever waits for the end is told; nobody may be waiting yet.
  ended.catch(() => undefined)
  return { heard: part.lineWith('SENDER_HEARD'), stop: () => part.say('stop'), ended }
}

/** The same, to its planned end. */
export const sendEvents = async (bench: Bench, plan: SendPlan): Promise<SentEvents> =>
  (await startSending(bench, plan)).ended

/** How many of these events the inbox does not hold. */
export async function countMissing({ db }: Bench, ids: string[]): Promise<number> {
  let found = 0
  for (let from = 0; from < ids.length; from += 5_000) {
    const part = ids.slice(from, from + 5_000)
    found += await db.collection('callbackEvents').countDocuments({ _id: { $in: part as never[] } })
  }
  return ids.length - found
}
