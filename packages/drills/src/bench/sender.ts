import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

import type { Bench, Server } from './bench.ts'
import type { Pair, SenderInput, SenderResult } from './sender.main.ts'

export type SendPlan = Pick<SenderInput, 'perSecond' | 'seconds' | 'seed' | 'repeats' | 'additions'> & {
  server: Server
}

/** Pairs of guide and customer as the pretend WeCom holds them. */
export async function listPairs({ wecom }: Bench, most: number): Promise<Pair[]> {
  const { relations } = await wecom.truth({ limit: most })
  return relations.map(({ userId, externalUserId }) => ({ userId, externalUserId }))
}

/**
 * Lets a process of its own post events at a planned pace, whatever the server does.
 * @returns its result, and the ids of the events that were answered 200
 */
export async function sendEvents(
  bench: Bench,
  { server, ...plan }: SendPlan,
): Promise<SenderResult & { answered: string[] }> {
  const pairsFile = path.join(bench.folder, 'pairs.jsonl')
  const answeredFile = path.join(bench.folder, `answered-${plan.seed}-${Date.now()}.txt`)
  const pairs = await listPairs(bench, 5_000)
  await writeFile(pairsFile, pairs.map((pair) => JSON.stringify(pair)).join('\n'))
  const { corpId, callback } = bench
  const input: SenderInput = {
    ...plan,
    url: bench.callbackUrl(server),
    credentials: { corpId, ...callback },
    pairsFile,
    answeredFile,
  }
  const part = bench.startPart('bench/sender.main.ts', input)
  const result = JSON.parse(await part.lineWith('SENDER_DONE')) as SenderResult
  await part.exited
  const answered = (await readFile(answeredFile, 'utf8')).split('\n').filter(Boolean)
  return { ...result, answered: [...new Set(answered)] }
}

/** How many of these events the inbox does not hold. */
export async function countMissing({ db }: Bench, ids: string[]): Promise<number> {
  let found = 0
  for (let from = 0; from < ids.length; from += 5_000) {
    const part = ids.slice(from, from + 5_000)
    found += await db.collection('callbackEvents').countDocuments({ _id: { $in: part as never[] } })
  }
  return ids.length - found
}
