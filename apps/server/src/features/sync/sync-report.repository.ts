import type { SyncReportState } from '@guidebar/contracts'
import { trusted, type Connection } from 'mongoose'

import { isDuplicateKey } from '../../platform/duplicate-key.ts'
import { guideReportModel, type GuideReport } from './sync-report.model.ts'

export type NewReport = Pick<
  GuideReport,
  'corpId' | 'userId' | 'cause' | 'stored' | 'listed' | 'missing' | 'mark' | 'sample' | 'errcode' | 'seenAt'
>

const idOf = ({ corpId, userId }: { corpId: string; userId: string }) => `${corpId}/${userId}`

export function createSyncReportRepository(db: Connection) {
  const reports = guideReportModel(db)

  return {
    find: (key: { corpId: string; userId: string }): Promise<GuideReport | null> =>
      reports.findById(idOf(key)).lean<GuideReport>().exec(),

    /** Asks an admin, unless the very same was rejected already. */
    async ask(report: NewReport): Promise<void> {
      const _id = idOf(report)
      const undecided = { state: 'open' as const, decidedAt: null, decidedBy: null, ended: null }
      try {
        await reports
          .updateOne(
            { _id, $or: [{ state: trusted({ $ne: 'rejected' }) }, { mark: trusted({ $ne: report.mark }) }] },
            { $set: { ...report, ...undecided } },
            { upsert: true },
          )
          .exec()
      } catch (error) {
        // The upsert found the same report rejected, and tried to make a second one.
        if (!isDuplicateKey(error)) throw error
      }
    },

    /** @returns null when there is no such report in one of these states */
    decide: (
      key: { corpId: string; userId: string },
      from: SyncReportState[],
      to: Partial<GuideReport>,
    ): Promise<GuideReport | null> =>
      reports
        .findOneAndUpdate({ _id: idOf(key), state: trusted({ $in: from }) }, { $set: to }, { returnDocument: 'after' })
        .lean<GuideReport>()
        .exec(),

    /** These guides' lists are whole again. */
    async clear(corpId: string, userIds: string[]): Promise<void> {
      const ids = userIds.map((userId) => idOf({ corpId, userId }))
      await reports.deleteMany({ _id: trusted({ $in: ids }), state: trusted({ $in: ['open', 'rejected'] }) }).exec()
    },

    countByState: (corpId: string, state: SyncReportState): Promise<number> =>
      reports.countDocuments({ corpId, state }).exec(),

    /** In the order of userid. @param after the last userid seen */
    listByState: (
      corpId: string,
      state: SyncReportState,
      { after, limit }: { after?: string; limit: number },
    ): Promise<GuideReport[]> =>
      reports
        .find({ corpId, state, ...(after !== undefined && { userId: trusted({ $gt: after }) }) })
        .sort({ userId: 1 })
        .limit(limit)
        .lean<GuideReport[]>()
        .exec(),
  }
}

export type SyncReportRepository = ReturnType<typeof createSyncReportRepository>
