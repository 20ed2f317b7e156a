import type { SidebarApi } from '@guidebar/api-client'
import { queryOptions } from '@tanstack/vue-query'

export const cardsQuery = (api: SidebarApi) =>
  queryOptions({
    queryKey: ['cards'],
    queryFn: ({ signal }) => api.getCards({ signal }),
    // What leaves the shelf must be gone at once; an unchanged catalogue answers with 304.
    staleTime: 5_000,
  })
