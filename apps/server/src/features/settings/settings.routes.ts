import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { PanelSettings, ErrorBody } from '@guidebar/contracts'

import type { SettingsService } from './settings.service.ts'

/** Under `/api/admin`. */
export const settingsRoutes: FastifyPluginAsyncTypebox<{ settings: SettingsService }> = async (app, { settings }) => {
  const response = { 200: PanelSettings, '4xx': ErrorBody }

  app.get(
    '/settings',
    {
      config: { access: 'admin', can: { action: 'read', subject: 'settings' } },
      schema: { operationId: 'getSettings', response },
    },
    async ({ admin }) => settings.read(admin.corpId),
  )

  app.put(
    '/settings',
    {
      config: { access: 'admin', can: { action: 'write', subject: 'settings' }, audit: 'settings.saved' },
      schema: { operationId: 'saveSettings', body: PanelSettings, response },
    },
    async ({ admin, body }) => settings.save(admin, body),
  )
}
