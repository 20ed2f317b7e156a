import { randomBytes } from 'node:crypto'

import type { JsSignatures } from '@guidebar/contracts'
import { jsSignature } from '@guidebar/wecom'

import type { Clock, Corp } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { toAppError } from '../../platform/wecom-errors.ts'

type Deps = { publicUrl: string; clock: Clock }

/** Signs pages of ours for the JS-SDK. The tickets stay on this side. */
export function createJsSignatureService({ publicUrl, clock }: Deps) {
  /** Compared as text and as parsed: look-alikes pass one of the two at most. */
  function requireOurs(url: string): string {
    const bare = url.split('#', 1)[0] ?? ''
    const parsed = URL.parse(bare)
    const isOurs =
      bare.startsWith(`${publicUrl}/`) &&
      /^[\x21-\x7e]+$/.test(bare) &&
      !bare.includes('\\') &&
      parsed?.origin === publicUrl
    if (!isOurs || parsed.username || parsed.password)
      throw new AppError('URL_NOT_OURS', 'only pages of this server are signed', { at: '/body/url' })
    return bare
  }

  return {
    /**
     * @param url the page as the browser shows it, query included; what follows `#` is cut
     * @throws AppError URL_NOT_OURS, WECOM_UNAVAILABLE, WECOM_BUSY, WECOM_NOT_SET_UP
     * @see https://developer.work.weixin.qq.com/document/path/90506
     */
    async sign(corp: Corp, url: string): Promise<JsSignatures> {
      const ours = requireOurs(url)
      const [corpTicket, agentTicket] = await Promise.all([
        corp.wecom.tickets.corp(),
        corp.wecom.tickets.agent(),
      ]).catch((error: unknown) => {
        throw toAppError(error)
      })
      const timestamp = Math.floor(clock.now().getTime() / 1_000)
      const signWith = (ticket: string) => {
        const nonceStr = randomBytes(8).toString('hex')
        return { timestamp, nonceStr, signature: jsSignature({ ticket, url: ours, nonce: nonceStr, timestamp }) }
      }
      return { url: ours, corp: signWith(corpTicket), agent: signWith(agentTicket) }
    },
  }
}

export type JsSignatureService = ReturnType<typeof createJsSignatureService>
