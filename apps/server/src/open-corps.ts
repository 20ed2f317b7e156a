import type { Connection } from 'mongoose'

import { createCorpSettingsService } from './features/corp-settings/corp-settings.service.ts'
import type { Config } from './platform/config.ts'
import { createCorpRegistry } from './platform/corp-registry.ts'
import { createCorp } from './platform/corps.ts'
import type { Clock } from './platform/deps.ts'
import { createMongoTokenStore } from './platform/mongo-token-store.ts'
import { createSecretBox } from './platform/secret-box.ts'
import { createUpstreamShare } from './platform/upstream/upstream-share.ts'

/** The corp of this installation with its settings, from the environment and from the database. */
export async function openCorps(input: { db: Connection; config: Config; clock: Clock; dataKeys: readonly string[] }) {
  const { db, config, clock, dataKeys } = input
  const share = createUpstreamShare(db)
  const corps = createCorpRegistry((wecom, before) => {
    // Without a key of its own, what is short-lived is sealed by what only this installation knows.
    const [first = wecom.secret, ...older] = dataKeys
    return createCorp(wecom, {
      tokenStore: createMongoTokenStore(db, createSecretBox(first, ...older)),
      clock,
      share,
      before,
    })
  })
  const corpSettings = createCorpSettingsService({ db, config, dataKeys, clock, apply: corps.apply })
  await corpSettings.load()
  await corpSettings.reseal()
  return { corps, corpSettings }
}
