import type { PanelApi } from '@guidebar/api-client/panel'
import { queryOptions } from '@tanstack/vue-query'

export const articlesQuery = (panel: PanelApi) =>
  queryOptions({
    queryKey: ['articles'],
    queryFn: ({ signal }) => panel.getArticles({ signal }),
    staleTime: 60_000,
  })
