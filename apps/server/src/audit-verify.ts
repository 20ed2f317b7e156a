import { openMongo } from '@guidebar/mongo'

import { createAuditReader } from './platform/audit/audit.reader.ts'

/**
 * Walks the audit log of every corp and says whether all of it is as it was written: one row changed, put in or taken
 * out is found. Needs only MONGODB_URI or DATA_DIR. Ends with 1 when something is not as it was.
 */
async function run(): Promise<boolean> {
  const { MONGODB_URI: uri, DATA_DIR: dataDir } = process.env
  if (!uri && !dataDir) throw new Error('Set MONGODB_URI or DATA_DIR: where the audit log is kept.')
  const mongo = await openMongo({ uri, dataDir })
  try {
    const reader = createAuditReader(mongo.connection)
    let isWhole = true
    for (const corpId of await reader.corps()) {
      const verdict = await reader.verify(corpId)
      isWhole &&= verdict.isWhole
      console.log(JSON.stringify({ corpId, ...verdict }))
    }
    console.log(isWhole ? 'The audit log is whole.' : 'The audit log was changed: see brokenAt.')
    return isWhole
  } finally {
    await mongo.close()
  }
}

try {
  process.exitCode = (await run()) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : 'the audit log could not be read')
  process.exitCode = 2
}
