import type { PanelApi } from '@guidebar/api-client/panel'
import { queryOptions } from '@tanstack/vue-query'

export const knowledgeQuery = (panel: PanelApi) =>
  queryOptions({
    queryKey: ['knowledge'],
    queryFn: ({ signal }) => panel.getKnowledge({ signal }),
    staleTime: 60_000,
  })
