import { openMongo } from '@guidebar/mongo'

import { createCallbackAddressRepository } from '../features/callbacks/callback-address.repository.ts'
import type { Config } from '../platform/config.ts'

const openMs = 60_000

/**
 * Opens the check of the callback address while `look` runs. Otherwise it is closed once WeCom has proven itself, and
 * before that a question of ours would be taken for WeCom's proof.
 * @throws MongoUnavailable, also when the database is an engine that a running server holds
 */
export async function withOpenCallbackCheck<T>(
  { mongodbUri, dataDir, wecom: { corpId } }: Config,
  now: () => Date,
  look: () => Promise<T>,
): Promise<T> {
  const mongo = await openMongo({ uri: mongodbUri ?? undefined, dataDir: dataDir ?? undefined })
  try {
    const addresses = createCallbackAddressRepository(mongo.connection)
    const armedBefore = (await addresses.find(corpId))?.armedUntil ?? new Date(0)
    await addresses.arm(corpId, new Date(Math.max(now().getTime() + openMs, armedBefore.getTime())))
    try {
      return await look()
    } finally {
      await addresses.arm(corpId, armedBefore)
    }
  } finally {
    await mongo.close()
  }
}
