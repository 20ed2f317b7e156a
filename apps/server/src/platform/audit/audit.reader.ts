import type { AuditVerdict } from '@guidebar/contracts'
import { type Connection, trusted } from 'mongoose'

import { hashOf } from './audit.chain.ts'
import { auditHeadModel, auditModel, type AuditHead, type AuditRow } from './audit.model.ts'

export type AuditConditions = {
  actor?: string
  /** `feature.verb`, or all of a feature: `feature.` */
  action?: string
  target?: string
  from?: Date
  to?: Date
}

const patienceMs = 5_000
const verifyBatch = 1_000

/** What is on record, and whether all of it still is. */
export function createAuditReader(db: Connection) {
  const rows = auditModel(db)
  const heads = auditHeadModel(db)

  /** The newest first. @param before the place of the last row seen */
  async function list(
    corpId: string,
    { actor, action, target, from, to }: AuditConditions,
    { before, limit }: { before?: number; limit: number },
  ): Promise<AuditRow[]> {
    const conditions: Record<string, unknown> = { corpId }
    if (before !== undefined) conditions['seq'] = trusted({ $lt: before })
    if (actor) conditions['actorUserId'] = actor
    if (target) conditions['target'] = target
    // A feature's name ends with a point, so all its actions lie between that and the next character.
    if (action) conditions['action'] = action.endsWith('.') ? trusted({ $gte: action, $lt: `${action}~` }) : action
    if (from || to) conditions['at'] = trusted({ ...(from && { $gte: from }), ...(to && { $lt: to }) })
    return rows.find(conditions).sort({ seq: -1 }).limit(limit).maxTimeMS(patienceMs).lean<AuditRow[]>().exec()
  }

  return {
    list,

    /** Everything that fits, newest first, piece by piece. */
    async *all(corpId: string, conditions: AuditConditions): AsyncGenerator<AuditRow> {
      let before: number | undefined
      for (;;) {
        const page = await list(corpId, conditions, { before, limit: 500 })
        yield* page
        before = page.at(-1)?.seq
        if (page.length < 500) return
      }
    },

    /** Walks a corp's chain from its first row: one that was changed, put in or taken out is found. */
    async verify(corpId: string): Promise<AuditVerdict> {
      const head = await heads.findById(corpId).lean<AuditHead>().exec()
      let seq = 0
      let headHash = '0'.repeat(64)
      const broken = (brokenAt: number) => ({ rows: seq, isWhole: false, brokenAt, headHash })
      for (;;) {
        const batch = await rows
          .find({ corpId, seq: trusted({ $gt: seq }) })
          .sort({ seq: 1 })
          .limit(verifyBatch)
          .lean<AuditRow[]>()
          .exec()
        for (const { hash, ...row } of batch) {
          if (row.seq !== seq + 1 || row.prevHash !== headHash || hashOf(row) !== hash) return broken(seq + 1)
          if (row.seq === head?.seq && hash !== head.hash) return broken(row.seq)
          seq = row.seq
          headHash = hash
        }
        if (batch.length < verifyBatch) break
      }
      // The end was kept beside the chain: what is missing there was cut off.
      if (head && head.seq > seq) return broken(seq + 1)
      return { rows: seq, isWhole: true, brokenAt: null, headHash }
    },

    /** Every corp that has a chain. */
    corps: (): Promise<string[]> => rows.distinct('corpId').exec(),
  }
}

export type AuditReader = ReturnType<typeof createAuditReader>
