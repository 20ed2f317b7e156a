import type { PanelApi } from '@guidebar/api-client/panel'
import { queryOptions } from '@tanstack/vue-query'

export const tagCareQuery = (api: PanelApi, externalUserId: string) =>
  queryOptions({
    queryKey: ['tag-care', externalUserId],
    queryFn: ({ signal }) => api.getTagCare(externalUserId, { signal }),
    staleTime: 60_000,
  })
