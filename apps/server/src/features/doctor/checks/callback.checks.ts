import { randomBytes, randomInt } from 'node:crypto'

import { createCallbackCrypto } from '@guidebar/wecom'

import { defineChecks, fail, ok, skip, warn } from '../check.ts'
import type { DoctorContext } from '../doctor.context.ts'
import { page } from './credentials.checks.ts'

const check = defineChecks<DoctorContext>()
const probeTimeoutMs = 6_000
const slowMs = 1_000
const lateSec = 60
const recentMs = 24 * 3_600_000

/** WeCom's way to us. */
export const callbackChecks = [
  check(
    'callback-settings',
    async ({ wecom, callbackHalf }) => {
      if (callbackHalf) return fail('half-set')
      if (!wecom) return skip('no-corp')
      return wecom.callback ? ok('ok') : warn('missing')
    },
    { link: page(90930), after: ['corp-settings'] },
  ),

  check(
    'callback-loop',
    async ({ config, wecom, records, fetch, memo }) => {
      if (!config || !wecom) return skip('no-corp')
      const { callback, corpId } = wecom
      if (!callback) return skip('no-callback')
      // Unannounced, our question would be taken for WeCom's proof.
      if (!records) return skip('no-database')
      if (memo.isRunning === false && !(await opens(`${config.publicUrl}/livez`, fetch))) return skip('not-running')

      // The same question that WeCom asks when the address is saved.
      const crypto = createCallbackCrypto({ token: callback.token, encodingAesKey: callback.aesKey, receiveId: corpId })
      const word = String(randomInt(1e9, 1e10))
      const timestamp = String(Math.floor(Date.now() / 1_000))
      const { signature, nonce, encrypt } = crypto.seal(word, { timestamp, nonce: randomBytes(16).toString('hex') })
      await records.expectProbe(nonce)
      const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce, echostr: encrypt })
      const began = performance.now()
      const answer = await fetch(`${config.publicUrl}/wecom/callback/${corpId}?${query.toString()}`, {
        redirect: 'manual',
        signal: AbortSignal.timeout(probeTimeoutMs),
      }).catch(() => null)
      if (!answer) return skip('not-running')
      if (answer.status !== 200) return fail('status', { status: answer.status })
      const text = await answer.text()
      const ms = Math.round(performance.now() - began)
      if (text !== word) return fail('wrapped')
      return ms > slowMs ? warn('slow', { ms }) : ok('ok', { ms })
    },
    { link: page(90930), after: ['callback-settings', 'public-url'] },
  ),

  check(
    'callback-arrival',
    async ({ wecom, records, now }) => {
      if (!wecom) return skip('no-corp')
      if (!wecom.callback) return skip('no-callback')
      if (!records) return skip('no-database')
      const { verifiedAt, lastEventAt, oldestWaitingSec, dead, lastAttempt } = await records.callbacks()
      const isNews = lastAttempt && (!lastEventAt || lastAttempt.at > lastEventAt)
      if (isNews && lastAttempt.verdict !== 'ok' && now().getTime() - lastAttempt.at.getTime() < recentMs) {
        const finding = verdicts[lastAttempt.verdict]
        if (finding) return fail(finding)
      }
      if (dead > 0) return warn('dead', { count: dead })
      if (oldestWaitingSec !== null && oldestWaitingSec > lateSec) return warn('late', { seconds: oldestWaitingSec })
      if (lastEventAt) return ok('ok', { at: toText(lastEventAt) })
      return verifiedAt ? warn('verified-only', { at: toText(verifiedAt) }) : warn('none')
    },
    { link: page(90930), after: ['callback-settings'] },
  ),
]

const verdicts: Record<string, 'bad-signature' | 'bad-key' | 'other-receiver' | 'bad-time'> = {
  signature: 'bad-signature',
  padding: 'bad-key',
  length: 'bad-key',
  encoding: 'bad-key',
  'receive-id': 'other-receiver',
  timestamp: 'bad-time',
}

/** By the corp's clock, to the minute. */
export const toText = (moment: Date): string =>
  new Date(moment.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')

const opens = (url: string, fetch: typeof globalThis.fetch) =>
  fetch(url, { signal: AbortSignal.timeout(probeTimeoutMs) }).then(
    ({ ok: isOk }) => isOk,
    () => false,
  )
