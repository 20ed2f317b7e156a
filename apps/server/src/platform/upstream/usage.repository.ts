import { trusted, type Connection } from 'mongoose'

import type { MinuteFigures } from './usage-meter.ts'
import { apiUsageModel } from './usage.model.ts'

const keptMs = 26 * 3_600_000
/** Some thousand rows at most: 60 minutes of each process. */
const mostRows = 5_000

export type UsageRow = MinuteFigures & { _id: string }

export const usageId = (corpId: string, minute: Date, processId: string) =>
  `${corpId} ${minute.toISOString().slice(0, 16)} ${processId}`

export function createApiUsageRepository(db: Connection) {
  const usage = apiUsageModel(db)
  return {
    /** Writes a process's minutes down, each as a whole: once more does no harm. */
    async keep(corpId: string, processId: string, rows: MinuteFigures[]): Promise<void> {
      await usage.collection.bulkWrite(
        rows.map(({ minute, apis }) => ({
          replaceOne: {
            filter: { _id: usageId(corpId, minute, processId) as never },
            replacement: { corpId, minute, processId, apis, endsAt: new Date(minute.getTime() + keptMs) },
            upsert: true,
          },
        })),
        { ordered: false },
      )
    },

    listSince: (corpId: string, since: Date): Promise<UsageRow[]> =>
      usage
        .find({ corpId, minute: trusted({ $gte: since }) })
        .sort({ minute: -1 })
        .limit(mostRows)
        .lean<UsageRow[]>()
        .exec(),

    async sweep(now: Date): Promise<number> {
      return (await usage.deleteMany({ endsAt: trusted({ $lte: now }) }).exec()).deletedCount
    },
  }
}

export type ApiUsageRepository = ReturnType<typeof createApiUsageRepository>
