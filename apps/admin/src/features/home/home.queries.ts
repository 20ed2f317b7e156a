import { queryOptions } from '@tanstack/vue-query'

import { api } from '../../platform/api.ts'

const running = new Set(['directory', 'followers', 'relations', 'tags'])

/** The home page's figures; asked for every second while a sync is under way, else twice a minute. */
export const homeQuery = queryOptions({
  queryKey: ['home'],
  queryFn: ({ signal }) => api.getHome({ signal }),
  refetchInterval: ({ state }) => (running.has(state.data?.sync.phase ?? '') ? 1_000 : 30_000),
})
