import { createHash } from 'node:crypto'

import { mongo, trusted, type Connection } from 'mongoose'

import { isDuplicateKey } from '../duplicate-key.ts'
import { auditHeadModel, auditModel, type AuditHead, type AuditRow } from './audit.model.ts'

/** A row that has no place in the chain yet. */
export type AuditDraft = Omit<AuditRow, 'seq' | 'prevHash' | 'hash'>
type Waiting = { draft: AuditDraft; done: () => void; failed: (error: unknown) => void }

/** Before the first row. */
const beginning = { seq: 0, hash: '0'.repeat(64) }
const mostTries = 50
const batchSize = 200

/** The hash of a row: over the row before and everything that stands in this one. */
export function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const { prevHash, seq, _id, corpId, actorUserId, action, target, details, before, after, ip, requestId, at } = row
  const parts = [prevHash, seq, _id, corpId, actorUserId, action, target, toSorted(details), before, after, ip]
  return createHash('sha256')
    .update(JSON.stringify([...parts, requestId, at.toISOString()]))
    .digest('hex')
}

/** Names in order, at every depth: a database may give them back in another one. */
function toSorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [name, toSorted(inner)])
}

/**
 * Appends rows to one chain for each corp. Writers of this process take turns and go together; another process's row
 * at the same place makes the database refuse ours, which then goes behind it.
 */
export function createAuditChain(db: Connection) {
  const rows = auditModel(db)
  const heads = auditHeadModel(db)
  const queues = new Map<string, Waiting[]>()

  async function readEnd(corpId: string): Promise<{ seq: number; hash: string }> {
    const last = await rows.findOne({ corpId }, { seq: 1, hash: 1 }).sort({ seq: -1 }).lean<AuditRow>().exec()
    return last ?? beginning
  }

  /** @returns how many of the drafts, from the first on, stand in the chain now */
  async function tryAppend(corpId: string, drafts: AuditDraft[]): Promise<number> {
    let end = await readEnd(corpId)
    const linked = drafts.map((draft) => {
      const row = { ...draft, seq: end.seq + 1, prevHash: end.hash }
      end = { seq: row.seq, hash: hashOf(row) }
      return { ...row, hash: end.hash }
    })
    try {
      await rows.insertMany(linked, { ordered: true })
    } catch (error) {
      if (!isDuplicateKey(error)) throw error
      const written = error instanceof mongo.MongoBulkWriteError ? error.insertedCount : 0
      const last = linked[written - 1]
      if (last) await saveHead({ _id: corpId, seq: last.seq, hash: last.hash })
      return written
    }
    await saveHead({ _id: corpId, seq: end.seq, hash: end.hash })
    return drafts.length
  }

  async function saveHead({ _id, seq, hash }: AuditHead): Promise<void> {
    try {
      await heads.updateOne({ _id, seq: trusted({ $lt: seq }) }, { $set: { seq, hash } }, { upsert: true }).exec()
    } catch (error) {
      // Somebody was faster and is further.
      if (!isDuplicateKey(error)) throw error
    }
  }

  /** Drafts whose key is not in the chain yet; a key is told twice when somebody was not sure of the first time. */
  async function dropKnown(batch: Waiting[]): Promise<Waiting[]> {
    const ids = batch.map(({ draft }) => draft._id)
    const known = await rows
      .find({ _id: trusted({ $in: ids }) }, { _id: 1 })
      .lean<{ _id: string }[]>()
      .exec()
    const seen = new Set(known.map(({ _id }) => _id))
    return batch.filter(({ draft, done }) => {
      const isNew = !seen.has(draft._id)
      seen.add(draft._id)
      if (!isNew) done()
      return isNew
    })
  }

  async function appendBatch(corpId: string, batch: Waiting[]): Promise<void> {
    let left = batch
    for (let tries = 0; left.length > 0; tries++) {
      if (tries === mostTries) throw new Error('the audit chain found no place')
      left = await dropKnown(left)
      const written = await tryAppend(
        corpId,
        left.map(({ draft }) => draft),
      )
      for (const { done } of left.slice(0, written)) done()
      left = left.slice(written)
    }
  }

  async function work(corpId: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, batchSize)
      try {
        await appendBatch(corpId, batch)
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
      queue.splice(0, batch.length)
    }
    queues.delete(corpId)
  }

  return {
    /** On disk when this returns. */
    append: (draft: AuditDraft): Promise<void> =>
      new Promise((done, failed) => {
        const { corpId } = draft
        const waiting = { draft, done, failed }
        const queue = queues.get(corpId)
        if (queue) {
          queue.push(waiting)
          return
        }
        const started = [waiting]
        queues.set(corpId, started)
        void work(corpId, started)
      }),
  }
}
