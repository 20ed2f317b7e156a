import type { Writable } from 'node:stream'

import type { FastifyInstance } from 'fastify'

import { adminHomeRoutes } from './features/admin-home/admin-home.routes.ts'
import { auditLogRoutes } from './features/audit/audit-log.routes.ts'
import { peopleRoutes } from './features/people/people.routes.ts'
import { viewAsRoutes } from './features/people/view-as.routes.ts'
import { settingsRoutes } from './features/settings/settings.routes.ts'
import { adminPageRoutes } from './features/admin-page/admin-page.routes.ts'
import { callbackAdminRoutes } from './features/callbacks/callback-admin.routes.ts'
import { callbackRoutes } from './features/callbacks/callback.routes.ts'
import type { CorpSettingsService } from './features/corp-settings/corp-settings.service.ts'
import { clientReportRoutes, doctorProbeRoutes, doctorRoutes } from './features/doctor/doctor.routes.ts'
import { mediaRoutes } from './features/media/media.routes.ts'
import { cardRoutes } from './features/mini-program-cards/card.routes.ts'
import { orderRoutes } from './features/orders/order.routes.ts'
import { quickReplyRoutes } from './features/quick-replies/quick-reply.routes.ts'
import { relationRoutes } from './features/relations/relation.routes.ts'
import { sendRoutes } from './features/sends/send.routes.ts'
import { setUpRoutes } from './features/set-up/set-up.routes.ts'
import { sidebarContextRoutes } from './features/sidebar-context/sidebar-context.routes.ts'
import { sidebarPageRoutes } from './features/sidebar-page/sidebar-page.routes.ts'
import { createSignInRedirect } from './features/sign-in/sign-in.redirect.ts'
import { firstAdminRoutes } from './features/sign-in/first-admin.routes.ts'
import { signInRoutes } from './features/sign-in/sign-in.routes.ts'
import { syncRoutes } from './features/sync/sync.routes.ts'
import { tagRoutes } from './features/tags/tag.routes.ts'
import { requireAccessRules, type RouteRule } from './platform/access.ts'
import { auditTrail } from './platform/audit/audit-trail.ts'
import type { BuiltApp } from './platform/built-app.ts'
import { createFastify } from './platform/create-fastify.ts'
import type { PlatformDeps } from './platform/deps.ts'
import { errorHandler } from './platform/error-handler.ts'
import { guard } from './platform/guard.ts'
import { healthRoutes } from './platform/health.ts'
import { metricsRoutes } from './platform/metrics/metrics.routes.ts'
import { scaleRateLimits, type RateLimits } from './platform/rate-limits.ts'
import { openApi, referencePage } from './platform/reference.ts'
import { startSweeper } from './platform/sweeper.ts'
import { requestPurpose } from './platform/upstream/call-purpose.ts'
import { jobRoutes } from './platform/jobs/job.routes.ts'
import { installationId } from './platform/rights/first-admin.rights.ts'
import { upstreamRoutes } from './platform/upstream/upstream.routes.ts'
import { verifyFileRoute } from './platform/verify-file.ts'
import { registerCustomerRoutes } from './customer-routes.ts'
import { registerDeskRoutes } from './desk-routes.ts'
import { registerPanelRoutes } from './panel-routes.ts'
import { createServices, type Services } from './services.ts'

export type AppDeps = Omit<PlatformDeps, 'log'> & {
  /** The built front ends; null where one is not built. */
  built: { sidebar: BuiltApp | null; admin: BuiltApp | null }
  rateLimits?: RateLimits
  /** Those of the environment alone unless given. */
  corpSettings?: CorpSettingsService
  /** Where the log goes; standard output unless given. */
  logStream?: Writable
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The features' services, for the program around the app: seeding, background work, tests. */
    services: Services
    /** Every route with its access rule; complete when the app is ready. */
    routeRules: RouteRule[]
  }
}

