import { ensureIndexes, openMongo } from '@guidebar/mongo'

import { createApiKeyService } from './platform/api-keys.ts'
import { loadConfig } from './platform/config.ts'
import { readDataKeys } from './platform/data-keys.ts'
import { systemClock } from './platform/deps.ts'
import { openCorps } from './open-corps.ts'

const [name, command] = process.argv.slice(2)

/** `node src/create-api-key.ts NAME` makes a key for the order intake; `node src/create-api-key.ts KEYID revoke` ends one. */
async function run(): Promise<void> {
  if (!name || name.length > 60)
    throw new Error('Say whose key it is: node apps/server/src/create-api-key.ts "online shop"')
  const config = loadConfig(process.env)
  const mongo = await openMongo({ uri: config.mongodbUri ?? undefined, dataDir: config.dataDir ?? undefined })
  try {
    const apiKeys = createApiKeyService({ db: mongo.connection, clock: systemClock })
    await ensureIndexes(mongo.connection)
    if (command === 'revoke') {
      console.log((await apiKeys.revoke(name)) ? `Key ${name} is revoked.` : `There is no key ${name}.`)
      return
    }
    const { corps } = await openCorps({
      db: mongo.connection,
      config,
      clock: systemClock,
      dataKeys: readDataKeys(config),
    })
    const corpId = corps.default?.corpId
    await corps.close()
    if (!corpId) throw new Error('No corp is set up yet: open the admin panel and follow the set-up.')
    const { key, keyId } = await apiKeys.create({ corpId, name, scopes: ['orders:write'] })
    console.log(`Key ${keyId} (orders:write), shown only now:\n${key}`)
  } finally {
    await mongo.close()
  }
}

try {
  await run()
} catch (error) {
  console.error(error instanceof Error ? error.message : 'no key was made')
  process.exitCode = 1
}
