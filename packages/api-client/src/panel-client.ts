import { createPanelApi } from './panel-api.ts'
import { createRequest, type RequestOptions } from './request.ts'

/** The calls that no first view needs, for a bundle that fetches them with the screens that do. */
export const createPanelClient = (options: RequestOptions = {}) => createPanelApi(createRequest(options))
export type PanelApi = ReturnType<typeof createPanelClient>