/** The whole service, ready to listen: platform first, then the features by name. */
export async function buildApp({
  db,
  corps,
  corpSettings,
  config,
  clock,
  built,
  rateLimits,
  logStream,
}: AppDeps): Promise<FastifyInstance> {
  const app = await createFastify({ config, logStream })
  const rules = requireAccessRules(app)
  const services = createServices({ db, corps, corpSettings, config, clock, log: app.log })
  const { sessions, apiKeys, signIn, jsSignatures, guides, tags, relations, sync, callbacks, contexts, adminHome } =
    services
  const { media, cards, quickReplies, sends, orders, idempotency } = services
  app.decorate('services', services)
  app.decorate('routeRules', rules)

  await app.register(errorHandler, { rules })
  await app.register(requestPurpose)
  await app.register(auditTrail, { audit: services.audit })
  await app.register(guard, {
    sessions,
    rights: services.rights,
    apiKeys,
    currentCorpId: () => corps.default?.corpId ?? installationId,
    publicUrl: config.publicUrl,
    clock,
    rateLimits: rateLimits ?? scaleRateLimits(config.rateLimitScale),
  })
  await app.register(openApi)
  await app.register(metricsRoutes, { metrics: services.metrics, opsToken: config.opsToken })
  await app.register(healthRoutes, { db, corps, opsToken: config.opsToken })
  await app.register(verifyFileRoute, { verifyFile: services.corpSettings.verifyFile })
  if (config.apiReference) await app.register(referencePage)

  const redirect = createSignInRedirect(signIn)
  await app.register(signInRoutes, { signIn, redirect, sessions })
  await app.register(firstAdminRoutes, {
    prefix: '/admin/auth',
    firstAdmin: services.firstAdmin,
    sessions,
    audit: services.audit,
    corps,
  })
  await app.register(doctorProbeRoutes, { doctor: services.doctor })
  await app.register(sidebarPageRoutes, {
    built: built.sidebar,
    corps,
    config,
    settings: services.settings,
    sessions,
    guides,
    signIn: redirect,
    jsSignatures,
  })
  await app.register(adminPageRoutes, { built: built.admin })
  await app.register(mediaRoutes, { media })

  const sidebarApi = { prefix: '/api/sidebar' }
  await app.register(sidebarContextRoutes, { ...sidebarApi, contexts })
  await app.register(relationRoutes, { ...sidebarApi, relations })
  await app.register(tagRoutes, { ...sidebarApi, tags })
  await app.register(quickReplyRoutes, { ...sidebarApi, quickReplies })
  await app.register(cardRoutes, { ...sidebarApi, cards, stock: services.panel.stock })
  await app.register(sendRoutes, { ...sidebarApi, sends })
  await app.register(clientReportRoutes, { ...sidebarApi, doctor: services.doctor })

  const adminApi = { prefix: '/api/admin' }
  await app.register(adminHomeRoutes, { ...adminApi, adminHome })
  await app.register(jobRoutes, {
    ...adminApi,
    jobs: services.jobs,
    ownCorpId: () => corps.default?.corpId ?? installationId,
  })
  await app.register(doctorRoutes, { ...adminApi, doctor: services.doctor })
  const { setUp, audit } = services
  await app.register(setUpRoutes, { ...adminApi, setUp, corpSettings: services.corpSettings, audit })
  await app.register(upstreamRoutes, { ...adminApi, upstream: services.upstream })
  await app.register(syncRoutes, { ...adminApi, sync, corps })
  await app.register(peopleRoutes, { ...adminApi, people: services.people })
  await app.register(viewAsRoutes, { ...adminApi, rights: services.rights, sessions, audit: services.audit })
  await app.register(auditLogRoutes, { ...adminApi, auditLog: services.auditLog })
  await app.register(settingsRoutes, { ...adminApi, settings: services.settings })
  await app.register(callbackAdminRoutes, { ...adminApi, callbackAdmin: services.callbackAdmin })

  await registerDeskRoutes(app, services)
  await app.register(orderRoutes, { prefix: '/open/v1', orders, idempotency })
  await registerPanelRoutes(app, services)
  await registerCustomerRoutes(app, services)
  await app.register(callbackRoutes, { callbacks })

  startSweeper(app, [
    () => sessions.sweep(),
    () => services.idempotency.sweep(),
    () => signIn.sweep(),
    () => callbacks.sweep(),
    () => services.jobs.sweep(),
    () => services.effects.sweep(),
    () => services.welcomes.sweep(),
    () => services.addresses.sweep(clock.now()),
    () => services.upstream.sweep(),
    () => services.ofCustomers.exports.sweep(),
    () => services.doctor.sweep(),
  ])
  await app.ready()
  return app
}
