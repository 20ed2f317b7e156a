import { connectMongo } from '@guidebar/mongo'

type Db = Awaited<ReturnType<typeof connectMongo>>
type Place = {
  _id: number
  /** The process that has it. */
  pid: number | null
  freedAt: Date | null
}
/** What a world that has ended still had on its way must not meet the next one. */
const restMs = 5_000

/**
 * An empty database for one world. Building half a hundred collections with their indexes takes longer than most tests
 * do: worlds that follow each other have the same database, emptied in between; those at the same time have others.
 */
export async function openTestDatabase(mongoUri: string) {
  const place = await takePlace(mongoUri)
  const db = await connectMongo(mongoUri, `world-${place}`)
  const collections = (await db.db?.collections()) ?? []
  await Promise.all(collections.map((collection) => collection.deleteMany({})))
  async function end(): Promise<void> {
    await placesOf(db).updateOne({ _id: place }, { $set: { pid: null, freedAt: new Date() } })
    await db.close()
  }
  return { db, end }
}

const placesOf = (db: Db) => db.getClient().db('worlds').collection<Place>('places')

/** The first that nobody has, or that a process had which is no more. */
async function takePlace(mongoUri: string): Promise<number> {
  const db = await connectMongo(mongoUri, 'worlds')
  const places = placesOf(db)
  try {
    for (let place = 1; ; place += 1) {
      const known = await places.findOne({ _id: place })
      if (known && (isAlive(known.pid) || isResting(known))) continue
      const free = { _id: place, pid: known?.pid ?? null }
      const taken = await places
        .updateOne(free, { $set: { pid: process.pid, freedAt: null } }, { upsert: !known })
        .catch(isLost)
      if (taken && taken.modifiedCount + taken.upsertedCount > 0) return place
    }
  } finally {
    await db.close()
  }
}

/** Another process was faster. */
function isLost(error: { code?: unknown }): null {
  if (error.code === 11_000) return null
  throw error
}

const isResting = ({ freedAt }: Place) => freedAt !== null && Date.now() - freedAt.getTime() < restMs

function isAlive(pid: number | null): boolean {
  try {
    return pid !== null && process.kill(pid, 0)
  } catch {
    return false
  }
}
