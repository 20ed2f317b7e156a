import type { PanelLanguage } from '@guidebar/contracts'

import type { GuidePrincipal } from '../../platform/access.ts'
import type { Clock, Corps } from '../../platform/deps.ts'
import type { Effects } from '../../platform/effects/effects.ts'
import { toNoticeText, type Notice } from './notice.messages.ts'

/** WeCom drops an equal message within this time, so a call whose end nobody knows may be made again. */
const dropDuplicatesForSec = 4 * 3_600

export type GuideNotices = ReturnType<typeof createGuideNotices>

type Deps = {
  effects: Effects
  corps: Corps
  languageOf(guide: GuidePrincipal): Promise<PanelLanguage>
  clock: Clock
}

/** Messages of the application to a guide, in the language the guide has chosen. */
export function createGuideNotices({ effects, corps, languageOf, clock }: Deps) {
  return {
    /**
     * Tells a guide something, once for each key. A refusal by WeCom is final: nobody will be told.
     * @throws WecomUnavailable, WecomError that passes, EffectPending: ask again with the same key
     */
    async notify({ corpId, userId }: GuidePrincipal, key: string, notice: Notice): Promise<void> {
      const corp = corps.get(corpId)
      if (!corp) return
      const content = toNoticeText(notice, clock.now(), await languageOf({ corpId, userId }))
      await effects.perform(`notice:${corpId}/${key}`, {
        ifUnknown: 'repeat',
        call: async (signal) => {
          const message = { kind: 'text' as const, content }
          const sent = await corp.wecom.message.send({ toUserIds: [userId], message, dropDuplicatesForSec }, { signal })
          return { messageId: sent.messageId ?? '' }
        },
      })
    },
  }
}
