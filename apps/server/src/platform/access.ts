import type { FastifyInstance, RouteOptions } from 'fastify'

/**
 * Who may call a route. Every route says so in `config.access`; one that does not stops the start.
 *
 * - `public`: anybody; the route gives away nothing and changes nothing, or checks a proof of its own (a signature, a code)
 * - `guide`: a guide's session; `request.guide` is set
 * - `admin`: an admin's session; `request.admin` is set
 * - `key:SCOPE`: an API key with that scope; `request.apiKey` is set
 */
export type Access = 'public' | 'guide' | 'admin' | `key:${ApiKeyScope}`
export const apiKeyScopes = ['orders:write', 'customers:write', 'stock:write'] as const
export type ApiKeyScope = (typeof apiKeyScopes)[number]

/** A signed-in guide: the key of everything a guide may reach. */
export type GuidePrincipal = { corpId: string; userId: string }
export type AdminPrincipal = { corpId: string; userId: string }
export type ApiKeyPrincipal = { corpId: string; keyId: string; scopes: ApiKeyScope[] }

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
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

export type RouteRule = { method: string; url: string; access: Access }

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
      const access = route.config?.access
      if (!access) throw new Error(`Route ${String(route.method)} ${route.url} does not say who may call it`)
      for (const method of [route.method].flat()) rules.push({ method, url: route.url, access })
    }
  })
  return rules
}
