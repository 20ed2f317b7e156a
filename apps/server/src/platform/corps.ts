import { createCallbackCrypto, createWecomClient, type CallReport, type Quota, type TokenStore } from '@guidebar/wecom'

import type { WecomConfig } from './config.ts'
import type { Clock, Corp } from './deps.ts'
import { callDefaults } from './upstream/call-purpose.ts'
import { createCorpUpstream } from './upstream/corp-upstream.ts'
import type { UpstreamShare } from './upstream/upstream-share.ts'
import { createWecomHealth, type WecomHealth } from './wecom-health.ts'

export type CorpDeps = {
  tokenStore: TokenStore
  clock: Clock
  /** What server processes share when they call WeCom; without it this one limits itself alone. */
  share?: UpstreamShare
  /** What WeCom grants for an API, if not what is published. */
  quotaOf?: (path: string) => Quota
  /** The same corp with its former settings: what its calls have shown still holds. */
  before?: Corp | null
}

export function createCorp(wecom: WecomConfig, { tokenStore, clock, share, quotaOf, before }: CorpDeps): Corp {
  const { corpId, agentId, secret, callback } = wecom
  const health = before?.health ?? createWecomHealth(clock)
  const upstream = before?.upstream ?? createCorpUpstream({ corpId, clock, share, quotaOf })
  return {
    corpId,
    agentId,
    health,
    upstream,
    wecom: createWecomClient({
      corpId,
      agentId: Number(agentId),
      secret,
      tokenStore,
      baseUrl: wecom.apiUrl,
      states: upstream.share.states,
      limiter: upstream.limiter,
      callDefaults,
      hooks: {
        afterCall(report) {
          noteCall(health, report)
          upstream.afterCall(report)
        },
      },
    }),
    callback:
      callback && createCallbackCrypto({ token: callback.token, encodingAesKey: callback.aesKey, receiveId: corpId }),
  }
}

function noteCall(health: WecomHealth, { outcome, reason }: CallReport): void {
  if (outcome === 'ok' || outcome === 'refused') health.answered()
  // Whoever gave up himself says nothing about WeCom.
  else if (reason !== 'aborted') health.failed()
}
