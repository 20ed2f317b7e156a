import { createAdminApi, createSidebarApi } from './api-client.ts'
import { createPanelAdminApi, createPanelApi } from './panel-api.ts'
import { createRequest, type RequestOptions } from './request.ts'

/**
 * Typed calls of the server. Every failure is an `ApiError`; a call stopped by its own signal rejects as `fetch` does.
 * ETags are left to the browser's cache.
 */
export function createApiClient(options: RequestOptions = {}) {
  const request = createRequest(options)
  return {
    sidebar: { ...createSidebarApi(request), ...createPanelApi(request) },
    admin: { ...createAdminApi(request), ...createPanelAdminApi(request) },
  }
}
export type ApiClient = ReturnType<typeof createApiClient>
export type AdminApi = ApiClient['admin']
