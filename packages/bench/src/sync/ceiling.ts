import type { connectMongo } from '@guidebar/mongo'

type Db = Awaited<ReturnType<typeof connectMongo>>

/** What a sync writes. */
const copied = ['customers', 'relationEvents', 'relations'] as const
const batchSize = 1_000
const writers = 2
/** Read ahead and held while nothing is timed. */
const chunkSize = 20_000

/**
 * How fast the plain driver takes the very same documents: inserts by `bulkWrite`, two writers, a thousand a batch, into
 * collections with the same indexes, in the order in which WeCom gave them. Only the writing is timed.
 */
export async function measureCeiling(db: Db): Promise<{ seconds: number; documents: number }> {
  let seconds = 0
  let documents = 0
  for (const name of copied) {
    const source = db.collection(name)
    const target = db.collection(`ceiling_${name}`)
    const indexes = (await source.indexes()).filter(({ name: index }) => index !== '_id_')
    for (const { key, unique } of indexes) await target.createIndex(key, unique ? { unique } : {})
    for await (const chunk of chunksOf(source.find().sort({ $natural: 1 }).batchSize(5_000))) {
      const batches = toBatches(chunk)
      const began = performance.now()
      await Promise.all(
        Array.from({ length: writers }, async () => {
          for (let batch = batches.pop(); batch; batch = batches.pop()) {
            await target.bulkWrite(
              batch.map((document) => ({ insertOne: { document } })) as Parameters<typeof target.bulkWrite>[0],
              // As the sync writes: without waiting for the journal of a single server.
              { ordered: false, writeConcern: { w: 'majority' } },
            )
          }
        }),
      )
      seconds += (performance.now() - began) / 1_000
      documents += chunk.length
    }
    await target.drop()
  }
  return { seconds, documents }
}

function toBatches(rows: object[]): object[][] {
  const batches: object[][] = []
  for (let from = 0; from < rows.length; from += batchSize) batches.push(rows.slice(from, from + batchSize))
  return batches.reverse()
}

async function* chunksOf(rows: AsyncIterable<object>): AsyncGenerator<object[]> {
  let chunk: object[] = []
  for await (const row of rows) {
    chunk.push(row)
    if (chunk.length < chunkSize) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
