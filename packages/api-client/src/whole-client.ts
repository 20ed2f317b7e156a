import { createAdminApi, createSidebarApi } from './api-client.ts'
import { createContentApi } from './content-api.ts'
import { ApiError } from './api-error.ts'
import { createCorpAdminApi } from './corp-admin-api.ts'
import { createCustomersApi } from './customers-api.ts'
import { createPanelAdminApi, createPanelApi } from './panel-api.ts'
import { createRequest, type Request, type RequestOptions } from './request.ts'
import { createSetUpAdminApi } from './set-up-api.ts'

export type ClientOptions = RequestOptions & {
  /**
   * Asked when an admin's call was refused that may go on after something has been done, such as signing in again.
   * @returns whether to make the call once more
   */
  onRefused?: (error: ApiError) => Promise<boolean>
}

/**
 * Typed calls of the server. Every failure is an `ApiError`; a call stopped by its own signal rejects as `fetch` does.
 * ETags are left to the browser's cache.
 */
export function createApiClient({ onRefused, ...options }: ClientOptions = {}) {
  const request = createRequest(options)
  const asAdmin = onRefused ? repeatWhen(request, onRefused) : request
  return {
    sidebar: { ...createSidebarApi(request), ...createPanelApi(request) },
    admin: {
      ...createAdminApi(asAdmin),
      ...createContentApi(asAdmin),
      ...createPanelAdminApi(asAdmin),
      ...createCorpAdminApi(asAdmin),
      ...createSetUpAdminApi(asAdmin),
      ...createCustomersApi(asAdmin),
    },
  }
}
export type ApiClient = ReturnType<typeof createApiClient>
export type AdminApi = ApiClient['admin']

const repeatWhen =
  (request: Request, onRefused: (error: ApiError) => Promise<boolean>): Request =>
  async <T>(path: string, call?: Parameters<Request>[1]) => {
    try {
      return await request<T>(path, call)
    } catch (error) {
      if (!(error instanceof ApiError) || !(await onRefused(error))) throw error
      return request<T>(path, call)
    }
  }
