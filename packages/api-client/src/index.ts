export { ApiError, type ApiErrorCode } from './api-error.ts'
export {
  createApiClient,
  createSidebarClient,
  type AdminApi,
  type ApiClient,
  type SidebarApi,
  type Target,
} from './api-client.ts'
export type { PageOptions } from './panel-api.ts'
export type { CallOptions, RequestOptions } from './request.ts'
