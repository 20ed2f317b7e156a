import type { FastifyInstance } from 'fastify'

import { contentSettingRoutes } from './features/content/content-setting.routes.ts'
import { contentRoutes } from './features/content/content.routes.ts'
import { mediaAdminRoutes } from './features/media/media-admin.routes.ts'
import { replyImportRoutes } from './features/reply-imports/reply-import.routes.ts'
import type { Services } from './services.ts'

/** Where admins write what guides send. */
export async function registerDeskRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const adminApi = { prefix: '/api/admin' }
  const { desk, replyImports, media, audit } = services
  await app.register(contentRoutes, { ...adminApi, desk })
  await app.register(contentSettingRoutes, { ...adminApi, desk })
  await app.register(mediaAdminRoutes, { ...adminApi, media, audit })
  await app.register(replyImportRoutes, { ...adminApi, imports: replyImports })
}
