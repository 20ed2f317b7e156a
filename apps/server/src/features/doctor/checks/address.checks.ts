import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { connect } from 'node:tls'

import { defineChecks, fail, ok, skip, warn } from '../check.ts'
import type { DoctorContext } from '../doctor.context.ts'
import { page } from './credentials.checks.ts'

const check = defineChecks<DoctorContext>()
const probeTimeoutMs = 5_000
const offsetLimitSec = 30
const soonDays = 14
const dayMs = 24 * 3_600_000

export const probePath = '/doctor-probe/'

/** The system's word for it, without addresses. */
const reasonOf = (error: unknown): string => {
  const { code, cause, name } = error as { code?: string; cause?: { code?: string }; name?: string }
  return code ?? cause?.code ?? name ?? 'unknown'
}

const isLoopback = (hostname: string) => hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')

/** Server settings, the database, and the way from outside to this server. */
export const addressChecks = [
  check('settings', async ({ config, wrongVariables, hasDataKey }) => {
    if (!config) return fail('wrong', { names: wrongVariables.join(', ') })
    if (!config.publicUrl.startsWith('https:')) return warn('not-https')
    // We speak http, so something in front turns it into https.
    if (!config.trustProxy) return warn('no-proxy')
    return hasDataKey ? ok('ok') : warn('no-key')
  }),

  check('mongodb', async ({ database }) => {
    if (database.status === 'ok') return ok('ok', { kind: database.kind })
    return database.status === 'in-use' ? ok('in-use') : fail('away', { reason: database.reason })
  }),

  check(
    'public-url',
    async ({ config, records, fetch, memo }) => {
      if (!config) return skip('no-corp')
      const { publicUrl } = config
      const word = randomBytes(16).toString('hex')
      await records?.expectProbe(word)
      let answer: Response
      try {
        answer = await fetch(`${publicUrl}${probePath}${word}`, {
          redirect: 'manual',
          signal: AbortSignal.timeout(probeTimeoutMs),
        })
      } catch (error) {
        memo.isRunning = false
        return fail('unreachable', { url: publicUrl, reason: reasonOf(error) })
      }
      if (answer.status >= 300 && answer.status < 400)
        return fail('redirected', { url: publicUrl, to: hostOf(answer.headers.get('location') ?? '', publicUrl) })
      const text = await answer.text()
      memo.isRunning = answer.ok && text === word
      if (!memo.isRunning)
        return fail('other-answer', {
          url: publicUrl,
          status: answer.status,
          contentType: answer.headers.get('content-type') ?? '—',
        })
      const seen = await records?.probeSeen(word)
      const { host, protocol } = new URL(publicUrl)
      if (seen && seen.host !== host) return warn('other-host', { seen: seen.host, expected: host })
      if (seen && `${seen.scheme}:` !== protocol) return warn('other-scheme', { seen: seen.scheme })
      return ok('ok', { url: publicUrl })
    },
    { link: page(91022) },
  ),

  check(
    'tls',
    async ({ config, now }) => {
      if (!config) return skip('no-corp')
      const { hostname, port, protocol } = new URL(config.publicUrl)
      if (protocol === 'http:') return skip('plain-http')
      const seen = await readCertificate(hostname, Number(port || 443))
      if ('reason' in seen) return fail('handshake', { reason: seen.reason })
      const days = Math.floor((seen.endsAt.getTime() - now().getTime()) / dayMs)
      if (days < 0) return fail('expired')
      if (seen.distrust && !isLoopback(hostname)) return fail('untrusted', { reason: seen.distrust })
      return days < soonDays ? warn('expires-soon', { days }) : ok('ok', { days, protocol: seen.protocol })
    },
    { link: 'https://developer.mozilla.org/zh-CN/docs/Web/Security/Transport_Layer_Security' },
  ),

  check(
    'clock',
    async ({ config, fetch, now }) => {
      if (!config) return skip('no-corp')
      const began = now().getTime()
      const answer = await fetch(`${config.wecom.apiUrl}/cgi-bin/getcallbackip`, {
        signal: AbortSignal.timeout(probeTimeoutMs),
      }).catch(() => null)
      const theirs = Date.parse(answer?.headers.get('date') ?? '')
      if (Number.isNaN(theirs)) return skip('unknown')
      // The header has whole seconds and was written somewhere between question and answer.
      const seconds = Math.round(((began + now().getTime()) / 2 - (theirs + 500)) / 1_000)
      return Math.abs(seconds) > offsetLimitSec ? fail('off', { seconds }) : ok('ok', { seconds: Math.abs(seconds) })
    },
    { link: page(90930) },
  ),
]

function hostOf(location: string, base: string): string {
  const url = URL.parse(location, base)
  return url ? `${url.protocol}//${url.host}` : '—'
}

type Certificate = { endsAt: Date; distrust: string | null; protocol: string }

/** Looks at a server's certificate, also at one that is not trusted. */
function readCertificate(host: string, port: number): Promise<Certificate | { reason: string }> {
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      // An address has no name to ask for.
      ...(isIP(host) === 0 && { servername: host }),
      ALPNProtocols: ['h2', 'http/1.1'],
      rejectUnauthorized: false,
    })
    const end = (result: Certificate | { reason: string }) => {
      socket.destroy()
      resolve(result)
    }
    socket.setTimeout(probeTimeoutMs, () => end({ reason: 'ETIMEDOUT' }))
    socket.once('error', (error) => end({ reason: reasonOf(error) }))
    socket.once('secureConnect', () => {
      const distrust = socket.authorized ? null : String(socket.authorizationError ?? 'untrusted')
      const protocol = [socket.getProtocol() ?? '', socket.alpnProtocol || 'http/1.1'].join(', ')
      end({ endsAt: new Date(socket.getPeerCertificate().valid_to), distrust, protocol })
    })
  })
}
