import { randomUUID } from 'node:crypto'

import type { Connection } from 'mongoose'

import type { MemberKey } from '../access.ts'
import type { Clock } from '../deps.ts'
import { createAuditChain } from './audit.chain.ts'
import type { AuditAction } from './audit.model.ts'
import { currentOrigin } from './request-origin.ts'

export type AuditEntry = {
  /** The same key is one row, however often it is told; a new row each time when it is missing. */
  key?: string
  action: AuditAction
  target: string
  details?: Record<string, string | number | boolean | string[]>
  /** What stood there before and after: no secrets, no personal data of customers. */
  before?: unknown
  after?: unknown
}

/** The append-only record of what somebody may have to answer for. */
export function createAuditService({ db, clock }: { db: Connection; clock: Clock }) {
  const chain = createAuditChain(db)
  return {
    /** On disk when this returns, so callers write it before what it is about. Knows by itself which request it is for. */
    async note({ corpId, userId }: MemberKey, entry: AuditEntry): Promise<void> {
      const { key = randomUUID(), action, target, details = {}, before, after } = entry
      const origin = currentOrigin()
      const actorUserId = origin?.actorUserId ?? userId
      await chain.append({
        _id: `${corpId}/${userId}/${action}/${key}`,
        corpId,
        actorUserId,
        action,
        target,
        details: actorUserId === userId ? details : { ...details, viewedAs: userId },
        before: toText(before),
        after: toText(after),
        ip: origin?.ip ?? '',
        requestId: origin?.requestId ?? '',
        at: clock.now(),
      })
      if (origin) origin.isNoted = true
    },
  }
}

export type AuditService = ReturnType<typeof createAuditService>

const toText = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value))
