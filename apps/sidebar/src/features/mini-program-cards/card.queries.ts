import type { SidebarApi } from '@guidebar/api-client'
import { queryOptions } from '@tanstack/vue-query'

export const cardsQuery = (api: SidebarApi) =>
  queryOptions({
    queryKey: ['cards'],
    queryFn: ({ signal }) => api.getCards({ signal }),
    staleTime: 60_000,
  })
