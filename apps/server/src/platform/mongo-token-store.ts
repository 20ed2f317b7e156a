import type { TokenStore } from '@guidebar/wecom'
import { Schema, trusted, type Connection } from 'mongoose'

import { upsertTwice } from './duplicate-key.ts'
import type { SecretBox } from './secret-box.ts'

const tokenSchema = new Schema(
  {
    /** The token's name, e.g. `access-token:CORP:AGENT`. */
    _id: { type: String, required: true },
    /** Grows with each lease; a write with an older one comes too late. */
    fence: { type: Number },
    leaseHolder: { type: String },
    leaseEndsAt: { type: Date },
    sealed: { type: String },
    digest: { type: String },
    lifetimeMs: { type: Number },
    diesAt: { type: Date },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'wecomTokens' },
)

const wecomTokenModel = (db: Connection) => db.model('WecomToken', tokenSchema)

const longAgo = new Date(0)

/**
 * Shares tokens and tickets between processes, so that all of them together make one fetch. Every moment is the
 * database's (`$$NOW`): no two clocks have to agree. What lies in the database is sealed.
 */
export function createMongoTokenStore(db: Connection, box: SecretBox): TokenStore {
  const tokens = wecomTokenModel(db)

  async function takeLease(key: string, holder: string, leaseMs: number): Promise<{ fence: number } | null> {
    const isFree = {
      $or: [
        { $lte: [{ $ifNull: ['$leaseEndsAt', longAgo] }, '$$NOW'] },
        { $eq: ['$leaseHolder', { $literal: holder }] },
      ],
    }
    const ifFree = (then: unknown, otherwise: string) => ({ $cond: [isFree, then, otherwise] })
    // One stage: every expression sees the document as it was before.
    const lease = {
      fence: ifFree({ $add: [{ $ifNull: ['$fence', 0] }, 1] }, '$fence'),
      leaseEndsAt: ifFree({ $add: ['$$NOW', leaseMs] }, '$leaseEndsAt'),
      leaseHolder: ifFree({ $literal: holder }, '$leaseHolder'),
    }
    const taken = await tokens.collection.findOneAndUpdate({ _id: key as never }, [{ $set: lease }], {
      upsert: true,
      returnDocument: 'after',
      projection: { fence: 1, leaseHolder: 1 },
    })
    return taken?.['leaseHolder'] === holder ? { fence: taken['fence'] as number } : null
  }

  return {
    async read(key) {
      const [row] = await tokens
        .aggregate<{ sealed?: string; lifetimeMs: number; expiresInMs: number }>([
          { $match: { _id: key } },
          { $project: { sealed: 1, lifetimeMs: 1, expiresInMs: { $subtract: ['$diesAt', '$$NOW'] } } },
        ])
        .exec()
      const value = row?.sealed ? box.open(row.sealed, key) : null
      return row && value !== null ? { value, expiresInMs: row.expiresInMs, lifetimeMs: row.lifetimeMs } : null
    },

    tryLease: (key, holder, leaseMs) => upsertTwice(() => takeLease(key, holder, leaseMs)),

    async write(key, fence, { value, expiresInMs, lifetimeMs }) {
      const token = {
        sealed: { $literal: box.seal(value, key) },
        digest: { $literal: box.digest(value) },
        lifetimeMs,
        diesAt: { $add: ['$$NOW', expiresInMs] },
        leaseEndsAt: longAgo,
      }
      const written = await tokens.collection.updateOne({ _id: key as never, fence }, [{ $set: token }])
      return written.matchedCount === 1
    },

    async release(key, fence) {
      await tokens.collection.updateOne({ _id: key as never, fence }, { $set: { leaseEndsAt: longAgo } })
    },

    async invalidate(key, value) {
      await tokens
        .updateOne(
          { _id: key, digest: trusted({ $in: box.digests(value) }) },
          { $unset: { sealed: 1, digest: 1, diesAt: 1, lifetimeMs: 1 } },
        )
        .exec()
    },
  }
}

export type TokenFacts = { ageMs: number; leftMs: number; refreshes: number; holder: string }

/** How a kept token stands, without the token. @returns null when none was ever kept */
export async function readTokenFacts(db: Connection, key: string): Promise<TokenFacts | null> {
  const [row] = await wecomTokenModel(db)
    .aggregate<{ fence: number; leaseHolder?: string; lifetimeMs?: number; leftMs: number }>([
      { $match: { _id: key } },
      { $project: { fence: 1, leaseHolder: 1, lifetimeMs: 1, leftMs: { $subtract: ['$diesAt', '$$NOW'] } } },
    ])
    .exec()
  if (!row?.lifetimeMs) return null
  const { fence, leaseHolder = '', lifetimeMs, leftMs } = row
  return { ageMs: lifetimeMs - leftMs, leftMs, refreshes: fence, holder: leaseHolder.slice(0, 8) }
}
