import type { Clock, Corps } from '../../platform/deps.ts'
import type { SendLookups } from '../sends/send.lookups.ts'

type Visit = { method: string; headers: Record<string, string | string[] | undefined> }
type Deps = {
  corps: Corps
  sends: Pick<SendLookups, 'findLink'>
  profiles: { read(corpId: string, externalUserId: string): Promise<{ openTracking: boolean }> }
  markOpened(corpId: string, token: string, opening: { key: string; at: Date }): Promise<unknown>
  clock: Clock
}

/** Openings within a minute are one: people tap twice, and nothing about them is kept to tell them apart. */
const oneOpeningMs = 60_000
const machines = /bot|spider|crawl|slurp|preview|fetch|monitor|scan|curl|wget|python|java\/|go-http|headless/i

/** Where a sent page leads, and whether somebody has opened it. No cookie, no address and no browser is kept. */
export function createRedirectService({ corps, sends, profiles, markOpened, clock }: Deps) {
  return {
    /** @returns the page's address, or null when no link carries the token */
    async follow(token: string, visit: Visit): Promise<string | null> {
      for (const { corpId } of corps.all()) {
        const link = await sends.findLink(corpId, token)
        if (!link) continue
        if (isPerson(visit) && (await mayRecord(corpId, link.externalUserId))) {
          const at = clock.now()
          await markOpened(corpId, token, { key: `r/${Math.floor(at.getTime() / oneOpeningMs)}`, at })
        }
        return link.url
      }
      return null
    },
  }

  /** The customer may have changed his mind since the page was sent. */
  async function mayRecord(corpId: string, externalUserId: string | null): Promise<boolean> {
    return externalUserId === null || (await profiles.read(corpId, externalUserId)).openTracking
  }
}

export type RedirectService = ReturnType<typeof createRedirectService>

/** Chat programs, search engines and browsers look at a link before anybody opens it. */
function isPerson({ method, headers }: Visit): boolean {
  const saysPrefetch = ['purpose', 'sec-purpose', 'x-purpose', 'x-moz'].some((name) =>
    /prefetch|preview|prerender/i.test(String(headers[name] ?? '')),
  )
  const agent = String(headers['user-agent'] ?? '')
  return method === 'GET' && !saysPrefetch && agent !== '' && !machines.test(agent)
}
