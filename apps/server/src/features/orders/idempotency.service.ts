import { createHash, randomUUID } from 'node:crypto'

import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { IdempotencyRow } from './idempotency.model.ts'
import type { IdempotencyRepository } from './idempotency.repository.ts'

const keptMs = 24 * 3_600_000
/** Longer than any request lives; then its process is taken for dead. */
const leaseMs = 30_000

export type IdempotencyService = ReturnType<typeof createIdempotencyService>
type Answer = { status: number; body: unknown }
type Request = { corpId: string; operation: string; key: string; body: unknown }

/**
 * Same key and same body within 24 hours: the same answer. What runs under it must itself be safe to run again: when a
 * process dies in the middle, the next request with that key does the work once more.
 */
export function createIdempotencyService({ keys, clock }: { keys: IdempotencyRepository; clock: Clock }) {
  function toRow({ corpId, operation, key, body }: Request): IdempotencyRow {
    const now = clock.now()
    return {
      _id: `${corpId}/${operation}/${key}`,
      bodyHash: createHash('sha256').update(JSON.stringify(body)).digest('base64url'),
      holder: randomUUID(),
      leaseUntil: new Date(now.getTime() + leaseMs),
      answer: null,
      createdAt: now,
    }
  }

  /** @returns the answer given before, or null when the work is now ours to do */
  async function claim(row: IdempotencyRow): Promise<Answer | null> {
    if (await keys.insertOnce(row)) return null
    const seen = await keys.find(row._id)
    const now = row.createdAt.getTime()
    if (seen && now - seen.createdAt.getTime() < keptMs) {
      if (seen.bodyHash !== row.bodyHash)
        throw new AppError('IDEMPOTENCY_MISMATCH', 'this Idempotency-Key came with another body before')
      if (seen.answer) return seen.answer
      if (seen.leaseUntil.getTime() > now) throw inProgress()
    }
    // Outdated, or its process died: take over, unless another one does just now.
    const isOurs = seen ? await keys.replace(seen, row) : await keys.insertOnce(row)
    if (!isOurs) throw inProgress()
    return null
  }

  return {
    /**
     * Runs the work unless its answer is known.
     * @throws AppError IDEMPOTENCY_MISMATCH, IDEMPOTENCY_IN_PROGRESS; and what the work throws, which is not kept
     */
    async run(request: Request, work: () => Promise<Answer>): Promise<Answer> {
      const row = toRow(request)
      const known = await claim(row)
      if (known) return known
      try {
        const answer = await work()
        await keys.finish(row._id, row.holder, answer)
        return answer
      } catch (error) {
        await keys.release(row._id, row.holder)
        throw error
      }
    },

    /** Forgets keys older than a day. @returns how many */
    sweep: () => keys.removeOld(new Date(clock.now().getTime() - keptMs)),
  }
}

const inProgress = () =>
  new AppError('IDEMPOTENCY_IN_PROGRESS', 'a request with this Idempotency-Key is running', { retryAfterSec: 1 })
