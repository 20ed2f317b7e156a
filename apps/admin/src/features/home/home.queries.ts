import { queryOptions } from '@tanstack/vue-query'

import { api } from '../../platform/api.ts'
import { isRunning } from '../sync/sync.queries.ts'

/** The home page in one call; asked for every second while a sync is under way, else twice a minute. */
export const homeQuery = (lang: string) =>
  queryOptions({
    queryKey: ['home', lang],
    queryFn: ({ signal }) => api.getHome({ lang }, { signal }),
    refetchInterval: ({ state }) => (isRunning(state.data?.connection?.sync.phase) ? 1_000 : 30_000),
  })
