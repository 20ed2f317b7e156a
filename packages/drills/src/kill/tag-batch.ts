import { randomBytes } from 'node:crypto'

import type { Bench, Server } from '../bench/bench.ts'
import { callsOf } from '../bench/callers.ts'
import { createRandom } from '../bench/figures.ts'
import { waitUntil } from '../bench/wait.ts'
import { bySize, type DrillOptions, type PromiseResult } from '../drill.ts'

/** Customers a batch tags side by side: each may have a call under way whose answer is lost. */
const atOnce = 4
const path = 'externalcontact/mark_tag'
const latencyMs = 100

/** P1: a server that is tagging many customers is killed; the next one goes on. */
export async function killInTagBatch(bench: Bench, server: Server, options: DrillOptions): Promise<PromiseResult> {
  const { size, seed, say } = options
  const kills = bySize(size, { long: 10, short: 4, test: 2 })
  const { db, wecom } = bench
  const [guide] = (await wecom.guideDigests()).toSorted((a, b) => b.relations - a.relations)
  const [group] = await wecom.tagGroups()
  const tag = group?.tags[0]
  if (!guide || !tag) throw new Error('the corp has no guide or no tag')
  await waitUntil(async () => (await db.collection('customerEntries').countDocuments()) > 0, { mostMs: 120_000 })
  await wecom.changeSettings({ latencyMsByPath: { [path]: latencyMs } })
  const before = await callsOf(bench, path)

  const admin = await bench.asAdmin(server)
  const body = {
    key: randomBytes(12).toString('hex'),
    selection: { filter: { userId: guide.userId } },
    add: [tag.tagId],
    remove: [],
  }
  const begun = await admin.post('/tag-batches', body)
  if (begun.statusCode !== 202) throw new Error(`no batch was begun: ${begun.statusCode} ${begun.text}`)
  const { batchId } = begun.body as { batchId: string }
  const rows = db.collection('tagBatchRows')
  const batch = () => db.collection('tagBatches').findOne({}, { sort: { _id: -1 } })
  await waitUntil(async () => (await batch())?.['phase'] === 'tagging', { mostMs: 120_000 })
  const total = await rows.countDocuments({ batchId, state: { $ne: 'same' } })
  say(`${total} relations are tagged, the server is killed ${kills} times …`)

  const random = createRandom(seed)
  const done = () => rows.countDocuments({ batchId, state: 'changed' })
  const seen: number[] = []
  for (let killed = 0; killed < kills; killed++) {
    // By rows, not by the clock: a kill must find the batch at work, however fast or slow the machine.
    const due = (total * (killed + 0.2 + random() * 0.6)) / (kills + 1)
    await waitUntil(async () => (await done()) >= due, { mostMs: 120_000, everyMs: 10 })
    await server.kill('SIGKILL')
    seen.push(await done())
    await server.start()
  }
  const ended = await waitUntil(async () => (await batch())?.['phase'] === 'done', { mostMs: 180_000 })
  const extra = (await callsOf(bench, path)) - before - total
  const meant = await rows.find({ batchId }).toArray()
  const tagged = await Promise.all(
    meant.map(async (row) => {
      const relation = await wecom.relation(String(row['userId']), String(row['externalUserId']))
      return relation?.tagNames.filter((name) => name === tag.name).length === 1
    }),
  )
  const missing = tagged.filter((isTagged) => !isTagged).length
  const wentOn = seen.every((count, at) => count >= (seen[at - 1] ?? 0)) && (seen.at(-1) ?? 0) < total
  return {
    id: 'P1',
    want: `${total} relations tagged through ${kills} x kill -9: each once, from where it was`,
    got: `${missing} without the tag, done at each kill: ${seen.join(', ')}, ${extra} calls more, ${ended === null ? 'not ended' : 'ended'}`,
    held: missing === 0 && ended !== null && wentOn && extra <= kills * atOnce && total > 0,
  }
}
