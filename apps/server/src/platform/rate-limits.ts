/** Calls allowed per minute; Retry-After says when it goes on. */
const defaultRateLimits = {
  /** One session, all calls. */
  session: 300,
  /** One address, all calls. A shop behind one address shares it: see RATE_LIMIT_SCALE. */
  ip: 600,
  /** Sign-ins coming back from WeCom, one address. */
  signIn: 10,
  /** Searches over all customers or people, one session. */
  search: 60,
  /** Files taken out, one session, per hour. */
  exports: 5,
  /** JS-SDK signatures, one session. */
  jsSignatures: 30,
}
export type RateLimits = typeof defaultRateLimits

export const scaleRateLimits = (factor: number): RateLimits => ({
  session: defaultRateLimits.session * factor,
  ip: defaultRateLimits.ip * factor,
  signIn: defaultRateLimits.signIn * factor,
  search: defaultRateLimits.search * factor,
  exports: defaultRateLimits.exports * factor,
  jsSignatures: defaultRateLimits.jsSignatures * factor,
})

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Beside the general limits: `signIn`, `jsSignatures` and `export` have their own; `search` where something was
     * typed, `q` in the query; `none` is not counted at all.
     */
    limit?: 'signIn' | 'jsSignatures' | 'export' | 'search' | 'none'
  }
}
