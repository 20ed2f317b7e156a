import { createHash, randomBytes } from 'node:crypto'

import { Schema, type Connection, type InferSchemaType } from 'mongoose'

import { apiKeyScopes, type ApiKeyPrincipal, type ApiKeyScope } from './access.ts'
import type { Clock } from './deps.ts'

const apiKeySchema = new Schema(
  {
    /** Short public name of the key, for lists and logs. */
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    /** SHA-256 of the key; the key itself is shown once and kept nowhere. */
    hash: { type: String, required: true },
    /** Whose key it is, in the admin's words. */
    name: { type: String, required: true },
    scopes: { type: [String], enum: apiKeyScopes, required: true },
    createdAt: { type: Date, required: true },
    revokedAt: { type: Date, default: null },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'apiKeys' },
)
// find: the key of a request.
apiKeySchema.index({ hash: 1 }, { unique: true })

type ApiKey = InferSchemaType<typeof apiKeySchema>
const hashOf = (key: string) => createHash('sha256').update(key).digest('hex')
const keyForm = /^gbk_[A-Za-z0-9_-]{43}$/

/** Keys of the firm's own systems. Read at every request, so a revoked key is dead at once. */
export function createApiKeyService({ db, clock }: { db: Connection; clock: Clock }) {
  const apiKeys = db.model('ApiKey', apiKeySchema)

  return {
    /** @returns the key, which is not shown again, and its public name */
    async create(input: {
      corpId: string
      name: string
      scopes: ApiKeyScope[]
    }): Promise<{ key: string; keyId: string }> {
      const key = `gbk_${randomBytes(32).toString('base64url')}`
      const keyId = randomBytes(6).toString('hex')
      await apiKeys.create({ _id: keyId, hash: hashOf(key), ...input, createdAt: clock.now(), revokedAt: null })
      return { key, keyId }
    },

    /** @param header the request's `Authorization` @returns null when there is no such living key */
    async find(header: string | undefined): Promise<ApiKeyPrincipal | null> {
      const key = /^Bearer (\S{1,100})$/i.exec(header ?? '')?.[1]
      if (!key || !keyForm.test(key)) return null
      const row = await apiKeys
        .findOne({ hash: hashOf(key), revokedAt: null })
        .lean<ApiKey>()
        .exec()
      return row && { corpId: row.corpId, keyId: row._id, scopes: row.scopes }
    },

    async revoke(keyId: string): Promise<boolean> {
      const { matchedCount } = await apiKeys.updateOne({ _id: keyId }, { $set: { revokedAt: clock.now() } }).exec()
      return matchedCount === 1
    },
  }
}

export type ApiKeyService = ReturnType<typeof createApiKeyService>
