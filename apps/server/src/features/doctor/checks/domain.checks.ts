import { defineChecks, fail, ok, skip, warn } from '../check.ts'
import type { DoctorContext } from '../doctor.context.ts'
import { console, page, withToken } from './credentials.checks.ts'

const check = defineChecks<DoctorContext>()
const probeTimeoutMs = 5_000

/** Domains that belong to whoever hosts, or opens a tunnel: WeCom takes none of them. */
const providerDomains =
  /(^|\.)(ngrok(-free)?\.(io|app|dev)|trycloudflare\.com|workers\.dev|pages\.dev|vercel\.app|netlify\.app|herokuapp\.com|onrender\.com|railway\.app|fly\.dev|github\.io|azurewebsites\.net|tcloudbaseapp\.com|tcloudbase\.com|apigw\.tencentcs\.com|fcapp\.run|natappfree\.cc|natapp\d?\.cc|cpolar\.(cn|top|io)|loca\.lt|oray\.com|vicp\.(io|net|fun))$/i
const isLoopback = (hostname: string) => hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')

/** Whose the domain is, and whether WeCom knows it. */
export const domainChecks = [
  check(
    'verify-file',
    async ({ config, verifyFile, fetch }) => {
      if (!config) return skip('no-corp')
      if (!verifyFile) return warn('missing')
      const { name, content } = verifyFile
      const answer = await fetch(`${config.publicUrl}/${name}`, {
        redirect: 'manual',
        signal: AbortSignal.timeout(probeTimeoutMs),
      }).catch(() => null)
      if (!answer) return fail('not-found', { name, status: '—' })
      if (answer.status >= 300 && answer.status < 400)
        return fail('redirected', {
          name,
          to: URL.parse(answer.headers.get('location') ?? '', config.publicUrl)?.host ?? '—',
        })
      if (answer.status !== 200) return fail('not-found', { name, status: answer.status })
      const bytes = Buffer.from(await answer.arrayBuffer())
      const contentType = answer.headers.get('content-type') ?? '—'
      const isSame = bytes.equals(Buffer.from(content)) && !/html/i.test(contentType)
      return isSame ? ok('ok', { name }) : fail('other-content', { name, contentType, bytes: bytes.length })
    },
    { link: page(90506), after: ['public-url'] },
  ),

  check(
    'domain-owner',
    async ({ config, records }) => {
      if (!config) return skip('no-corp')
      const { hostname, host } = new URL(config.publicUrl)
      if (isLoopback(hostname)) return skip('local')
      if (providerDomains.test(hostname)) return fail('provider', { host })
      if (!records) return skip('no-database')
      const { ownDomain, verifiedCorp } = await records.answers()
      if (ownDomain === false) return fail('not-own')
      if (verifiedCorp === false) return fail('not-verified')
      return ownDomain && verifiedCorp ? ok('ok') : warn('not-said')
    },
    { link: console.corp },
  ),

  check(
    'trusted-domain',
    withToken(async (client, { config, memo }) => {
      const { host } = new URL(config?.publicUrl ?? '')
      const trusted = (memo.agent ?? (await client.agent.get())).trustedDomain
      if (!trusted) return fail('none', { host })
      return trusted === host ? ok('ok', { trusted }) : fail('differs', { trusted, host })
    }),
    { link: console.apps, after: ['agent'] },
  ),
]
