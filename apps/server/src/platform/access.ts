import type { RightsAction, RightsSubject } from '@guidebar/contracts'
import type { FastifyInstance, RouteOptions } from 'fastify'

import type { MemberRights } from './rights/rights.service.ts'

/**
 * Who may call a route. Every route says so in `config.access`; one that does not stops the start.
 *
 * - `public`: anybody; the route gives away nothing and changes nothing, or checks a proof of its own (a signature, a code)
 * - `guide`: a guide's session; `request.guide` is set
 * - `admin`: an admin's session; `request.admin` is set, and has the right that the route names in `config.can`
 * - `key:SCOPE`: an API key with that scope; `request.apiKey` is set
 */
export type Access = 'public' | 'guide' | 'admin' | `key:${ApiKeyScope}`
export const apiKeyScopes = ['orders:write', 'customers:write', 'stock:write'] as const
export type ApiKeyScope = (typeof apiKeyScopes)[number]

/** One member of one corp. */
export type MemberKey = { corpId: string; userId: string }
/** A signed-in guide: the key of everything a guide may reach. */
export type GuidePrincipal = MemberKey
/** A signed-in admin: who, in which role, over whose data. `scope(principal)` makes filters of it. */
export type AdminPrincipal = MemberKey &
  MemberRights & {
    /** Who looks, when this is somebody else's panel; nothing can be changed then. */
    viewerUserId?: string
  }
/** The right a route asks for. */
export type NeededRight = { action: RightsAction; subject: RightsSubject }
export type ApiKeyPrincipal = { corpId: string; keyId: string; scopes: ApiKeyScope[] }

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** What an admin must be allowed to do; beside `access: 'admin'`, and only there. */
    can?: NeededRight
    /** Secrets, exports, deletions: the sign-in must be at most 15 minutes old. Beside `access: 'admin'`. */
    reauth?: boolean
    /** May be called while looking at somebody else's panel, although it changes something. */
    whileViewing?: boolean
    /** A POST that changes nothing: what it asks for does not fit into an address. */
    onlyLooks?: true
  }
  interface FastifyRequest {
    /** Set on routes with `access: 'guide'`, and only there. */
    guide: GuidePrincipal
    /** Set on routes with `access: 'admin'`, and only there. */
    admin: AdminPrincipal
    /** Set on routes with `access: 'key:…'`, and only there. */
    apiKey: ApiKeyPrincipal
  }
}

export type RouteRule = { method: string; url: string; access: Access; can?: NeededRight; reauth?: boolean }

/**
 * Collects every registered route and refuses one without a rule: deny by default begins at the start.
 * @returns a list that is complete when the app is ready
 */
export function requireAccessRules(app: FastifyInstance): RouteRule[] {
  const routes: RouteOptions[] = []
  const rules: RouteRule[] = []
  app.addHook('onRoute', (route) => {
    routes.push(route)
  })
  // Judged at the end, because a plugin's own hooks may still add the rule for routes of a library.
  app.addHook('onReady', async () => {
    for (const route of routes) {
      const { access, can, audit, reauth, onlyLooks } = route.config ?? {}
      const name = `Route ${String(route.method)} ${route.url}`
      if (!access) throw new Error(`${name} does not say who may call it`)
      if ((access === 'admin') !== (can !== undefined))
        throw new Error(
          `${name} ${can ? 'asks for an admin right without an admin' : 'does not say which right it takes'}`,
        )
      for (const method of [route.method].flat()) {
        if (access === 'admin' && !isSafe(method) && !audit && !onlyLooks)
          throw new Error(`${name} does not say what it is on record as`)
        rules.push({ method, url: route.url, access, ...(can && { can }), ...(reauth && { reauth }) })
      }
    }
  })
  return rules
}

/** Whether a method only looks. */
export const isSafe = (method: string) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
