import { randomUUID } from 'node:crypto'

import type { Connection } from 'mongoose'

import type { Clock } from '../../platform/deps.ts'
import { auditModel, type AuditAction } from './audit.model.ts'

export type AuditEntry = {
  /** The same key is one row, however often it is told; a new row each time when it is missing. */
  key?: string
  action: AuditAction
  target: string
  details?: Record<string, string | number | boolean | string[]>
}

/** The append-only record of what somebody may have to answer for. */
export function createAuditService({ db, clock }: { db: Connection; clock: Clock }) {
  const rows = auditModel(db)
  return {
    /** On disk when this returns, so callers write it before what it is about. */
    async note({ corpId, userId }: { corpId: string; userId: string }, entry: AuditEntry): Promise<void> {
      const { key = randomUUID(), action, target, details = {} } = entry
      const _id = `${corpId}/${userId}/${action}/${key}`
      const row = { corpId, actorUserId: userId, action, target, details, at: clock.now() }
      await rows.updateOne({ _id }, { $setOnInsert: row }, { upsert: true })
    },
  }
}

export type AuditService = ReturnType<typeof createAuditService>
