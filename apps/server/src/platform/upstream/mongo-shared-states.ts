import { setTimeout as sleep } from 'node:timers/promises'
import type { Change, SharedStates } from '@guidebar/wecom'
import { mongo, type Connection } from 'mongoose'

import { sharedStateModel } from './shared-state.model.ts'

type Row = { _id: string; version: number; state: unknown; touchedAt: Date }

const mostTries = 12
const unusedMs = 7 * 24 * 3_600_000
const options = { maxTimeMS: 800 }
// A budget lost with a dying database is harmless, and waiting for its disk with every booking is not.
const light = { ...options, writeConcern: { w: 1, journal: false } } as const

/**
 * Shares small states between processes: read with the database's clock, compute, write if nobody was faster. Writers
 * are few, since each of them books for many calls at once.
 */
export function createMongoSharedStates(db: Connection): SharedStates {
  const rows = sharedStateModel(db).collection as unknown as mongo.Collection<Row>

  async function read(_id: string): Promise<(Row & { now: Date }) | null> {
    const [row] = await rows
      .aggregate<Row & { now: Date }>([{ $match: { _id } }, { $addFields: { now: '$$NOW' } }], options)
      .toArray()
    return row ?? null
  }

  async function create(_id: string): Promise<void> {
    await rows.insertOne({ _id, version: 0, state: null, touchedAt: new Date() }, light).catch((error: unknown) => {
      if (!(error instanceof mongo.MongoServerError) || error.code !== 11_000) throw error
    })
  }

  return {
    async update<S, A>(key: string, change: Change<S, A>) {
      for (let turn = 0; turn < mostTries; turn++) {
        const row = await read(key)
        if (!row) {
          await create(key)
          continue
        }
        const { state, answer } = change(row.state as S | null, row.now.getTime(), 1)
        if (state === row.state) return answer
        const { matchedCount } = await rows.updateOne(
          { _id: key, version: row.version },
          { $set: { state, touchedAt: new Date() }, $inc: { version: 1 } },
          light,
        )
        if (matchedCount === 1) return answer
        await sleep(Math.random() * 2 ** Math.min(turn, 5))
      }
      throw new Error(`too many writers of ${key}`)
    },
  }
}

/** A refused secret is remembered until it is changed; how calls of an API stood a week ago is of no use. */
export async function sweepSharedStates(db: Connection): Promise<void> {
  const before = new Date(Date.now() - unusedMs)
  await sharedStateModel(db).collection.deleteMany({ _id: /^api:/ as never, touchedAt: { $lt: before } })
}
