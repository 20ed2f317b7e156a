import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

import { isSafe, type ApiKeyScope, type NeededRight } from './access.ts'
import type { ApiKeyService } from './api-keys.ts'
import { cookieNames } from './cookies.ts'
import type { Clock } from './deps.ts'
import { AppError } from './errors.ts'
import type { RateLimits } from './rate-limits.ts'
import { firstAdminUserId, installationId } from './rights/first-admin.rights.ts'
import type { RightsService } from './rights/rights.service.ts'
import type { Session } from './sessions/session.model.ts'
import type { SessionService } from './sessions/session.service.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The session behind `guide` or `admin`. */
    session: Session | null
  }
}

type Options = {
  sessions: SessionService
  rights: Pick<RightsService, 'find'>
  apiKeys: ApiKeyService
  /** The corp that is served, or what stands for it. */
  currentCorpId: () => string
  publicUrl: string
  rateLimits: RateLimits
  clock: Clock
}

/** Who may come in: limits by address, access rule, limits by session, same-site check; in this order, for every route. */
export const guard = fp(
  async (app: FastifyInstance, { sessions, rights, apiKeys, publicUrl, rateLimits, clock, currentCorpId }: Options) => {
    await app.register(cookie)
    await app.register(rateLimit, { global: false, timeWindow: '1 minute' })

    const limiter = (max: number, keyOf: (request: FastifyRequest) => string, timeWindow = '1 minute') => {
      const check = app.createRateLimit({ max, timeWindow, keyGenerator: keyOf })
      return async (request: FastifyRequest) => {
        const result = await check(request)
        if (!result.isAllowed && result.isExceeded)
          throw new AppError('RATE_LIMITED', 'too many requests', { retryAfterSec: Math.max(1, result.ttlInSeconds) })
      }
    }
    const limitIp = limiter(rateLimits.ip, (request) => request.ip)
    const limitSignIn = limiter(rateLimits.signIn, (request) => request.ip)
    const sessionKey = (request: FastifyRequest) => request.session?._id ?? request.ip
    const limitSession = limiter(rateLimits.session, sessionKey)
    const limitExports = limiter(rateLimits.exports, sessionKey, '1 hour')
    const limitSignatures = limiter(rateLimits.jsSignatures, sessionKey)
    const limitSearch = limiter(rateLimits.search, sessionKey)

    for (const name of ['guide', 'admin', 'apiKey'] as const) app.decorateRequest(name, null as never)
    app.decorateRequest('session', null)

    app.addHook('onRequest', async (request) => {
      const { access, limit, can, reauth } = request.routeOptions.config
      if (limit !== 'none') await limitIp(request)
      if (limit === 'signIn') await limitSignIn(request)
      // No route: the not-found handler answers.
      if (!access || access === 'public') return

      if (access.startsWith('key:')) return admitKey(request, access.slice('key:'.length) as ApiKeyScope)
      await admitSession(request, access as 'guide' | 'admin')
      await limitSession(request)
      if (limit === 'jsSignatures') await limitSignatures(request)
      if (limit === 'export') await limitExports(request)
      if (limit === 'search' && (request.query as { q?: string }).q) await limitSearch(request)
      if (!isSafe(request.method)) requireSameSite(request, publicUrl)
      if (can) requireRight(request, can)
      if (reauth) requireFreshSignIn(request, clock)
    })

    async function admitKey(request: FastifyRequest, scope: ApiKeyScope): Promise<void> {
      const key = await apiKeys.find(request.headers.authorization)
      if (!key) throw await refusal(request, 'key')
      if (!key.scopes.includes(scope)) throw new AppError('FORBIDDEN', `this API key lacks the scope ${scope}`)
      request.apiKey = key
    }

    async function admitSession(request: FastifyRequest, kind: 'guide' | 'admin'): Promise<void> {
      // The page's own word, which can only bring the end nearer.
      const attended = request.headers['x-unattended'] === undefined
      const session = await sessions.find(kind, request.cookies[cookieNames[kind]], { attended })
      if (!session) throw await refusal(request, 'session')
      request.session = session
      const { corpId, userId } = session
      if (kind === 'guide') {
        request.guide = { corpId, userId }
        return
      }
      const [found, viewed] = await Promise.all([
        rights.find({ corpId, userId }),
        session.viewAs ? rights.find({ corpId, userId: session.viewAs }) : null,
      ])
      if (!found) throw await refusal(request, 'session')
      // Whoever is looked at and loses his role is not looked at any more.
      if (!viewed) request.admin = { corpId: corpId === installationId ? currentCorpId() : corpId, userId, ...found }
      else {
        request.admin = { corpId, userId: session.viewAs, ...viewed, viewerUserId: userId }
        request.origin.actorUserId = userId
      }
    }

    /**
     * Whoever came with a proof of the wrong kind is forbidden, anybody else is asked to sign in. A guide's and an
     * admin's session stand beside each other in one browser, so having the one only means not having signed in for
     * the other.
     */
    async function refusal(request: FastifyRequest, needed: 'key' | 'session'): Promise<AppError> {
      const { cookies, headers } = request
      const isOfWrongKind =
        needed === 'session'
          ? await apiKeys.find(headers.authorization)
          : ((await sessions.find('guide', cookies[cookieNames.guide])) ??
            (await sessions.find('admin', cookies[cookieNames.admin])))
      return isOfWrongKind
        ? new AppError('FORBIDDEN', needed === 'key' ? 'this call takes an API key' : 'this call takes a session')
        : new AppError('UNAUTHENTICATED', needed === 'key' ? 'an API key is needed' : 'a session is needed')
    }
  },
  { name: 'guard' },
)

/** Looking through another's eyes changes nothing and takes nothing along. */
function requireRight({ admin, method, routeOptions }: FastifyRequest, { action, subject }: NeededRight): void {
  const { whileViewing = false } = routeOptions.config
  const takesAlong = action === 'export' || action === 'reveal'
  if (admin.viewerUserId && !whileViewing && (takesAlong || !isSafe(method)))
    throw new AppError('VIEW_ONLY', 'this is a look at another panel')
  if (!admin.ability.can(action, subject)) throw new AppError('FORBIDDEN', `this takes the right ${action}:${subject}`)
}

/** How old a sign-in may be for what must not be done at somebody's unlocked screen. */
export const freshSignInMs = 15 * 60_000

function requireFreshSignIn({ session }: FastifyRequest, clock: Clock): void {
  // Who came with the code has no other way to show who he is; that session opens no data.
  if (!session || session.userId === firstAdminUserId) return
  if (clock.now().getTime() - session.createdAt.getTime() > freshSignInMs)
    throw new AppError('REAUTH_REQUIRED', 'this takes a sign-in of the last 15 minutes')
}

/**
 * A browser sends our cookies along with other sites' requests in some cases; it says truly where they come from.
 * Only routes with a session need this: keys and signatures are not sent by a browser on its own.
 */
function requireSameSite({ headers }: FastifyRequest, publicUrl: string): void {
  const { origin } = headers
  const site = headers['sec-fetch-site']
  const isOurs = origin === undefined ? site === 'same-origin' : origin === publicUrl
  if (!isOurs || (site !== undefined && site !== 'same-origin'))
    throw new AppError('CROSS_SITE_REQUEST', 'changes are taken from our own pages only')
}
